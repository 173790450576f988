"""What commands say."""

import sys


def say(line):
    """Write a line at once, also into a pipe.

    :param str line: without its end
    """
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
