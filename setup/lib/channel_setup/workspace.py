"""The prepared environment: Odoo, its Python, a running server, the databases."""

import os
import shlex
import shutil
from contextlib import contextmanager

from . import locks
from .apt import PrivateIndex
from .browser import Programs, write_script
from .console import SetupError, step
from .database import Databases
from .paths import Paths, hash_texts
from .postgres import choose_postgres
from .python_env import PythonEnv
from .server import choose_server

# Room needed beside what the pending steps take (megabytes).
RESERVE_MB = 300
SPACE_VARIABLE = "PARTNER_CHANNEL_MIN_FREE_MB"
# Started as a file of its own: with "python -m odoo" the current folder would be on
# Python's path, and a folder named "odoo" in it would join Odoo's namespace package.
START = "import odoo.cli\n\nodoo.cli.main()\n"
LAUNCHER = '#!/bin/sh\nexec {python} {start} "$@"\n'
CONFIG = """[options]
addons_path = {addons_path}
data_dir = {data}
http_interface = 127.0.0.1
proxy_mode = False
workers = 0
list_db = False
admin_passwd = {password}
"""


class Workspace:
    """Everything a command works with, prepared step by step.

    :param bool with_browser: whether browser tests will run
    """

    def __init__(self, with_browser=False):
        self.paths = Paths()
        index = PrivateIndex(self.paths)
        self.server = choose_server(self.paths, index)
        self.programs = Programs(self.paths, with_browser)
        self.postgres = choose_postgres(self.paths, index)
        self.env = None
        self.databases = None
        self.odoo = self.paths.bin / "odoo"
        self._number = 0
        self._total = 0

    # --- steps ---

    @contextmanager
    def prepared(self, further_steps):
        """Prepare everything and hold the set-up lock for the block.

        :param int further_steps: steps the command itself will announce
        """
        self.paths.make()
        self._total = 4 + further_steps
        with locks.exclusive(self.paths.state / "setup.lock", "setting up"):
            self._prepare()
            yield self

    def step(self, title):
        """Announce the next step of this command."""
        self._number += 1
        return step(self._number, self._total, title)

    def skip_step(self):
        """Count a step that has nothing to do."""
        self._number += 1

    def _prepare(self):
        self.check_space()
        for part in (self.programs, self.postgres):
            if part.is_ready():
                self.skip_step()
                continue
            with self.step(part.title) as current:
                part.install(current)
        self._prepare_server()
        self._prepare_python()
        self.programs.write_wrapper()
        self._write_config()
        self.postgres.start(self.env.python)
        base_key = hash_texts(self.server.identity(), self.env.key)
        self.databases = Databases(
            self.paths, self.postgres, str(self.odoo), self.environment(), base_key
        )

    def _prepare_server(self):
        if self.server.is_ready():
            self.skip_step()
            return
        with self.step(self.server.title) as current:
            self.server.prepare(current)

    def _prepare_python(self):
        files = ["odoo.txt"] if self.server.with_wheels else []
        sites = self.server.site_paths()
        extra = " ".join(str(path) for path in sites)
        self.env = PythonEnv(
            self.paths, "venv", [*files, "addons.txt", "test.txt"], extra
        )
        if self.env.is_ready():
            self.skip_step()
            return
        with self.step(self.env.title) as current:
            self.env.build(current, sites)

    def check_space(self):
        """Refuse to begin what the disk cannot hold."""
        pending = [
            part.space_mb
            for part in (self.server, self.postgres)
            if not part.is_ready()
        ]
        if not any(self.paths.state.glob("venv-*/complete")):
            pending.append(PythonEnv.space_mb)
        wanted = int(os.environ.get(SPACE_VARIABLE, RESERVE_MB + sum(pending)))
        free = shutil.disk_usage(self.paths.state).free // 1_000_000
        if free < wanted:
            raise SetupError(
                f"The disk is too small: {self.paths.state} has {free} MB free and "
                f"{wanted} MB are needed; make room, or set PARTNER_CHANNEL_STATE to a "
                "folder on another disk"
            )

    # --- files and variables ---

    def _write_config(self):
        addons = [*self.server.addons_folders(), self.paths.root]
        start = self.paths.state / "start" / "odoo.start.py"
        start.parent.mkdir(exist_ok=True)
        start.write_text(START)
        words = {
            "python": shlex.quote(str(self.env.python)),
            "start": shlex.quote(str(start)),
        }
        write_script(self.odoo, LAUNCHER.format(**words))
        text = CONFIG.format(
            addons_path=",".join(str(path) for path in addons),
            data=self.paths.data,
            password=os.urandom(16).hex(),
        )
        self.paths.config.touch(mode=0o600)
        self.paths.config.write_text(text)

    def environment(self):
        """Return the variables for Odoo and pytest."""
        environ = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("ODOO_", "PYTHON"))
        }
        environ.update(self.postgres.environment())
        environ["ODOO_RC"] = str(self.paths.config)
        folders = [self.paths.bin, self.env.folder / "bin", environ.get("PATH", "")]
        environ["PATH"] = os.pathsep.join(str(folder) for folder in folders)
        return environ

    def close(self):
        """Stop what was started."""
        self.postgres.stop()
