"""Odoo 19 itself: Debian's package unpacked here, or the one the user names."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from .console import SetupError
from .packages import COMPANIONS, ODOO
from .process import capture, check_logged, die_with_parent, end_session

SERIES = "19.0"
# Catalogues of other languages are two thirds of the package.
LANGUAGES = ("ru", "uk")
# Listed in mail's manifest, but left out of Debian's package for its licence;
# without the file every backend page logs a script error.
MISSING_SCRIPT = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
CHUNK = 1 << 20


def read_series(package):
    """Return Odoo's series as told by a package folder, e.g. ``19.0``.

    :param Path package: the folder ``odoo`` with ``release.py``
    """
    try:
        text = (package / "release.py").read_text("utf-8")
    except OSError:
        return ""
    found = re.search(r"version_info = \((\d+), (\d+)", text)
    return f"{found[1]}.{found[2]}" if found else ""


class Server:
    """Where Odoo's code is, and how our Python finds it.

    ``site_paths`` go into a .pth file of the virtual environment; ``with_wheels``
    says whether we bring Odoo's own requirements.
    """

    title = "Odoo 19"
    with_wheels = True
    space_mb = 0

    def is_ready(self):
        """Whether nothing has to be fetched."""
        return True

    def prepare(self, step):
        """Fetch and unpack; nothing by default."""

    def package_folder(self):
        """Folder of the Python package ``odoo``."""
        return self.site_paths()[0] / "odoo"

    def addons_folders(self):
        """Odoo's own addons folders.

        A package has all of them inside ``odoo``; only a source tree keeps most of
        them beside it. Debian has remnants of them there, which must not count.
        """
        inside = self.package_folder() / "addons"
        if (inside / "web").is_dir():
            return [inside]
        return [inside.parents[1] / "addons", inside]


class SourceServer(Server):
    """A source checkout named by ``PARTNER_CHANNEL_SOURCE``."""

    def __init__(self, folder):
        self.folder = Path(folder).expanduser().resolve()
        series = read_series(self.folder / "odoo")
        if not (self.folder / "odoo-bin").is_file() or series != SERIES:
            found = f"Odoo {series}" if series else "no Odoo source tree"
            raise SetupError(
                f"PARTNER_CHANNEL_SOURCE={folder} is {found}; "
                "it must be a source tree of Odoo 19.0 with odoo-bin in it"
            )

    def site_paths(self):
        return [self.folder]

    def identity(self):
        """Text that changes when the code changes."""
        commit = capture(["git", "-C", str(self.folder), "rev-parse", "HEAD"])
        return f"source {self.folder} {commit.strip()}"


class InstalledServer(Server):
    """Odoo importable in a Python, named by ``PARTNER_CHANNEL_PYTHON``."""

    with_wheels = False

    def __init__(self, python):
        script = (
            "import sys, odoo.release as r; print(r.version, r.__file__); "
            "print('\\n'.join(p for p in sys.path if p))"
        )
        # From the root folder: the current one must not shadow the real package.
        lines = capture([python, "-c", script], cwd="/").splitlines()
        if not lines:
            raise SetupError(
                f"PARTNER_CHANNEL_PYTHON: odoo cannot be imported in {python}; "
                "install Odoo 19 there or unset the variable"
            )
        self.version, release = lines[0].split(maxsplit=1)
        self.package = Path(release).parent
        if not self.version.startswith(SERIES):
            raise SetupError(
                f"PARTNER_CHANNEL_PYTHON: {python} has Odoo {self.version}, "
                f"not {SERIES}"
            )
        self._paths = [self.package.parent, *map(Path, lines[1:])]

    def site_paths(self):
        paths = [path for path in self._paths if path.name.endswith("-packages")]
        return list(dict.fromkeys([self.package.parent, *paths]))

    def identity(self):
        """Text that changes when the code changes."""
        return f"installed {self.package} {self.version}"


class DebianServer(Server):
    """Debian's package, unpacked into the state folder without installing it.

    The folder must not be called ``odoo``: that name would join Odoo's namespace
    package whenever its parent is on Python's path.
    """

    title = "Odoo 19 from Debian's archive"
    space_mb = 650

    def __init__(self, paths, index):
        self.folder = paths.state / f"server-{ODOO.version}"
        self.index = index
        self.log = paths.logs / "unpack.log"

    def is_ready(self):
        return self.folder.is_dir()

    def site_paths(self):
        return [self.folder / "usr/lib/python3/dist-packages"]

    def identity(self):
        """Text that changes when the code changes."""
        return f"debian {(self.folder / 'version').read_text()}"

    def prepare(self, step):
        """Fetch and unpack into a temporary folder, then rename it."""
        main, *others = self.index.fetch([ODOO, *COMPANIONS], step)
        building = self.folder.with_name(f"{self.folder.name}.building")
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir()
        self._unpack(main, building, step)
        for deb in others:
            check_logged(
                ["dpkg-deb", "-x", str(deb), str(building)],
                self.log,
                f"{deb.name} cannot be unpacked; delete it and run this again",
            )
        self._mend(building)
        (building / "version").write_text(main.name)
        building.replace(self.folder)

    def _unpack(self, deb, target, step):
        """Unpack Odoo, all languages but ours left out, counting what passes."""
        reader = subprocess.Popen(
            ["dpkg-deb", "--fsys-tarfile", str(deb)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
        writer = subprocess.Popen(
            ["tar", "-x", "--no-same-owner", "-C", str(target), *_exclusions()],
            stdin=subprocess.PIPE,
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
        try:
            _pump(reader.stdout, writer.stdin, step)
            failed = writer.wait() or reader.wait()
        finally:
            end_session(reader)
            end_session(writer)
        if failed:
            raise SetupError(
                f"Odoo's package {deb} could not be unpacked; is the disk full? "
                "Otherwise delete that file and run this again"
            )

    def _mend(self, building):
        script = building / "usr/lib/python3/dist-packages/odoo/addons" / MISSING_SCRIPT
        if not script.exists():
            script.parent.mkdir(parents=True, exist_ok=True)
            script.write_text("// Not part of Debian's package.\n")


def _exclusions():
    """Return tar options that leave out the catalogues of other languages."""
    first = "".join(sorted({name[0] for name in LANGUAGES}))
    options = ["--wildcards", f"--exclude=*/i18n/[!{first}]*.po"]
    for language in LANGUAGES:
        # Other languages with the same first letter, e.g. "ro" beside "ru".
        options.append(f"--exclude=*/i18n/{language[0]}[!{language[1]}]*.po")
    return options


def _pump(source, target, step):
    """Copy a stream, showing megabytes."""
    done = 0
    try:
        while chunk := source.read(CHUNK):
            target.write(chunk)
            done += len(chunk)
            step.progress(done // 1_000_000, unit="MB unpacked")
        target.close()
    except BrokenPipeError:
        return


def choose_server(paths, index, environ=None):
    """Return the Odoo to use: the user's own if one is named, else Debian's."""
    environ = os.environ if environ is None else environ
    source = environ.get("PARTNER_CHANNEL_SOURCE")
    python = environ.get("PARTNER_CHANNEL_PYTHON")
    if source and python:
        raise SetupError(
            "PARTNER_CHANNEL_SOURCE and PARTNER_CHANNEL_PYTHON are both set; unset one"
        )
    if source:
        return SourceServer(source)
    if python:
        return InstalledServer("python3" if python == "1" else python)
    return DebianServer(paths, index)
