"""``./setup/lint``: the linters, all of them, then one verdict."""

import argparse
import os
import subprocess
import time

from . import locks
from .console import say, step
from .node_env import NodeEnv
from .paths import Paths
from .python_env import PythonEnv


def run(arguments):
    """Prepare the linters and run them.

    :return: exit code, 1 if any of them has a finding
    """
    parser = argparse.ArgumentParser(
        prog="./setup/lint", description="Run the linters."
    )
    parser.add_argument(
        "--fix", action="store_true", help="mend first what can be mended by machine"
    )
    options = parser.parse_args(arguments)
    paths = Paths()
    paths.make()
    python = PythonEnv(paths, "lint", ["lint.txt"])
    node = NodeEnv(paths)
    with locks.exclusive(paths.state / "lint.lock", "preparing the linters"):
        for number, part in enumerate((python, node), 1):
            if not part.is_ready():
                with step(number, 2, f"Preparing {part.title}") as current:
                    part.build(current)
    linters = Linters(paths, python, node)
    if options.fix:
        for title, command in linters.list_fixes():
            linters.run_one(title, command)
    failed = [
        title
        for title, command in linters.list_checks()
        if not linters.run_one(title, command)
    ]
    say(f"setup: findings of {', '.join(failed)}" if failed else "setup: lint is clean")
    return int(bool(failed))


class Linters:
    """The commands of all linters.

    :param Paths paths: checkout and state folder
    :param PythonEnv python: environment of the Python linters
    :param NodeEnv node: environment of the npm linters
    """

    def __init__(self, paths, python, node):
        self.paths = paths
        self.bin = python.folder / "bin"
        self.node = node
        self.addons = [path.name for path in paths.find_addons()]

    def run_one(self, title, command):
        """Run one linter, its output shown when it has a finding.

        :return: whether it is content
        """
        started = time.monotonic()
        anchor = self.node.folder / "package.json"
        done = subprocess.run(
            command,
            cwd=self.paths.root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            env=dict(os.environ, PARTNER_CHANNEL_NODE=str(anchor), NO_COLOR="1"),
        )
        verdict = "findings" if done.returncode else "ok"
        say(f"{title}: {verdict} ({time.monotonic() - started:.1f} s)")
        if done.returncode:
            say(done.stdout.rstrip())
        return not done.returncode

    def _python(self, program, *arguments):
        return [str(self.bin / program), *arguments]

    def _list_files(self, *patterns):
        """Return tracked and new files; ignored ones are not ours to check."""
        command = ["git", "ls-files", "-z", "--cached", "--others"]
        command += ["--exclude-standard", "--", *patterns]
        done = subprocess.run(
            command, cwd=self.paths.root, capture_output=True, text=True, check=True
        )
        names = (name for name in done.stdout.split("\0") if name)
        return [name for name in names if (self.paths.root / name).is_file()]

    def _prettier(self, mode):
        plugin = self.node.command("@prettier", "plugin-xml", "src", "plugin.js")[1]
        files = self._list_files("*.js", "*.mjs", "*.xml", "*.scss", "*.yml", "*.json")
        program = self.node.command("prettier", "bin", "prettier.cjs")
        return [*program, f"--plugin={plugin}", "--log-level=warn", mode, *files]

    def _oca(self, *options):
        manifests = [f"{name}/__manifest__.py" for name in self.addons]
        return self._python("oca-checks-odoo-module", *options, *manifests)

    def _eslint(self, *options):
        program = self.node.command("eslint", "bin", "eslint.js")
        return [*program, "--no-warn-ignored", "--max-warnings=0", *options, "."]

    def list_fixes(self):
        """Return ``(title, command)`` for what mends findings by itself."""
        return [
            ("ruff --fix", self._python("ruff", "check", "--fix", ".")),
            ("ruff format", self._python("ruff", "format", ".")),
            ("oca-checks --fix", self._oca("--fix")),
            ("prettier --write", self._prettier("--write")),
            ("eslint --fix", self._eslint("--fix")),
        ]

    def list_checks(self):
        """Return ``(title, command)`` for each linter."""
        files = self._list_files("setup/*", ".ci/run")
        scripts = [
            name for name in files if name.endswith(".sh") or "." not in name[1:]
        ]
        checks = [
            ("bash", ["bash", "-n", *scripts]),
            ("ruff check", self._python("ruff", "check", ".")),
            ("ruff format", self._python("ruff", "format", "--check", ".")),
            ("house rules", self._python("python", "setup/linters/check_house.py")),
            ("pylint-odoo", self._python("pylint", "--rcfile=.pylintrc", *self.addons)),
            ("oca-checks", self._oca()),
            ("prettier", self._prettier("--check")),
            ("eslint", self._eslint()),
        ]
        catalogues = self._list_files("*.po", "*.pot")
        if catalogues:
            # Odoo's own export breaks lines in another way.
            command = self._python("oca-checks-po", "--disable=po-pretty-format")
            checks.append(("oca-checks-po", [*command, *catalogues]))
        return checks
