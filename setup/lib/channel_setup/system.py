"""Installing on the machine itself, which only root may do."""

import os
import shutil

from .process import check_logged, run_logged


def can_install_system_packages():
    """Whether apt-get may be used to install on this machine."""
    return os.getuid() == 0 and bool(shutil.which("apt-get"))


def install_system_packages(names, log):
    """Install packages on the machine; only for root.

    :param list names: Debian packages
    :param Path log: receives apt's output
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
    if not run_logged(install, log, env=environ):
        return
    # A machine that never ran "apt-get update" does not know the packages yet.
    run_logged([*base, "update"], log, env=environ)
    check_logged(
        install,
        log,
        f"apt-get could not install {' '.join(names)}; no network? "
        "Install them by hand and run this again",
        env=environ,
    )
