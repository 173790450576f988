"""Databases of their own, for tests that commit."""

import os
import shutil
import subprocess
import time
from contextlib import contextmanager

import pytest


def _copy_files(source, target):
    """Share the files of a database with its copy: they are named by content."""
    if os.path.isdir(source):
        shutil.copytree(source, target, copy_function=os.link)


@contextmanager
def _without_tests():
    """Load a registry as a server does, without running the addons' tests."""
    from odoo.tools import config

    enabled = config["test_enable"]
    config["test_enable"] = False
    yield
    config["test_enable"] = enabled


@pytest.fixture(scope="module")
def registry_copy(load_registry):
    """The registry of a copy of the test database, dropped after the module."""
    import odoo.sql_db
    from odoo.modules.registry import Registry
    from odoo.tests.common import get_db_name
    from odoo.tools import config

    source = get_db_name()
    name = f"{source}_copy_{os.getpid()}"
    # Nobody may be connected to a database that is copied; between two test classes
    # only idle connections are left.
    for attempt in range(10):
        odoo.sql_db.close_db(source)
        command = ["createdb", "-T", source, name]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if not done.returncode:
            break
        time.sleep(attempt / 2)
    assert not done.returncode, done.stderr
    files = [config.filestore(database) for database in (source, name)]
    if files[0] != files[1]:
        _copy_files(*files)
    with _without_tests():
        registry = Registry(name)
    yield registry
    Registry.delete(name)
    odoo.sql_db.close_db(name)
    subprocess.run(["dropdb", "--if-exists", name], check=True)
    if files[0] != files[1]:
        shutil.rmtree(files[1], ignore_errors=True)


@pytest.fixture(scope="module")
def registry_with_books(registry_copy):
    """The registry of a copy whose company has a chart of accounts."""
    from odoo import SUPERUSER_ID, api

    with registry_copy.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        if not env.company.chart_template:
            env["account.chart.template"].try_loading(
                "generic_coa", env.company, install_demo=False
            )
    return registry_copy
