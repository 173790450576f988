"""Debian packages through a private index, and system packages when we are root."""

import hashlib
import json
import os
import platform
import shutil
import threading
from contextlib import contextmanager
from pathlib import Path

from .console import SetupError, say
from .process import capture, check_logged, run_logged

CODENAMES = ("bookworm", "trixie", "forky", "duke", "sid")
ALIASES = ("stable", "testing", "unstable", "oldstable")
KEYRINGS = Path("/usr/share/keyrings")
OWN_ODOO = (
    "or name your own Odoo 19 by PARTNER_CHANNEL_SOURCE=/path/to/odoo "
    "or PARTNER_CHANNEL_PYTHON=/path/to/python"
)
NO_NETWORK = (
    "No network? apt-get could not fetch {what} from {mirror}; "
    "check the connection and run this again, " + OWN_ODOO
)


def _sha256(path):
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while chunk := handle.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def find_mirror():
    """Return the machine's Debian mirror and codename, from its apt settings.

    Only the main archive counts: security and updates do not carry unstable. The
    settings alone are read, since a fresh machine has not fetched its lists yet.
    """
    listing = capture(
        [
            "apt-get",
            "indextargets",
            "--no-release-info",
            "--format",
            "$(REPO_URI) $(RELEASE)",
            "Created-By: Packages",
        ]
    )
    for line in listing.splitlines():
        uri, release = line.split()
        if release in CODENAMES:
            return uri, release
        if release in ALIASES:
            return uri, platform.freedesktop_os_release().get("VERSION_CODENAME", "sid")
    raise SetupError(
        "This machine names no Debian mirror in its apt sources, so Odoo 19 "
        f"cannot be fetched; add a Debian source, {OWN_ODOO}"
    )


class PrivateIndex:
    """An apt index in the state folder: the system's own apt is left alone.

    :param Paths paths: where the index and the cached packages are kept
    """

    def __init__(self, paths):
        self.folder = paths.state / "apt"
        self.cache = paths.cache / "debs"
        self.log = paths.logs / "apt.log"
        self._mirror = None

    # --- the index ---

    def _options(self):
        settings = {
            "Dir::Etc::SourceList": self.folder / "sources.list",
            "Dir::Etc::SourceParts": self.folder / "parts",
            "Dir::Etc::Preferences": "/dev/null",
            "Dir::Etc::PreferencesParts": self.folder / "parts",
            "Dir::State::Lists": self.folder / "lists",
            "Dir::Cache": self.folder / "cache",
            "Acquire::Languages": "none",
            "Acquire::Retries": "2",
            "Acquire::http::Timeout": "30",
            "Acquire::https::Timeout": "30",
            "APT::Update::Error-Mode": "any",
        }
        if os.getuid() == 0:
            settings["APT::Sandbox::User"] = "root"
        return [
            word for key, value in settings.items() for word in ("-o", f"{key}={value}")
        ]

    def _write_sources(self):
        for name in ("parts", "lists/partial", "cache/archives/partial"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        uri, codename = self._mirror
        rings = sorted(KEYRINGS.glob("debian-archive-keyring.*"))
        if not rings:
            raise SetupError(
                "Debian's keys are missing, so its packages cannot be checked; "
                f"install debian-archive-keyring, {OWN_ODOO}"
            )
        suites = dict.fromkeys(("sid", "bookworm", codename))
        lines = [f"deb [signed-by={rings[0]}] {uri} {suite} main" for suite in suites]
        (self.folder / "sources.list").write_text("\n".join(lines) + "\n")

    def update(self):
        """Fetch the package lists, once per run."""
        if self._mirror:
            return
        if not shutil.which("apt-get"):
            raise SetupError(
                "Odoo 19 is taken from Debian's archive, and this machine has no "
                f"apt-get; use a Debian machine, {OWN_ODOO}"
            )
        self._mirror = find_mirror()
        self._write_sources()
        check_logged(
            ["apt-get", *self._options(), "update"],
            self.log,
            NO_NETWORK.format(what="the package lists", mirror=self._mirror[0]),
        )

    @property
    def codename(self):
        """Codename of the machine's suite; known after :meth:`update`."""
        return self._mirror[1]

    def list_versions(self, names):
        """Return the versions of packages in the index, newest first, by name."""
        versions = {name: [] for name in names}
        listing = capture(["apt-cache", *self._options(), "madison", *names])
        for line in listing.splitlines():
            name, version = (word.strip() for word in line.split("|")[:2])
            versions[name].append(version)
        return versions

    # --- packages ---

    def fetch(self, packages, step):
        """Return the .deb files of pinned packages, from the cache if they are there.

        :param packages: what to fetch, in this order
        :param Step step: shows the progress
        """
        known = {package: self._find_cached(package) for package in packages}
        missing = [package for package, path in known.items() if not path]
        if missing:
            self.update()
            names = [package.name for package in missing]
            versions = self.list_versions(names)
            chosen = {
                package: self._choose_version(package, versions[package.name])
                for package in missing
            }
            known.update(self._fetch_chosen(chosen, step))
        return list(known.values())

    def fetch_suite(self, names):
        """Return the .deb files of packages in the version of the machine's suite."""
        self.update()
        with self._download([f"{name}/{self.codename}" for name in names]) as files:
            return [self._keep(path) for path in files]

    def _find_cached(self, package):
        """Return the cached file of a package or of the replacement once taken."""
        path = self.cache / package.file_name
        wanted = package.sha256
        note = self._note_path(package)
        if not path.is_file() and note.is_file():
            record = json.loads(note.read_text())
            path, wanted = self.cache / record["file"], record["sha256"]
        return path if path.is_file() and _sha256(path) == wanted else None

    def _note_path(self, package):
        return self.cache / f"{package.file_name}.replaced-by.json"

    def _choose_version(self, package, versions):
        """Return the pinned version, or a fitting one if that has left the archive."""
        if package.version in versions:
            return package.version
        fitting = [found for found in versions if found.startswith(package.series)]
        if not fitting:
            raise SetupError(
                f"Debian has moved on: {package.name} {package.version} is gone "
                f"(there: {', '.join(versions) or 'none'}); put that .deb into "
                f"{self.cache}, {OWN_ODOO}"
            )
        say(
            f"setup: NOTE: {package.name} {package.version} has left Debian's archive, "
            f"taking {fitting[0]} in its place (signed by Debian, not tried by us)"
        )
        return fitting[0]

    def _fetch_chosen(self, chosen, step):
        """Download the chosen versions and check the pinned ones.

        :param dict chosen: version to take, by package
        :return: cached file, by package
        """
        size = sum(package.size_mb for package in chosen)
        wanted = [f"{package.name}={chosen[package]}" for package in chosen]
        with self._download(wanted, step, size) as files:
            by_name = {path.name.split("_")[0]: path for path in files}
            return {
                package: self._accept(package, version, by_name[package.name])
                for package, version in chosen.items()
            }

    def _accept(self, package, version, path):
        """Check one download and move it into the cache."""
        found = _sha256(path)
        if version == package.version:
            if found != package.sha256:
                raise SetupError(
                    f"{package.name} {version} came with hash {found[:16]}… instead of "
                    f"{package.sha256[:16]}…; the mirror may be broken, try another"
                )
            # Whatever name apt gave it: the cache is searched by ours.
            return self._keep(path, package.file_name)
        record = {"file": path.name, "sha256": found}
        path = self._keep(path)
        self._note_path(package).write_text(json.dumps(record))
        return path

    def _keep(self, path, name=None):
        """Move a download into the cache, in one step."""
        target = self.cache / (name or path.name)
        path.replace(target)
        return target

    @contextmanager
    def _download(self, wanted, step=None, size_mb=0):
        """Download packages into a folder that lasts for the block.

        :param list wanted: ``name=version`` or ``name/suite``
        """
        incoming = self.cache / f"incoming-{os.getpid()}"
        shutil.rmtree(incoming, ignore_errors=True)
        incoming.mkdir(parents=True)
        try:
            with _Watch(step, incoming, size_mb):
                command = ["apt-get", *self._options(), "download", *wanted]
                failed = run_logged(command, self.log, cwd=incoming)
            files = list(incoming.glob("*.deb"))
            if failed or len(files) < len(wanted):
                text = NO_NETWORK.format(what=wanted[0], mirror=self._mirror[0])
                raise SetupError(f"{text} (details in {self.log})")
            yield files
        finally:
            shutil.rmtree(incoming, ignore_errors=True)


class _Watch:
    """Shows how much of a download has arrived, from the size of its file."""

    def __init__(self, step, folder, size_mb):
        self.step = step
        self.folder = folder
        self.size_mb = size_mb
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self):
        self._thread.start()

    def __exit__(self, *error):
        self._ended.set()
        self._thread.join()

    def _look(self):
        while self.step and not self._ended.wait(0.5):
            size = sum(path.stat().st_size for path in self.folder.glob("*"))
            self.step.progress(size // 1_000_000, self.size_mb, "MB")
