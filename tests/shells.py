"""Servers of their own: an ``odoo shell`` that runs a job slowly, to be killed."""

import signal
import subprocess
import sys

from odoo.tools import config

#: ``READY`` is said before it begins, and ``BATCH`` when a batch is done and not yet
#: committed
_SCRIPT = """
import os, time
from unittest.mock import patch
Model = type(env["{model}"])
run_batch = Model._run_batch
def slowly(self, domain, size, work):
    done = run_batch(self, domain, {batch}, work)
    print("BATCH", flush=True)
    time.sleep({pause})
    return done
print("READY", flush=True)
while {signal!r} and not os.path.exists({signal!r}):
    time.sleep(0.02)
with patch.object(Model, "_run_batch", slowly):
    {job}
print("DONE", flush=True)
"""


def start_job(registry, model, job, batch=40, pause=0.0, signal=""):
    """Start a job in a process of its own.

    :param registry: of the database
    :param str model: whose ``_run_batch`` goes slowly
    :param str job: code that runs it
    :param int batch: records of a batch
    :param float pause: seconds between a batch and its commit
    :param signal: path of a file it waits for, once it is ready
    :return: ``subprocess.Popen``
    """
    script = _SCRIPT.format(
        model=model, job=job, batch=batch, pause=pause, signal=str(signal)
    )
    return start_shell(registry, script)


def start_shell(registry, script):
    """Start a script in a process of its own.

    :param registry: of the database
    :param str script: says ``BATCH`` when it may be killed, and ``DONE`` at its end
    :return: ``subprocess.Popen``
    """
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import odoo.cli; odoo.cli.main()",
            "shell",
            f"--database={registry.db_name}",
            "--no-http",
            "--log-level=critical",
            f"--data-dir={config['data_dir']}",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    process.stdin.write(script)
    process.stdin.close()
    return process


def wait_for(process, word):
    """Wait until a job says a word; it must not end before."""
    said = process.stdout.readline()
    assert word in said, said + process.stderr.read()


def finish_job(process):
    """Wait for a job; it must come to its end."""
    said, complaints = process.stdout.read(), process.stderr.read()
    process.wait(180)
    assert "DONE" in said, complaints


def run_after_kill(registry, model, job, batch, folder, check):
    """Kill a job with -9 in its third batch, then run it by two servers at once.

    A last one does the next night what one of the two found taken by the other. No
    server outlives the call.

    :param registry: of the database
    :param str model: whose ``_run_batch`` goes slowly
    :param str job: code that runs it
    :param int batch: records of a batch
    :param folder: ``Path`` of an empty folder for the signs the servers wait for
    :param check: called once the first is dead: two batches are done
    """
    signs = [folder / str(number) for number in range(4)]
    servers = [
        start_job(registry, model, job, batch, pause, sign)
        for pause, sign in zip((0.5, 0.02, 0.02, 0), signs, strict=True)
    ]
    try:
        for server in servers:
            wait_for(server, "READY")
        killed, *others, last = servers
        signs[0].touch()
        for _batch in range(3):
            wait_for(killed, "BATCH")
        killed.send_signal(signal.SIGKILL)
        killed.wait(30)
        check()
        for sign in signs[1:-1]:
            sign.touch()
        for other in others:
            finish_job(other)
        signs[-1].touch()
        finish_job(last)
    finally:
        end_all(servers)


def end_all(servers):
    """End servers that run still, so that none outlives its test.

    :param servers: of ``subprocess.Popen``
    """
    for server in servers:
        if server.poll() is None:
            server.kill()
        server.wait(30)
