"""The command line of ``./setup/screenshots``."""

import argparse
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"


def parse(arguments=None):
    """Return the options of the command."""
    parser = argparse.ArgumentParser(
        prog="./setup/screenshots",
        description="Take the README's pictures from a running ./setup/demo.",
    )
    parser.add_argument("--url", default="http://localhost:8069", help="of the demo")
    parser.add_argument("--database", default="partner_channel_demo")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("names", nargs="*", help="pages to take, default all")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    parse()
