"""Two real learning record stores on loopback, each started for a test module."""

import contextlib
import os
import socket
import subprocess
import time
from pathlib import Path

import requests

HERE = Path(__file__).parent
USER, PASSWORD = "odoo", "secret"
#: where ``./setup/test`` has put them; without a network there are none
LOCKER = os.environ.get("PARTNER_CHANNEL_LEARNING_LOCKER", "")
RALPH = os.environ.get("PARTNER_CHANNEL_RALPH", "")
#: seconds a server may take to answer
PATIENCE = 90


@contextlib.contextmanager
def learning_locker(folder):
    """Provide the address of Learning Locker's statements service.

    :param Path folder: for its log
    """
    port = _find_port()
    options = {
        "AUTH_REPO": "test",
        "EVENTS_REPO": "test",
        "MODELS_REPO": "memory",
        "STORAGE_REPO": "memory",
        "SERVICE_AWAIT_UPDATES": "true",
        "EXPRESS_PORT": str(port),
    }
    node, script = LOCKER.split(os.pathsep)
    command = [node, "--import", str(HERE / "loopback.mjs"), script]
    with _running(command, options, folder):
        yield _wait(f"http://127.0.0.1:{port}/xAPI")


@contextlib.contextmanager
def ralph(folder):
    """Provide the address of a Ralph that keeps its statements in files.

    :param Path folder: for its files and its log
    """
    port, data = _find_port(), folder / "data"
    data.mkdir()
    options = {
        "RALPH_APP_DIR": str(folder),
        "RALPH_RUNSERVER_BACKEND": "fs",
        "RALPH_BACKENDS__LRS__FS__DEFAULT_DIRECTORY_PATH": str(data),
    }
    tool = str(Path(RALPH).with_name("ralph"))
    account = ["-u", USER, "-p", PASSWORD, "-s", "all", "-N", USER]
    subprocess.run(
        [tool, "auth", *account, "-M", "mailto:odoo@example.org", "-w"],
        env={**os.environ, **options},
        check=True,
        capture_output=True,
    )
    command = [RALPH, str(HERE / "run_ralph.py"), str(port)]
    with _running(command, options, folder):
        yield _wait(f"http://127.0.0.1:{port}/xAPI")


def _find_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@contextlib.contextmanager
def _running(command, options, folder):
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            command,
            # Learning Locker writes an access log to where it stands
            cwd=folder,
            env={**os.environ, **options},
            stdout=log,
            stderr=log,
        )
    try:
        yield
    finally:
        server.kill()
        server.wait()


def _wait(address):
    """Return the address once it answers."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with contextlib.suppress(requests.RequestException):
            requests.get(address, timeout=5)
            return address
        time.sleep(0.2)
    raise RuntimeError(f"no answer from {address}")


def send(address, statements):
    """Store statements by POST; return the status."""
    response = requests.post(
        f"{address}/statements",
        json=statements,
        headers={"X-Experience-API-Version": "1.0.3"},
        auth=(USER, PASSWORD),
        timeout=30,
    )
    return response.status_code
