"""PostgreSQL's server programs: the machine's, or Debian's unpacked here."""

import os
import re
import shutil
from pathlib import Path

from .console import SetupError
from .process import capture, check_logged
from .system import can_install_system_packages, install_system_packages

MIN_VERSION = 13
BIN_VARIABLE = "PARTNER_CHANNEL_PG_BIN"
# Debian keeps the server programs off PATH, one folder for each version.
DEBIAN_FOLDER = Path("/usr/lib/postgresql")
# The version each suite has; packages of another suite want other libraries.
SUITE_VERSIONS = {"bookworm": "15", "trixie": "17", "forky": "18"}
BY_HAND = "install postgresql, or name a server by PGHOST and PGUSER"


def read_version(folder):
    """Return the major version of the programs in a folder, 0 if there are none."""
    text = capture([str(folder / "postgres"), "--version"], env=library_path(folder))
    found = re.search(r"(\d+)", text)
    return int(found[1]) if found else 0


def library_path(folder):
    """Return the environment in which unpacked programs find their libraries.

    :param Path folder: ``…/usr/lib/postgresql/15/bin`` below any root
    """
    environ = dict(os.environ)
    libraries = [str(path) for path in folder.parents[2].glob("*-linux-gnu")]
    if not str(folder).startswith("/usr/") and libraries:
        environ["LD_LIBRARY_PATH"] = os.pathsep.join(libraries)
    return environ


class Binaries:
    """The server programs; ``folder`` and ``version`` are known after ``find``.

    :param Paths paths: state folder
    :param PrivateIndex index: source of packages when nothing is installed
    """

    def __init__(self, paths, index):
        self.paths = paths
        self.index = index
        self.folder = None
        self.version = 0

    def environment(self):
        """Environment for running them."""
        return library_path(self.folder)

    def find(self):
        """Choose the newest programs there are.

        :return: whether there are any that Odoo 19 can use
        """
        named = os.environ.get(BIN_VARIABLE)
        found = {read_version(path): path for path in self._list_folders(named)}
        self.version = max(found, default=0)
        self.folder = found.get(self.version)
        if named and self.version < MIN_VERSION:
            raise SetupError(self._describe_failure(f"{BIN_VARIABLE}={named}: "))
        return self.version >= MIN_VERSION

    def _list_folders(self, named):
        if named:
            return [Path(named)]
        folders = list(DEBIAN_FOLDER.glob("*/bin"))
        folders += self.paths.state.glob("postgresql-*/usr/lib/postgresql/*/bin")
        on_path = shutil.which("postgres")
        if on_path:
            folders.append(Path(on_path).resolve().parent)
        return folders

    def _describe_failure(self, prefix=""):
        if self.version:
            return (
                f"{prefix}PostgreSQL {self.version} is too old, Odoo 19 needs "
                f"{MIN_VERSION} or later; {BY_HAND}"
            )
        return f"{prefix}there is no PostgreSQL server here; {BY_HAND}"

    def install(self, step):
        """Install the programs, or unpack them for ourselves without root's rights."""
        if self.find():
            return
        log = self.paths.log("postgresql")
        if can_install_system_packages():
            install_system_packages(["postgresql"], log, step)
        elif shutil.which("apt-get"):
            self._unpack(log)
        if not self.find():
            raise SetupError(self._describe_failure())

    def _unpack(self, log):
        self.index.update()
        version = SUITE_VERSIONS.get(self.index.codename)
        if not version:
            raise SetupError(self._describe_failure())
        target = self.paths.state / f"postgresql-{version}"
        building = target.with_name(f"{target.name}.building")
        shutil.rmtree(building, ignore_errors=True)
        names = (f"postgresql-{version}", f"postgresql-client-{version}", "libpq5")
        for deb in self.index.fetch_suite(names):
            command = ["dpkg-deb", "-x", str(deb), str(building)]
            check_logged(command, log, f"{deb} cannot be unpacked")
        building.replace(target)
