"""Where the private cluster can live, and which user may run it.

PostgreSQL refuses to run as root, and the user it runs as must be able to enter its
folder; a socket's path must be short.
"""

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
from pathlib import Path

from .console import SetupError

# "…/socket/.s.PGSQL.5432" has to fit into 107 bytes, the kernel's limit.
SOCKET_LIMIT = 107
SOCKET_NAME = "socket/.s.PGSQL.5432"
# Survives a restart of the machine, unlike /tmp.
SHARED_FOLDER = Path("/var/tmp")


def choose_owner():
    """Return the user to run PostgreSQL as; empty for ourselves."""
    if os.getuid():
        return ""
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise SetupError(
        "PostgreSQL does not run as root and there is no user postgres or nobody; "
        "run this as an ordinary user"
    )


def choose_place(paths, owner):
    """Return the cluster's folder, made and owned by the right user.

    :param Paths paths: state folder
    :param str owner: user PostgreSQL runs as; empty for ourselves
    """
    inside = paths.state / "postgres"
    if _fits(inside) and _can_enter(paths.state, owner):
        return _make(inside, owner)
    return _make(find_outside(paths), owner)


def find_outside(paths):
    """Return the folder that serves a state folder PostgreSQL cannot use."""
    digest = hashlib.sha256(str(paths.state).encode()).hexdigest()[:12]
    return SHARED_FOLDER / f"partner-channel-{os.getuid()}-{digest}"


def _fits(folder):
    return len(os.fsencode(folder / SOCKET_NAME)) <= SOCKET_LIMIT


def _can_enter(folder, owner):
    if not owner:
        return True
    if not shutil.which("runuser"):
        raise SetupError("runuser is missing (package util-linux); install it")
    command = ["runuser", "-u", owner, "--", "test", "-x", str(folder)]
    return subprocess.run(command, check=False, cwd="/").returncode == 0


def _make(folder, owner):
    """Make the folder and its socket folder, readable by the owner alone.

    In a folder open to all, another user may have made it before: then refuse.
    """
    uid = pwd.getpwnam(owner).pw_uid if owner else os.getuid()
    gid = pwd.getpwnam(owner).pw_gid if owner else os.getgid()
    for path in (folder, folder / "socket"):
        try:
            path.mkdir(mode=0o700)
        except FileExistsError:
            pass
        else:
            os.chown(path, uid, gid)
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid:
            raise SetupError(
                f"{path} belongs to somebody else; remove it or set "
                "PARTNER_CHANNEL_STATE to another folder"
            )
    return folder
