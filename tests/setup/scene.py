"""Real runs of the set-up in a scene of their own: own state folder, own PATH."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
LIB = ROOT / "setup" / "lib"
PATIENCE = 120
# The suite itself runs in a prepared environment; a scene must not inherit it.
INHERITED = ("PG", "ODOO_", "PARTNER_CHANNEL_", "PYTHON", "PYTEST", "COV_")


class Scene:
    """One set-up seen from outside.

    :param Path folder: temporary folder of the test
    """

    def __init__(self, folder):
        self.folder = folder
        self.state = folder / "state"
        self.cache = folder / "cache"
        self.stubs = folder / "stubs"
        self.stubs.mkdir()
        own = {str(Path(sys.prefix, "bin")), str(Path(os.environ["ODOO_RC"]).parent)}
        path = [
            entry
            for entry in os.environ["PATH"].split(os.pathsep)
            if entry not in own and not entry.startswith(tuple(own))
        ]
        self.environ = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(INHERITED)
        }
        self.environ.update(
            PARTNER_CHANNEL_STATE=str(self.state),
            PARTNER_CHANNEL_CACHE=str(self.cache),
            PATH=os.pathsep.join([str(self.stubs), *path]),
        )

    def stub(self, name, script):
        """Put a program first on PATH.

        :param str script: its text after the first line
        """
        path = self.stubs / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    def run(self, command, *arguments, **environ):
        """Run one of the commands in ``setup/`` to its end.

        :param environ: further variables
        """
        return self._run([str(ROOT / "setup" / command), *arguments], environ)

    def run_python(self, script, **environ):
        """Run a script that imports the set-up's modules, errors shown as its own."""
        return self._run([sys.executable, "-c", wrap(script)], environ)

    def start_python(self, script):
        """Start such a script and return the process, its output in a pipe."""
        return subprocess.Popen(
            [sys.executable, "-c", wrap(script)],
            env=dict(self.environ, PYTHONPATH=str(LIB)),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def _run(self, command, environ):
        return subprocess.run(
            command,
            env=dict(self.environ, PYTHONPATH=str(LIB), **environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def list_state(self):
        """Return the names in the state folder that a further run could trip over."""
        names = {path.name for path in self.state.glob("*")} - {"log", "bin", "data"}
        return sorted(name for name in names if not name.endswith(".lock"))


def wrap(script):
    """Return a script that runs inside the set-up's own handling of errors."""
    body = "\n".join(f"    {line}" for line in script.strip().splitlines())
    return (
        "import sys, types\n"
        "from channel_setup import cli\n"
        f"def run(arguments):\n{body}\n"
        "sys.modules['channel_setup.scene'] = types.SimpleNamespace(run=run)\n"
        "cli.COMMANDS['scene'] = 'scene'\n"
        "sys.exit(cli.main('scene', []))\n"
    )


def assert_one_clear_line(done, *words):
    """The run ended with code 1 and one line on standard error that says why."""
    lines = done.stderr.strip().splitlines()
    assert done.returncode == 1, done.stdout + done.stderr
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("setup: ")
    assert "Traceback" not in done.stdout
    for word in words:
        assert word in lines[0], f"{word!r} is not in: {lines[0]}"
