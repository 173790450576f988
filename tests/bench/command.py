"""The command ``./setup/bench``, run inside ``odoo shell`` without a database."""

import time

from ..console import say
from . import conflicts, databases, log, portal, posting, statements, tiers
from .options import parse

BENCHES = {
    "posting": posting,
    "portal": portal,
    "conflicts": conflicts,
    "tiers": tiers,
    "log": log,
    "statements": statements,
}


def main(_env, arguments):
    """Build the databases, run the benchmarks, print their tables.

    :param list arguments: words of the command line, see ``options``
    :return: 0 if every goal is met, else 1
    """
    options = parse(arguments)
    start = time.monotonic()
    say("Building two databases, one without our addons and one with them")
    missed = []
    with databases.prepared(options.template):
        say(f"Built in {time.monotonic() - start:.0f} s")
        for name in options.benches or BENCHES:
            start = time.monotonic()
            say(f"\nRunning {name}")
            if not BENCHES[name].run(say):
                missed.append(name)
            say(f"{name} took {time.monotonic() - start:.0f} s")
    say(f"\nGoals missed: {', '.join(missed) or 'none'}.")
    return 1 if missed else 0
