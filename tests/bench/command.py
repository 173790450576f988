"""The command ``./setup/bench``, run inside ``odoo shell`` without a database."""

import time

from ..console import say
from . import (
    assets,
    certificates,
    conflicts,
    databases,
    distribution,
    history,
    learning,
    log,
    payments,
    portal,
    portal_load,
    posting,
    statements,
    tiers,
)
from .options import parse

BENCHES = {
    "posting": posting,
    "payments": payments,
    "history": history,
    "portal": portal,
    "portal_load": portal_load,
    "conflicts": conflicts,
    "tiers": tiers,
    "log": log,
    "statements": statements,
    "distribution": distribution,
    "assets": assets,
    "learning": learning,
    "certificates": certificates,
}
WITH_OCA = {"posting", "payments", "statements"}


def main(_env, arguments):
    """Build the databases, run the benchmarks, print their tables.

    :param list arguments: words of the command line, see ``options``
    :return: 0 if every goal is met, else 1
    """
    options = parse(arguments)
    start = time.monotonic()
    names = options.benches or list(BENCHES)
    say("Building the databases: without our addons, with them, with OCA's")
    missed = []
    with_oca = not WITH_OCA.isdisjoint(names)
    with databases.prepared(options.template, options.oca, with_oca):
        say(f"Built in {time.monotonic() - start:.0f} s")
        for name in names:
            start = time.monotonic()
            say(f"\nRunning {name}")
            if not BENCHES[name].run(say):
                missed.append(name)
            say(f"{name} took {time.monotonic() - start:.0f} s")
    say(f"\nGoals missed: {', '.join(missed) or 'none'}.")
    return 1 if missed else 0
