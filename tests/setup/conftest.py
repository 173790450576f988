"""Fixtures of the tests of the commands in ``setup/``."""

import shutil

import pytest

from channel_setup.cluster_place import find_outside
from channel_setup.paths import Paths

from .scene import Scene


@pytest.fixture
def scene(tmp_path):
    """A set-up of its own."""
    scene = Scene(tmp_path)
    yield scene
    remove_outside(Paths(environ=scene.environ))


@pytest.fixture
def state_paths(tmp_path, monkeypatch):
    """The folders of a state of its own, for tests that call the modules."""
    for name in ("PGHOST", "PGUSER", "PGPORT"):
        monkeypatch.delenv(name, raising=False)
    paths = Paths(environ={"PARTNER_CHANNEL_STATE": str(tmp_path / "state")})
    paths.make()
    yield paths
    remove_outside(paths)


def remove_outside(paths):
    """Remove a cluster that could not live in the state folder."""
    shutil.rmtree(find_outside(paths), ignore_errors=True)
