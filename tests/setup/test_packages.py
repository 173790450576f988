"""Odoo's package: pinned, cached, replaced only within its series, unpacked whole."""

import subprocess

import pytest

from .scene import assert_one_clear_line

FETCH = """
from channel_setup.apt import PrivateIndex
from channel_setup.console import Step
from channel_setup.packages import ODOO
from channel_setup.paths import Paths
paths = Paths()
paths.make()
for path in PrivateIndex(paths).fetch([ODOO], Step("Odoo")):
    print("fetched", path.name)
"""
UNPACK = """
from channel_setup import server
from channel_setup.apt import PrivateIndex
from channel_setup.console import Step
from channel_setup.paths import Paths
server.COMPANIONS = ()
paths = Paths()
paths.make()
found = server.DebianServer(paths, PrivateIndex(paths))
print("ready before", found.is_ready())
found.prepare(Step("Odoo"))
print("identity", found.identity())
"""


@pytest.fixture
def archive(scene):
    """A mirror with a small package, in the version a test puts into ``version``."""
    tree = scene.folder / "tree"
    addons = tree / "usr/lib/python3/dist-packages/odoo/addons"
    for name in ("ru", "uk", "ro", "uz", "de"):
        (addons / "mail" / "i18n").mkdir(parents=True, exist_ok=True)
        (addons / "mail" / "i18n" / f"{name}.po").touch()
    (tree / "DEBIAN").mkdir()
    (tree / "DEBIAN" / "control").write_text(
        "Package: odoo-19\nVersion: 19.0.1\nArchitecture: all\n"
        "Maintainer: Nobody <nobody@example.com>\nDescription: small\n"
    )
    command = ["dpkg-deb", "--build", "--root-owner-group", str(tree)]
    subprocess.run([*command, str(scene.folder)], check=True, capture_output=True)
    deb = next(scene.folder.glob("odoo-19_*.deb"))
    scene.stub(
        "apt-get",
        'case "$*" in\n'
        "*indextargets*) echo 'http://mirror.example/debian bookworm' ;;\n"
        f"*' download '*) cp {deb} odoo-19_$(cat {scene.folder}/version)_all.deb ;;\n"
        "esac",
    )
    scene.stub(
        "apt-cache",
        f'echo "odoo-19 | $(cat {scene.folder}/version) | http://mirror.example"',
    )
    return scene


def offer(archive, version):
    (archive.folder / "version").write_text(version)


def list_cache(archive):
    return sorted(path.name for path in archive.cache.glob("debs/*"))


def test_a_version_that_left_the_series_stops_and_names_the_ways_out(archive):
    offer(archive, "20.0.0-1")
    done = archive.run_python(FETCH)
    assert_one_clear_line(
        done, "moved on", "19.0.0+dfsg-1 is gone", "there: 20.0.0-1", "PARTNER_CHANNEL_"
    )
    assert list_cache(archive) == []


def test_a_newer_version_of_the_series_is_taken_loudly_and_kept(archive):
    offer(archive, "19.0.1")
    done = archive.run_python(FETCH)
    assert done.returncode == 0, done.stderr
    assert "NOTE: odoo-19 19.0.0+dfsg-1 has left Debian's archive" in done.stdout
    assert "fetched odoo-19_19.0.1_all.deb" in done.stdout
    # From now on the mirror is not needed.
    archive.stub("apt-get", "exit 100")
    again = archive.run_python(FETCH)
    assert "fetched odoo-19_19.0.1_all.deb" in again.stdout, again.stderr
    assert "NOTE" not in again.stdout


def test_a_package_with_the_wrong_content_is_refused_and_not_kept(archive):
    offer(archive, "19.0.0+dfsg-1")
    done = archive.run_python(FETCH)
    assert_one_clear_line(done, "came with hash", "mirror may be broken")
    assert list_cache(archive) == []


def test_a_download_that_breaks_off_leaves_nothing_behind(archive):
    offer(archive, "19.0.1")
    apt = archive.stub("apt-get.real", (archive.stubs / "apt-get").read_text())
    archive.stub(
        "apt-get",
        f'case "$*" in *" download "*) echo half > odoo-19.part; exit 100 ;; esac\n'
        f'exec {apt} "$@"',
    )
    done = archive.run_python(FETCH)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "No network?" in done.stderr
    assert list_cache(archive) == []


def test_what_an_interrupted_unpacking_left_is_replaced(archive):
    offer(archive, "19.0.1")
    leftover = archive.state / "server-19.0.0+dfsg-1.building" / "usr" / "half"
    leftover.mkdir(parents=True)
    done = archive.run_python(UNPACK)
    assert done.returncode == 0, done.stderr
    assert "ready before False" in done.stdout
    assert "identity debian odoo-19_19.0.1_all.deb" in done.stdout
    folder = archive.state / "server-19.0.0+dfsg-1"
    assert not (folder / "usr" / "half").exists()
    assert not leftover.exists()


def test_only_our_catalogues_are_unpacked_and_the_missing_script_is_there(archive):
    offer(archive, "19.0.1")
    archive.run_python(UNPACK)
    folder = archive.state / "server-19.0.0+dfsg-1"
    addons = folder / "usr/lib/python3/dist-packages/odoo/addons"
    names = sorted(path.name for path in (addons / "mail" / "i18n").glob("*.po"))
    assert names == ["ru.po", "uk.po"]
    assert list(addons.glob("mail/static/lib/*/selfie_segmentation.js"))


def test_a_cache_folder_that_cannot_be_made_is_one_line_too(archive):
    offer(archive, "19.0.1")
    archive.cache.write_text("a file where the folder should be")
    done = archive.run_python(FETCH)
    assert_one_clear_line(done, str(archive.cache))


def test_a_broken_package_in_the_cache_is_fetched_again(archive):
    offer(archive, "19.0.1")
    archive.run_python(FETCH)
    kept = archive.cache / "debs" / "odoo-19_19.0.1_all.deb"
    size = kept.stat().st_size
    kept.write_text("broken")
    done = archive.run_python(FETCH)
    assert done.returncode == 0, done.stderr
    assert kept.stat().st_size == size
