"""The virtual environments: pinned wheels, and Odoo found through a .pth file."""

import re
import shutil
import sys
from pathlib import Path

from .console import SetupError
from .paths import hash_texts
from .process import capture, check_logged, run_logged
from .system import can_install_system_packages, install_system_packages

NO_WHEELS = (
    "The Python packages could not be installed; no network? "
    "Check the connection and run this again"
)


class PythonEnv:
    """One virtual environment, keyed by what it was built from.

    It cannot be renamed (its scripts hold absolute paths), so a mark written last
    tells a complete one from a leftover.

    :param Paths paths: state folder
    :param str name: prefix of its folder
    :param list requirement_files: names in ``setup/requirements``
    :param str extra: further text the key depends on
    """

    title = "Python packages"
    space_mb = 450

    def __init__(self, paths, name, requirement_files, extra=""):
        self.paths = paths
        self.name = name
        self.files = [paths.requirements / file for file in requirement_files]
        self.constraints = paths.requirements / "constraints.txt"
        texts = [file.read_text() for file in (*self.files, self.constraints)]
        self.key = hash_texts(sys.version, str(paths.state), extra, *texts)
        self.folder = paths.state / f"{name}-{self.key}"
        self.python = self.folder / "bin" / "python"

    def is_ready(self):
        """Whether a complete environment of this key is there."""
        return (self.folder / "complete").is_file()

    def build(self, step, site_paths=()):
        """Make the environment and install into it.

        :param Step step: shows the progress
        :param site_paths: folders that become importable in it
        """
        log = self.paths.log(f"{self.name}-packages")
        self._require_venv(log, step)
        shutil.rmtree(self.folder, ignore_errors=True)
        check_logged(
            [sys.executable, "-m", "venv", str(self.folder)],
            log,
            f"{sys.executable} cannot make a virtual environment",
        )
        self._link(site_paths)
        self._install(log, step)
        (self.folder / "complete").touch()
        self._drop_older()

    def _require_venv(self, log, step):
        """Debian keeps ensurepip in a package of its own."""
        if capture([sys.executable, "-c", "import ensurepip; print(1)"]):
            return
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        package = f"python{version}-venv"
        if not can_install_system_packages():
            raise SetupError(f"Python's venv module is incomplete; install {package}")
        install_system_packages([package], log, step)

    def _link(self, site_paths):
        """Make Odoo importable; a .pth file serves pytest's plugins as well."""
        script = "import sysconfig; print(sysconfig.get_path('purelib'))"
        target = Path(capture([str(self.python), "-c", script]).strip())
        text = "".join(f"{path}\n" for path in site_paths)
        (target / "partner-channel.pth").write_text(text)

    def _install(self, log, step):
        wanted = sum(len(read_pins(file)) for file in self.files)
        started = set()

        def count(line):
            found = re.match(r"Collecting (\S+)", line)
            if found:
                started.add(found[1])
                step.progress(min(len(started), wanted), wanted, "packages")

        command = [str(self.python), "-m", "pip", "install", "--no-input"]
        command += ["--disable-pip-version-check", "-c", str(self.constraints)]
        for file in self.files:
            command += ["-r", str(file)]
        if run_logged(command, log, on_line=count):
            raise SetupError(f"{NO_WHEELS} (details in {log})")

    def _drop_older(self):
        """Remove environments of other keys; each is a third of a gigabyte."""
        for folder in self.paths.state.glob(f"{self.name}-*"):
            if folder.is_dir() and folder != self.folder:
                shutil.rmtree(folder, ignore_errors=True)


def read_pins(file):
    """Return the requirement lines of a file."""
    lines = (line.split("#")[0].strip() for line in file.read_text().splitlines())
    return [line for line in lines if line]
