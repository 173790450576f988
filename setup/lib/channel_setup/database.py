"""Databases in layers, each keyed by what it was built from.

core template (Odoo's modules) → layer (all of our addons but the last) → suite
template (the last one on top) → copies. Whoever works on the last addon need not wait
for the others each time. A database is built under a temporary name and renamed when
complete, so whatever carries its final name is whole.
"""

import re
import shutil
import subprocess

from .console import SetupError
from .database_names import DatabaseNames
from .log_rules import find_warnings
from .process import run_logged, wait_until

# Built after the modules: a test rolls back the bundles it builds, so each would
# build them again.
BUNDLE_SCRIPT = "env['ir.qweb']._pregenerate_assets_bundles()\nenv.cr.commit()\n"
BUNDLE = "Generating a new asset bundle attachment"
KEPT_TEMPLATES = 3
# Seconds a connection may take to end.
PATIENCE = 30
LOADING = re.compile(r"Loading module (\S+) \((\d+)/(\d+)\)")


class Databases(DatabaseNames):
    """Makes, copies and drops the databases of one state folder.

    :param Paths paths: state folder
    :param Postgres postgres: a started server
    :param str odoo: Odoo's command in the prepared environment
    :param dict environ: variables for it
    :param str base_key: hash of Odoo's version and its requirements
    """

    def __init__(self, paths, postgres, odoo, environ, base_key):
        super().__init__(paths, base_key)
        self.postgres = postgres
        self.odoo = odoo
        self.environ = environ

    # --- single databases ---

    def list_names(self, prefix=""):
        """Return the databases whose name starts so, oldest first."""
        rows = self.postgres.query(
            "postgres",
            (
                "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
                " ORDER BY oid",
                [prefix],
            ),
        )
        return [row[0] for row in rows]

    def exists(self, name):
        """Whether there is a database of exactly this name, with its files.

        The files go with the state folder, the database may outlive it.
        """
        return name in self.list_names(name) and (self.paths.filestore / name).is_dir()

    def drop(self, name):
        """Drop a database and its files, ending connections left on it."""
        statement = f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'
        self.postgres.query("postgres", statement)
        shutil.rmtree(self.paths.filestore / name, ignore_errors=True)

    def copy(self, source, target):
        """Copy a database and its files; the files are shared by hard links."""
        self.drop(target)
        self._disconnect(source)
        self.postgres.query(
            "postgres", f'CREATE DATABASE "{target}" TEMPLATE "{source}"'
        )
        files = self.paths.filestore / source
        if files.is_dir():
            command = ["cp", "-al", str(files), str(self.paths.filestore / target)]
            subprocess.run(command, check=True)

    def rename(self, source, target):
        """Give a complete database its final name."""
        self.drop(target)
        self._disconnect(source)
        files = self.paths.filestore / source
        if files.is_dir():
            files.replace(self.paths.filestore / target)
        self.postgres.query(
            "postgres", f'ALTER DATABASE "{source}" RENAME TO "{target}"'
        )

    def read_note(self, name):
        """Return the text noted on a database; empty if there is none."""
        statement = (
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
            " WHERE datname = %s"
        )
        rows = self.postgres.query("postgres", (statement, [name]))
        return (rows[0][0] or "") if rows else ""

    def write_note(self, name, text):
        """Note a text on a database; it is not copied with it."""
        self.postgres.query("postgres", (f'COMMENT ON DATABASE "{name}" IS %s', [text]))

    def _disconnect(self, name):
        """End connections a killed process has left: they keep a database in use."""
        statement = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        )
        wait_until(
            lambda: not self.postgres.query("postgres", (statement, [name])), PATIENCE
        )

    # --- building ---

    def build_core(self, name, demo, step, languages=()):
        """Build the template with Odoo's modules.

        :param str name: final name
        :param bool demo: with Odoo's demo data
        :param Step step: shows the progress
        :param languages: codes to load, e.g. ``ru_RU``
        """
        building = f"{name}_building"
        self.drop(building)
        options = ["--with-demo"] if demo else []
        if languages:
            options.append(f"--load-language={','.join(languages)}")
        self._load(building, self.list_core_modules(), options, step)
        self.rename(building, name)
        self._drop_older(f"pc_{self.paths.tag}_core_")

    def build_layers(self, name, core, step):
        """Build the template of the tests, keeping the layer below the last addon.

        :param str name: final name
        :param str core: name of the core template
        :param Step step: shows the progress
        """
        layer = self.layer_name()
        below, last = self.split_addons()
        if not self.exists(layer):
            self.build_suite(layer, core, step, addons=below)
            self.build_bundles(layer, step)
        self.build_suite(name, layer, step, addons=last)

    def build_suite(self, name, core, step, demo=False, note="", addons=None):
        """Build a database with our addons on a copy of a template.

        :param str name: final name
        :param str core: name of the template
        :param Step step: shows the progress
        :param bool demo: with demo data
        :param str note: noted on the database
        :param addons: paths of some of our addons; default all
        """
        building = f"{name}_building"
        self.copy(core, building)
        modules = [path.name for path in addons or self.addons]
        self._load(building, modules, ["--with-demo"] if demo else [], step)
        self._analyse(building)
        self.write_note(building, note)
        self.rename(building, name)

    def prune_templates(self):
        """Drop the oldest templates with our addons."""
        self._drop_older(f"pc_{self.paths.tag}_suite_")
        self._drop_older(f"pc_{self.paths.tag}_layer_")

    def _analyse(self, name):
        """Tell the planner what the tables hold.

        Otherwise it depends on chance, on whether the server came round to it before
        the copy: with tables it knows nothing of, it plans some of Odoo's queries on
        invoices so that a hundred of them take minutes.
        """
        self.postgres.query(name, "VACUUM (ANALYZE)")

    def update(self, name, step):
        """Bring our addons in a database up to date, installing new ones."""
        modules = ",".join(path.name for path in self.addons)
        self._run_odoo(name, ["-i", modules, "-u", modules], step)
        self._check_installed(name, [path.name for path in self.addons])

    def build_bundles(self, name, step):
        """Build the scripts and styles of all pages; unchanged ones are kept."""
        log = self.paths.log("bundles")
        command = [self.odoo, "shell", "-d", name, "--no-http"]
        built = []

        def count(line):
            if BUNDLE in line:
                built.append(line)
                step.progress(len(built), unit="built")

        failed = run_logged(
            command, log, on_line=count, fed=BUNDLE_SCRIPT, env=self.environ
        )
        self._finish(failed, log)

    def _load(self, name, modules, options, step):
        self._run_odoo(name, ["-i", ",".join(modules), *options], step)
        self._check_installed(name, modules)

    def _run_odoo(self, name, options, step):
        log = self.paths.log(f"build-{name}")
        command = [self.odoo, "-d", name, *options]
        command += ["--no-http", "--stop-after-init", "--max-cron-threads=0"]

        def show(line):
            found = LOADING.search(line)
            if found:
                step.progress(int(found[2]), int(found[3]), f"modules ({found[1]})")

        self._finish(run_logged(command, log, on_line=show, env=self.environ), log)

    def _finish(self, failed, log):
        """Refuse what ended badly or left a warning."""
        warnings = find_warnings(log)
        if failed or warnings:
            first = warnings[0] if warnings else "no warning logged"
            raise SetupError(f"Building the database failed: {first} (log: {log})")

    def _check_installed(self, name, modules):
        statement = (
            "SELECT name FROM ir_module_module WHERE state = 'installed'"
            " AND name = ANY(%s)"
        )
        rows = self.postgres.query(name, (statement, [modules]))
        missing = sorted(set(modules) - {row[0] for row in rows})
        if missing:
            raise SetupError(
                f"These modules were not installed: {', '.join(missing)} "
                f"(log: {self.paths.logs}/build-{name}.log)"
            )

    def _drop_older(self, prefix):
        names = self.list_names(prefix)
        whole = [name for name in names if not name.endswith("_building")]
        for name in [*whole[:-KEPT_TEMPLATES], *(set(names) - set(whole))]:
            self.drop(name)
