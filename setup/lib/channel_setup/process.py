"""Child processes: logged, ended with us, never left behind."""

import ctypes
import os
import signal
import subprocess
import time

from .console import SetupError

PR_SET_PDEATHSIG = 1


def die_with_parent():
    """In the child: be told to stop when the set-up itself is killed."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def capture(command, **options):
    """Return the standard output of a short command; empty when it fails.

    :param list command: program and arguments
    """
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            check=False,
            **options,
        )
    except OSError:
        return ""
    return done.stdout if done.returncode == 0 else ""


def run_logged(command, log, on_line=None, fed="", **options):
    """Run a long command, its output going to a log file.

    :param list command: program and arguments
    :param Path log: file that receives standard output and error, line by line
    :param on_line: called with each line, for progress
    :param str fed: text for its standard input
    :return: exit code
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as sink:
        child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            preexec_fn=die_with_parent,
            **options,
        )
        try:
            child.stdin.write(fed)
            child.stdin.close()
            for line in child.stdout:
                sink.write(line)
                if on_line:
                    on_line(line)
            return child.wait()
        except BaseException:
            end_session(child)
            raise


def check_logged(command, log, failure, **options):
    """Run a long command like :func:`run_logged`; a failure becomes one line.

    :param str failure: what could not be done, and what the user may do
    """
    if run_logged(command, log, **options):
        raise SetupError(f"{failure} (details in {log})")


def end_session(child, first=signal.SIGTERM, patience=10):
    """End a child that leads a session, and whatever it started there.

    :param Popen child: started with ``start_new_session=True``
    :param int first: signal to begin with; SIGKILL follows
    :param float patience: seconds to wait in between
    """
    if child.poll() is None:
        child.send_signal(first)
        try:
            child.wait(patience)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    for pid in session_members(child.pid):
        _kill(pid, signal.SIGKILL)


def session_members(session):
    """Return the process ids that belong to a session."""
    members = []
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            if os.getsid(int(name)) == session:
                members.append(int(name))
        except OSError:
            continue
    return members


def _kill(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def wait_until(condition, patience, interval=0.1):
    """Poll a condition.

    :param condition: callable
    :param float patience: seconds
    :return: whether it came true in time
    """
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(interval)
    return False
