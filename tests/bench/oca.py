"""OCA's commission addons, fetched when a benchmark runs: none of it is kept here.

A folder given by ``--oca`` or the two packages from the package index; without either
the benchmarks leave OCA out and say so.
"""

import subprocess
import sys
import tempfile
import zipfile
from contextlib import contextmanager
from pathlib import Path

from odoo.modules.module import Manifest

import odoo.addons

from ..console import say

ADDON = "account_commission_oca"
PACKAGES = (
    "odoo-addon-account-commission-oca==19.0.1.0.1.4",
    "odoo-addon-commission-oca==19.0.2.0.0.10",
)


@contextmanager
def provided(folder=None):
    """Put OCA's addons on the addons path for the block.

    Provides whether they are there.

    :param str folder: a folder with the addons, None to download the packages
    """
    with tempfile.TemporaryDirectory(prefix="bench_oca_") as target:
        path = Path(folder) if folder else _download(Path(target))
        if path is None or not (path / ADDON / "__manifest__.py").is_file():
            say(f"OCA is left out: no {ADDON} in {path or 'the package index'}")
            yield False
            return
        if str(path) not in odoo.addons.__path__:
            odoo.addons.__path__.append(str(path))
        say(f"OCA's {ADDON} {Manifest.for_addon(ADDON)['version']} is measured beside")
        yield True


def get_folder():
    """Return the folder with OCA's addons, None where they were left out."""
    manifest = Manifest.for_addon(ADDON, display_warning=False)
    return manifest and str(Path(manifest.path).parent)


def _download(target):
    """Return the folder of the downloaded addons, None if they cannot be had.

    :param target: ``Path`` of an empty folder
    """
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    done = subprocess.run(
        [*command, "--dest", str(target), *PACKAGES],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        say((done.stderr.strip().splitlines() or ["pip failed"])[-1])
        return None
    for wheel in target.glob("*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(target)
    return target / "odoo" / "addons"
