"""Installing on the machine itself, which only root may do."""

import os
import re
import shutil

from .process import check_logged, run_logged


def can_install_system_packages():
    """Whether apt-get may be used to install on this machine."""
    return os.getuid() == 0 and bool(shutil.which("apt-get"))


def install_system_packages(names, log, step):
    """Install packages on the machine; only for root.

    :param list names: Debian packages
    :param Path log: receives apt's output
    :param Step step: shows the progress
    """
    environ = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    base = [
        "apt-get",
        "-q",
        "-o",
        "DPkg::Lock::Timeout=300",
        "-o",
        "Acquire::Retries=2",
    ]
    install = [*base, "install", "-y", "--no-install-recommends", *names]
    counter = _Counter(step)
    if not run_logged(install, log, on_line=counter, env=environ):
        return
    # An earlier run may have been interrupted in the middle of it, and a machine that
    # never ran "apt-get update" does not know the packages yet.
    run_logged(["dpkg", "--configure", "-a"], log, env=environ)
    run_logged([*base, "update"], log, env=environ)
    check_logged(
        install,
        log,
        f"apt-get could not install {' '.join(names)}; no network? "
        "Install them by hand and run this again",
        on_line=counter,
        env=environ,
    )


class _Counter:
    """Counts the packages apt has set up."""

    def __init__(self, step):
        self.step = step
        self.done = 0
        self.total = None

    def __call__(self, line):
        found = re.search(r"(\d+) newly installed", line)
        if found:
            self.total = int(found[1])
        if line.startswith("Setting up "):
            self.done += 1
        self.step.progress(self.done, self.total, "packages")
