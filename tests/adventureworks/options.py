"""The arguments of ``./setup/load-adventureworks``, readable without Odoo."""

import argparse
import sys


def parse(arguments):
    """Return the parsed arguments; wrong ones and ``--help`` end the program.

    :param list arguments: words of the command line, without the database
    """
    parser = argparse.ArgumentParser(
        prog="load-adventureworks [-d DB]",
        description="Load AdventureWorks' reseller sales as posted customer invoices "
        "and compare the figures with those worked out outside Odoo.",
    )
    parser.add_argument(
        "--year", type=int, choices=range(2010, 2014), help="only this calendar year"
    )
    parser.add_argument(
        "--resellers", type=int, metavar="N", help="only the first N of 701 resellers"
    )
    parser.add_argument(
        "--bands",
        action="store_true",
        help="a new program pays by three marginal bands of each reseller's year "
        "instead of 5 %%",
    )
    parser.add_argument(
        "--check", action="store_true", help="load nothing, only compare the figures"
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    parse(sys.argv[1:])
