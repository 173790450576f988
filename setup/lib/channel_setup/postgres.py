"""PostgreSQL: a private cluster in the state folder, or the user's own server."""

import json
import os
import shutil
import subprocess
from pathlib import Path

from . import locks
from .cluster_place import choose_owner, choose_place
from .console import SetupError
from .pg_binaries import MIN_VERSION, Binaries
from .process import capture, check_logged

SQL_SCRIPT = Path(__file__).with_name("sql.py")
# Durability costs two thirds of the time, and nothing here is worth keeping.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "256MB",
    "max_wal_size": "1GB",
    "logging_collector": "off",
}


class Postgres:
    """What both kinds of server have in common.

    :param Paths paths: state folder
    """

    space_mb = 0

    def __init__(self, paths):
        self.paths = paths
        self.python = None

    def environment(self):
        """Variables that lead Odoo, pytest and the client tools to this server."""
        return {}

    def query(self, database, *statements):
        """Run statements.

        :param str database: name of the database to connect to
        :param statements: texts, or pairs of text and parameters
        :return: rows of the last statement
        """
        pairs = [(item, None) if isinstance(item, str) else item for item in statements]
        done = subprocess.run(
            [str(self.python), str(SQL_SCRIPT), database],
            input=json.dumps(pairs),
            env=dict(os.environ, **self.environment()),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SetupError(f"PostgreSQL: {done.stderr.strip()}")
        return json.loads(done.stdout)[-1]


class ExternalServer(Postgres):
    """The server named by ``PGHOST`` / ``PGUSER``; started and stopped by others."""

    title = "PostgreSQL server named by PGHOST/PGUSER"

    def is_ready(self):
        """Whether nothing has to be installed for it."""
        return True

    def install(self, step):
        """Nothing to install."""

    def start(self, python):
        """Check that the server can be used.

        :param Path python: of the prepared environment
        """
        self.python = python
        statement = (
            "SELECT current_setting('server_version_num')::int, rolcreatedb OR rolsuper"
            " FROM pg_roles WHERE rolname = current_user"
        )
        try:
            version, may_create = self.query("postgres", statement)[0]
        except SetupError as error:
            raise SetupError(
                f"The server named by PGHOST/PGUSER does not answer: {error}; "
                "unset both to use a private one"
            ) from error
        check_server(version, may_create)

    def stop(self):
        """Nothing: it is not ours."""


def check_server(version, may_create):
    """Refuse a server Odoo cannot work with.

    :param int version: PostgreSQL's ``server_version_num``, e.g. 150004
    :param bool may_create: whether our role may create databases
    """
    if version < MIN_VERSION * 10000:
        raise SetupError(
            f"PostgreSQL {version // 10000} is too old, Odoo 19 needs {MIN_VERSION} or "
            "later; unset PGHOST and PGUSER to use a private one"
        )
    if not may_create:
        raise SetupError(
            "The role named by PGUSER may not create databases; "
            "give it CREATEDB, or unset PGHOST and PGUSER to use a private server"
        )


class PrivateCluster(Postgres):
    """A cluster of our own: no password, no port, no system server touched.

    It runs while anybody uses it: each user holds a shared lock, and the last one
    to leave stops what one of us has started.
    """

    title = "PostgreSQL"
    space_mb = 1200

    def __init__(self, paths, index):
        super().__init__(paths)
        self.binaries = Binaries(paths, index)
        self.owner = choose_owner()
        self.place = None
        self._lock_path = paths.state / "cluster.lock"
        self._started_mark = paths.state / "cluster.started"
        self._held = None

    def environment(self):
        """Variables that lead Odoo, pytest and the client tools to this server."""
        path = f"{self.binaries.folder}{os.pathsep}{os.environ.get('PATH', '')}"
        return {
            "PGHOST": str(self.place / "socket"),
            "PGPORT": "5432",
            "PGUSER": "odoo",
            "PATH": path,
        }

    # --- preparation ---

    def is_ready(self):
        """Whether the binaries and a complete cluster are there."""
        if not self.binaries.find():
            return False
        self._choose_place()
        return self._data().is_dir()

    def install(self, step):
        """Get the binaries and make the cluster.

        :param Step step: shows the progress
        """
        self.binaries.install(step)
        self._choose_place()
        self._init()

    def _choose_place(self):
        self.owner = choose_owner()
        self.place = choose_place(self.paths, self.owner)

    def _data(self):
        """A cluster belongs to one major version of PostgreSQL."""
        return self.place / f"data-{self.binaries.version}"

    def _init(self):
        data = self._data()
        if data.is_dir():
            return
        building = data.with_name(f"{data.name}.building")
        shutil.rmtree(building, ignore_errors=True)
        check_logged(
            self._command(
                "initdb",
                *("-D", str(building), "-U", "odoo", "-A", "trust"),
                *("-E", "UTF8", "--locale=C.UTF-8", "-N"),
            ),
            self.paths.log("initdb"),
            "PostgreSQL could not make its cluster",
            **self._options(),
        )
        building.replace(data)

    # --- running ---

    def start(self, python):
        """Start the cluster unless it runs, and stay one of its users.

        :param Path python: of the prepared environment
        """
        self.python = python
        self._held = locks.wait_shared(self._lock_path)
        if self._is_running():
            return
        settings = dict(SETTINGS, unix_socket_directories=self.place / "socket")
        words = " ".join(f"-c {key}='{value}'" for key, value in settings.items())
        log = self.place / "server.log"
        check_logged(
            self._command(
                "pg_ctl",
                *("-D", str(self._data()), "-l", str(log), "-w", "-t", "60"),
                *("-o", words, "start"),
            ),
            self.paths.log("pg_ctl"),
            f"The private PostgreSQL does not start, see {log}; if its data is "
            f"damaged, delete {self.place} and run this again",
            **self._options(),
        )
        self._started_mark.touch()

    def stop(self):
        """Leave the cluster; the last user stops it."""
        if self._held is None:
            return
        self._held.close()
        self._held = None
        alone = locks.try_lock(self._lock_path)
        if alone is None:
            return
        with alone:
            if self._started_mark.exists() and self._is_running():
                command = self._command(
                    "pg_ctl", "-D", str(self._data()), "-m", "fast", "-w", "stop"
                )
                capture(command, **self._options())
            self._started_mark.unlink(missing_ok=True)

    def _is_running(self):
        command = self._command("pg_ctl", "-D", str(self._data()), "status")
        return bool(capture(command, **self._options()))

    def _command(self, program, *arguments):
        command = [str(self.binaries.folder / program), *arguments]
        if self.owner:
            return ["runuser", "-u", self.owner, "--", *command]
        return command

    def _options(self):
        """The server's user may be unable to enter the current folder."""
        environ = dict(os.environ, **self.binaries.environment())
        for name in [name for name in environ if name.startswith("PG")]:
            del environ[name]
        return {"cwd": "/", "env": environ}


def choose_postgres(paths, index, environ=None):
    """Return the server to use: the user's own if one is named, else a private one."""
    environ = os.environ if environ is None else environ
    if environ.get("PGHOST") or environ.get("PGUSER"):
        return ExternalServer(paths)
    return PrivateCluster(paths, index)
