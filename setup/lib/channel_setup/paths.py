"""Where things are: the checkout, its ignored state folder, the download cache."""

import ast
import hashlib
import os
from pathlib import Path

from .console import SetupError

# Set by the environment, so that a read-only checkout or a small home can be used.
STATE_VARIABLE = "PARTNER_CHANNEL_STATE"
CACHE_VARIABLE = "PARTNER_CHANNEL_CACHE"


class Paths:
    """Every folder the set-up uses; nothing outside of them is written to."""

    def __init__(self, root=None, environ=None):
        environ = os.environ if environ is None else environ
        self.root = Path(root or Path(__file__).parents[3]).resolve()
        state = environ.get(STATE_VARIABLE) or self.root / ".partner-channel"
        self.state = Path(state).expanduser().resolve()
        home = environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        cache = environ.get(CACHE_VARIABLE) or Path(home) / "partner-channel"
        self.cache = Path(cache).expanduser().resolve()
        self.requirements = self.root / "setup" / "requirements"
        self.logs = self.state / "log"
        self.bin = self.state / "bin"
        self.data = self.state / "data"
        self.filestore = self.data / "filestore"
        self.config = self.state / "partner-channel.conf"
        # Tells this state folder from others on a shared database server.
        self.tag = hashlib.sha256(str(self.state).encode()).hexdigest()[:6]

    def make(self):
        """Create the state folder."""
        for folder in (self.state, self.logs, self.bin, self.filestore):
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise SetupError(
                    f"The folder {folder} cannot be made ({error.strerror}); set "
                    f"{STATE_VARIABLE} to another one"
                ) from error

    def log(self, name):
        """Return an emptied log file of that name."""
        path = self.logs / f"{name}.log"
        path.unlink(missing_ok=True)
        return path

    def find_addons(self):
        """Return the folders of our installable addons, by name."""
        return [
            manifest.parent
            for manifest in sorted(self.root.glob("*/__manifest__.py"))
            if ast.literal_eval(manifest.read_text("utf-8")).get("installable", True)
        ]


def hash_texts(*texts):
    """Return a short hash of several texts, the same on every machine."""
    digest = hashlib.sha256()
    for text in texts:
        digest.update(text.encode())
        digest.update(b"\0")
    return digest.hexdigest()[:12]


def hash_files(files, base):
    """Return a short hash of names and contents.

    :param files: paths, in any order
    :param Path base: folder the names are taken relative to
    """
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(str(path.relative_to(base)).encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]
