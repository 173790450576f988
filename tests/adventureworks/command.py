"""The command ``./setup/load-adventureworks``, run inside ``odoo shell``."""

import time

from ..console import say
from .check import check
from .load import Loader
from .options import parse


def main(env, arguments):
    """Load, commit and print the check table.

    :param env: environment of the superuser
    :param list arguments: words of the command line, see ``options``
    :return: 0 if all figures agree, else 1
    """
    options = parse(arguments)
    start = time.monotonic()
    if not options.check:
        loader = Loader(
            env,
            options.year,
            options.resellers,
            options.bands,
            commit=env.cr.commit,
            report=say,
        )
        loader.load()
        say(f"Loaded in {time.monotonic() - start:.0f} s")
    rows = check(env, options.year, options.resellers)
    env.cr.commit()
    width = max(len(row.name) for row in rows)
    for row in rows:
        mark = "ok " if row.agrees else "NOT"
        line = f"{mark} {row.name:<{width}}  {_show(row.found)}"
        say(line if row.agrees else f"{line}, expected {_show(row.expected)}")
    return 0 if all(row.agrees for row in rows) else 1


def _show(value):
    if isinstance(value, tuple):
        return " / ".join(map(str, value))
    return f"{value:,}"
