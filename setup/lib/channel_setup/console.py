"""What the user sees: numbered steps with their progress, and one-line errors."""

import sys
import time
from contextlib import contextmanager

# Without a terminal a progress line is printed at most this often (seconds).
PLAIN_INTERVAL = 10


class SetupError(Exception):
    """Something the user can mend; its text is one line: what, and what to do."""


def say(text):
    """Print one line at once, also into a pipe."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


class Step:
    """One numbered step on the screen.

    :param str label: number and title, e.g. ``[2/6] Fetching Odoo 19``
    """

    def __init__(self, label):
        self.label = label
        self.started = time.monotonic()
        self._shown = 0.0
        self._live = sys.stdout.isatty()

    def progress(self, done, total=None, unit=""):
        """Show how far the step is.

        :param int done: units done
        :param int total: units in all; None when it is not known
        :param str unit: name of the unit, e.g. ``MB``
        """
        now = time.monotonic()
        if now - self._shown < (0.2 if self._live else PLAIN_INTERVAL):
            return
        self._shown = now
        amount = f"{done} of {total}" if total else f"{done}"
        text = f"{self.label}: {amount} {unit}".rstrip()
        if self._live:
            sys.stdout.write(f"\r\033[K{text}")
            sys.stdout.flush()
        else:
            say(text)

    def finish(self):
        """Replace the progress by the time the step took."""
        if self._live:
            sys.stdout.write("\r\033[K")
        say(f"{self.label}: done in {time.monotonic() - self.started:.0f} s")

    def abandon(self):
        """Leave the progress line as it is; an error follows on its own line."""
        if self._live:
            sys.stdout.write("\n")
            sys.stdout.flush()


@contextmanager
def step(number, total, title):
    """Announce a step, give it to the block, and close it.

    :param int number: position of the step
    :param int total: number of steps in this command
    :param str title: what is done, in words of the user
    """
    current = Step(f"[{number}/{total}] {title}")
    say(f"{current.label} …")
    current._shown = time.monotonic()
    try:
        yield current
    except BaseException:
        current.abandon()
        raise
    current.finish()
