"""Fixtures of the tests of the commands in ``setup/``."""

import pytest

from .scene import Scene


@pytest.fixture
def scene(tmp_path):
    """A set-up of its own."""
    return Scene(tmp_path)
