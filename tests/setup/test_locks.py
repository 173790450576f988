"""Runs beside each other wait; a killed run blocks nobody and leaves no process."""

import os
import signal
import time
from pathlib import Path

from channel_setup.process import wait_until

PROC = Path("/proc")
HOLD = """
import time
from channel_setup import locks
from channel_setup.paths import Paths
paths = Paths()
paths.make()
with locks.exclusive(paths.state / "setup.lock", "setting up"):
    print("holding", flush=True)
    time.sleep({seconds})
"""
LONG_STEP = """
from channel_setup.paths import Paths
from channel_setup.process import run_logged
paths = Paths()
paths.make()
command = ["sh", "-c", "sleep 1000 & echo started; wait"]
run_logged(command, paths.log("long"), on_line=lambda line: print(line, flush=True))
"""


def find_children(parent):
    """Return the processes below a process, by their ids."""
    parents = {int(path.name): read_stat(path)[1] for path in PROC.glob("[0-9]*")}
    found, ring = [], [parent]
    while ring:
        ring = [pid for pid, above in parents.items() if above in ring]
        found += ring
    return found


def read_stat(path):
    """Return state and parent of a process, ``("Z", 0)`` for one that is gone."""
    try:
        words = (path / "stat").read_text().rsplit(")", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return "Z", 0
    return words[0], int(words[1])


def is_alive(pid):
    """Whether a process still runs."""
    return read_stat(PROC / str(pid))[0] != "Z"


def test_a_second_run_waits_for_the_first_and_says_for_whom(scene):
    first = scene.start_python(HOLD.format(seconds=3))
    assert first.stdout.readline() == "holding\n"
    started = time.monotonic()
    second = scene.run_python(HOLD.format(seconds=0))
    assert f"waiting for process {first.pid}, which is setting up" in second.stdout
    assert second.returncode == 0
    assert time.monotonic() - started > 1
    assert first.wait(10) == 0


def test_a_killed_run_blocks_nobody(scene):
    first = scene.start_python(HOLD.format(seconds=1000))
    assert first.stdout.readline() == "holding\n"
    first.kill()
    first.wait()
    second = scene.run_python(HOLD.format(seconds=0))
    assert "waiting" not in second.stdout
    assert second.returncode == 0


def test_an_interrupted_step_ends_with_all_it_started(scene):
    for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 130)):
        run = scene.start_python(LONG_STEP)
        assert run.stdout.readline() == "started\n"
        children = find_children(run.pid)
        assert len(children) == 2
        run.send_signal(number)
        rest, _nothing = run.communicate(timeout=20)
        assert run.returncode == code
        assert "a further run takes up where this one stopped" in rest
        assert wait_until(lambda: not any(map(is_alive, children)), 5)  # noqa: B023


def test_a_demo_that_runs_already_is_refused(scene):
    scene.state.mkdir()
    holder = scene.start_python(
        HOLD.format(seconds=30).replace("setup.lock", "demo.lock")
    )
    assert holder.stdout.readline() == "holding\n"
    done = scene.run("demo", "--port", "0")
    assert done.returncode == 1
    assert f"runs already (process {holder.pid})" in done.stderr
    os.kill(holder.pid, signal.SIGTERM)
    holder.wait(10)
