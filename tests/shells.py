"""Servers of their own: an ``odoo shell`` that runs a job slowly, to be killed in it."""

import subprocess
import sys

from odoo.tools import config

#: ``BATCH`` is said when a batch is done and not yet committed
_SCRIPT = """
import time
from unittest.mock import patch
Model = type(env["{model}"])
run_batch = Model._run_batch
def slowly(self, domain, size, work):
    done = run_batch(self, domain, {batch}, work)
    print("BATCH", flush=True)
    time.sleep({pause})
    return done
with patch.object(Model, "_run_batch", slowly):
    {job}
print("DONE", flush=True)
"""


def start_job(registry, model, job, batch=40, pause=0.0):
    """Start a job in a process of its own.

    :param registry: of the database
    :param str model: whose ``_run_batch`` goes slowly
    :param str job: code that runs it
    :param int batch: records of a batch
    :param float pause: seconds between a batch and its commit
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
    process.stdin.write(
        _SCRIPT.format(model=model, job=job, batch=batch, pause=pause)
    )
    process.stdin.close()
    return process


def finish_job(process):
    """Wait for a job; it must come to its end."""
    said, complaints = process.stdout.read(), process.stderr.read()
    process.wait(180)
    assert "DONE" in said, complaints
