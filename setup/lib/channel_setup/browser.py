"""The programs Odoo calls: a browser for the tests, wkhtmltopdf for documents."""

import os
import shlex
import shutil

from .console import SetupError, say
from .system import can_install_system_packages, install_system_packages

# In the order Odoo looks for them.
BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
# This feature crashes the tab when a tour moves between frames (the website's
# preview and editor); older browsers ignore the name.
SWITCH = "--disable-blink-features=ClearCrossOriginRelatedTarget"
FONTS = ("fonts-dejavu-core", "fonts-liberation")


class Programs:
    """What has to be installed on the machine itself.

    :param Paths paths: state folder
    :param bool with_browser: whether the tests' browser is needed
    """

    title = "System programs"
    space_mb = 0

    def __init__(self, paths, with_browser):
        self.paths = paths
        self.with_browser = with_browser

    def _list_missing(self):
        missing = [] if shutil.which("wkhtmltopdf") else ["wkhtmltopdf"]
        if self.with_browser and not self.find_browser():
            missing.append("chromium")
        return missing

    def is_ready(self):
        """Whether nothing is missing, or nothing that we could or must add."""
        missing = self._list_missing()
        if not missing or can_install_system_packages():
            return not missing
        return not self.with_browser

    def install(self, step):
        """Install what is missing, as root; otherwise say what to install."""
        missing = self._list_missing()
        if not can_install_system_packages():
            raise SetupError(
                f"The tests need {' and '.join(missing)}; install with: sudo apt-get "
                f"install --no-install-recommends {' '.join(missing)}"
            )
        log = self.paths.log("system-packages")
        install_system_packages([*missing, *FONTS], log, step)

    def note_missing(self):
        """Tell what will not work in the demo."""
        if not shutil.which("wkhtmltopdf"):
            say("setup: wkhtmltopdf is not installed, so documents print as web pages")

    def find_browser(self):
        """Return the path of the machine's browser; our wrapper does not count."""
        own = str(self.paths.bin)
        folders = os.environ.get("PATH", "").split(os.pathsep)
        path = os.pathsep.join(folder for folder in folders if folder != own)
        found = (shutil.which(name, path=path) for name in BROWSERS)
        return next((program for program in found if program), "")

    def write_wrapper(self):
        """Write the browser Odoo finds first on PATH."""
        browser = self.find_browser()
        if browser:
            text = f'#!/bin/sh\nexec {shlex.quote(browser)} {SWITCH} "$@"\n'
            write_script(self.paths.bin / BROWSERS[0], text)


def write_script(path, text):
    """Write an executable file in one step, so that no reader sees half of it."""
    building = path.with_name(f".{path.name}.{os.getpid()}")
    building.write_text(text)
    building.chmod(0o755)
    building.replace(path)
