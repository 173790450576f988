"""The independent validator of Open Badges the tests ask."""

from .console import SetupError, say
from .python_env import PythonEnv

VALIDATOR_VARIABLE = "PARTNER_CHANNEL_BADGE_VALIDATOR"


class BadgeValidator:
    """``openbadgeslib`` from PyPI, in an environment of its own.

    :param Paths paths: state folder
    """

    def __init__(self, paths):
        self.env = PythonEnv(paths, "badges", ["badges.txt"])
        self.env.title = "A validator of badges from PyPI"

    def prepare(self, workspace):
        """Install it; without a network its tests are skipped."""
        if self.env.is_ready():
            workspace.skip_step()
            return
        try:
            with workspace.step(self.env.title) as current:
                self.env.build(current)
        except SetupError as error:
            say(f"setup: {error}; the tests against it are skipped")

    def environment(self):
        """Return the variable that tells the tests where it is."""
        if not self.env.is_ready():
            return {}
        return {VALIDATOR_VARIABLE: str(self.env.python)}
