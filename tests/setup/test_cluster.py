"""The private cluster runs while somebody uses it, and is stopped by the last one."""

import os
import signal
import sys
from pathlib import Path

import pytest

from channel_setup.cluster_place import (
    SOCKET_LIMIT,
    SOCKET_NAME,
    choose_place,
    find_outside,
)
from channel_setup.console import Step
from channel_setup.paths import Paths
from channel_setup.pg_binaries import Binaries
from channel_setup.postgres import PrivateCluster

from .conftest import remove_outside


@pytest.fixture
def paths(state_paths):
    """The folders of a state of its own."""
    return state_paths


def make_cluster(paths):
    cluster = PrivateCluster(paths, index=None)
    if not cluster.is_ready():
        cluster.install(Step("PostgreSQL"))
    return cluster


def is_running(cluster):
    return cluster._is_running()


@pytest.fixture
def cluster(paths):
    """A cluster of the test's own, stopped at its end."""
    found = make_cluster(paths)
    yield found
    found.stop()


def test_the_last_user_stops_the_cluster(paths, cluster):
    cluster.start(sys.executable)
    second = make_cluster(paths)
    second.start(sys.executable)
    assert second.query("postgres", "SELECT 1") == [[1]]
    cluster.stop()
    assert is_running(second), "the first user stopped it under the second"
    second.stop()
    assert not is_running(second)


def test_a_cluster_started_by_hand_is_left_running(paths, cluster):
    cluster.start(sys.executable)
    paths.state.joinpath("cluster.started").unlink()
    cluster.stop()
    assert is_running(cluster)
    paths.state.joinpath("cluster.started").touch()
    cluster.start(sys.executable)
    cluster.stop()
    assert not is_running(cluster)


def test_a_cluster_whose_server_was_killed_starts_again(cluster):
    cluster.start(sys.executable)
    data = cluster._data()
    pid = (data / "postmaster.pid").read_text().split()[0]
    os.kill(int(pid), signal.SIGKILL)
    while Path(f"/proc/{pid}").exists():
        pass
    cluster.stop()
    cluster.start(sys.executable)
    assert cluster.query("postgres", "SELECT 2") == [[2]]


def test_a_half_made_cluster_is_made_anew(paths):
    place = choose_place(paths, PrivateCluster(paths, index=None).owner)
    binaries = Binaries(paths, index=None)
    assert binaries.find()
    leftover = place / f"data-{binaries.version}.building"
    leftover.mkdir()
    (leftover / "half").touch()
    cluster = make_cluster(paths)
    assert not leftover.exists()
    assert cluster.is_ready()


def test_a_long_path_puts_the_cluster_where_its_socket_fits(tmp_path):
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    paths = Paths(environ={"PARTNER_CHANNEL_STATE": str(deep)})
    paths.make()
    place = choose_place(paths, PrivateCluster(paths, index=None).owner)
    assert place == find_outside(paths)
    assert len(str(place / SOCKET_NAME)) <= SOCKET_LIMIT
    remove_outside(paths)
