"""Entry of the commands in setup/; started by front.sh with a suitable Python."""

import sys

from channel_setup.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
