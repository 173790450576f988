"""Two real learning record stores the tests run against."""

import os

from .console import SetupError, say
from .node_env import NodeEnv
from .python_env import PythonEnv

RALPH_VARIABLE = "PARTNER_CHANNEL_RALPH"
LOCKER_VARIABLE = "PARTNER_CHANNEL_LEARNING_LOCKER"
_SCRIPT = ("@learninglocker", "xapi-statements", "dist", "server.js")


class RecordStores:
    """Ralph from PyPI and Learning Locker's statements service from npm.

    :param Paths paths: state folder
    """

    def __init__(self, paths):
        self.ralph = PythonEnv(paths, "ralph", ["ralph.txt"])
        self.ralph.title = "A record store from PyPI"
        self.locker = NodeEnv(paths, "record-stores", "stores")
        self.locker.title = "A record store from npm"

    def prepare(self, workspace):
        """Install both; without a network their tests are skipped."""
        for part in (self.ralph, self.locker):
            if part.is_ready():
                workspace.skip_step()
                continue
            try:
                with workspace.step(part.title) as current:
                    part.build(current)
            except SetupError as error:
                say(f"setup: {error}; the tests against it are skipped")

    def environment(self):
        """Return the variables that tell the tests where the stores are."""
        found = {}
        if self.ralph.is_ready():
            found[RALPH_VARIABLE] = str(self.ralph.python)
        if self.locker.is_ready():
            found[LOCKER_VARIABLE] = os.pathsep.join(self.locker.command(*_SCRIPT))
        return found
