"""The arguments of ``./setup/bench``, readable without Odoo."""

import argparse
import sys

NAMES = (
    "posting",
    "payments",
    "history",
    "portal",
    "portal_load",
    "conflicts",
    "tiers",
    "log",
    "statements",
    "distribution",
    "assets",
    "learning",
    "certificates",
)


def parse(arguments):
    """Return the parsed arguments; wrong ones and ``--help`` end the program.

    :param list arguments: words of the command line
    """
    parser = argparse.ArgumentParser(
        prog="bench", description="Measure our addons beside plain Odoo."
    )
    parser.add_argument(
        "benches",
        nargs="*",
        metavar="BENCH",
        help=f"one of {', '.join(NAMES)}; default all",
    )
    parser.add_argument(
        "--template",
        metavar="DB",
        help="copy this database (Odoo's modules, none of ours) instead of installing",
    )
    parser.add_argument(
        "--oca",
        metavar="DIR",
        help="folder with OCA's account_commission_oca instead of downloading it",
    )
    options = parser.parse_args(arguments)
    for name in options.benches:
        if name not in NAMES:
            parser.error(f"no benchmark {name}: choose from {', '.join(NAMES)}")
    return options


if __name__ == "__main__":
    parse(sys.argv[1:])
