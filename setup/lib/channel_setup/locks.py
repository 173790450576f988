"""Locks the kernel frees by itself when a process ends, however it ends."""

import fcntl
import os
from contextlib import contextmanager

from .console import say


def try_lock(path):
    """Take an exclusive lock without waiting.

    :param Path path: lock file, made if missing
    :return: the open file, which holds the lock, or None
    """
    handle = path.open("a+", encoding="utf-8")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        return None
    return handle


def wait_shared(path):
    """Take a shared lock, waiting for an exclusive holder to finish.

    :return: the open file, which holds the lock
    """
    handle = path.open("a+", encoding="utf-8")
    fcntl.flock(handle, fcntl.LOCK_SH)
    return handle


def read_holder(path):
    """Return the process id noted by the holder of an exclusive lock."""
    return path.read_text("utf-8").strip() or "unknown"


def note_holder(handle):
    """Write our process id into the lock file."""
    handle.truncate(0)
    handle.write(str(os.getpid()))
    handle.flush()


@contextmanager
def exclusive(path, what):
    """Hold a lock for the block; wait for another holder, and say so.

    :param Path path: lock file
    :param str what: what the holder is doing, for the message
    """
    handle = try_lock(path)
    if handle is None:
        say(f"setup: waiting for process {read_holder(path)}, which is {what}")
        handle = path.open("a+", encoding="utf-8")
        fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        note_holder(handle)
        yield
    finally:
        handle.close()
