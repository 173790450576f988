"""What every test run has: a thread that knows its database, and a clean log."""

import logging
import os
import shutil
import sys
import threading
from pathlib import Path
from unittest import mock

import pytest

sys.path.insert(0, str(Path(__file__).parent / "setup" / "lib"))

from channel_setup.log_rules import is_allowed


class WarningCollector(logging.Handler):
    """Keeps the warnings and errors that no test has asked for.

    A test that expects one says so by ``assertLogs`` or ``mute_logger``; neither lets
    the record reach this handler.
    """

    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []

    def emit(self, record):
        """Keep a record unless it is known and harmless."""
        message = record.getMessage()
        if not is_allowed(record.name, message):
            self.lines.append(f"{record.levelname} {record.name}: {message}")

    def take(self):
        """Return what was kept since the last call."""
        lines, self.lines = self.lines, []
        return lines


COLLECTOR = WarningCollector()


@pytest.fixture(scope="session", autouse=True)
def know_database(load_registry):
    """Give the main thread its database, as Odoo's own server does.

    Code that asks for it, such as the website's routing, fails otherwise.
    """
    import odoo.tests.common

    threading.current_thread().dbname = odoo.tests.common.get_db_name()


@pytest.fixture(scope="session", autouse=True)
def own_files(load_registry):
    """Give each of several pytest processes a file store of its own.

    pytest-odoo has them share one: a test that collects garbage there would take the
    files of the others, whose database it does not know.
    """
    import odoo.tests.common
    from odoo.tools import config

    if not isinstance(config.filestore, mock.Mock):
        yield
        return
    shared = config.filestore.return_value
    own = Path(shared).with_name(odoo.tests.common.get_db_name())
    if Path(shared) != own:
        shutil.copytree(shared, own, copy_function=os.link, dirs_exist_ok=True)
        config.filestore.return_value = str(own)
    yield
    config.filestore.return_value = shared


@pytest.fixture(scope="session", autouse=True)
def collect_warnings(load_registry):
    """Watch the log from the first test to the last."""
    logging.getLogger().addHandler(COLLECTOR)
    yield
    logging.getLogger().removeHandler(COLLECTOR)


@pytest.fixture(autouse=True)
def clean_log(collect_warnings):
    """Fail a test that leaves a warning in the server's log."""
    yield
    lines = COLLECTOR.take()
    assert not lines, "unexpected in the server's log:\n" + "\n".join(lines)


def pytest_sessionfinish(session):
    """Fail the run for a warning logged after the last test."""
    lines = COLLECTOR.take()
    if lines and not session.exitstatus:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        sys.stderr.write("unexpected in the server's log:\n" + "\n".join(lines) + "\n")
