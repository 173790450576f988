"""``./setup/odoo``: Odoo's own command line in the prepared environment."""

import signal
import subprocess

from .workspace import Workspace


def run(arguments):
    """Prepare and run Odoo's command with the given arguments.

    :return: its exit code
    """
    workspace = Workspace()
    try:
        with workspace.prepared(further_steps=0):
            command = [str(workspace.odoo), *arguments]
        child = subprocess.Popen(command, env=workspace.environment())
        # Ctrl-C is Odoo's: its shell and its server answer to it in their own way.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        return child.wait()
    finally:
        workspace.close()
