"""The two databases of a benchmark: Odoo alone, and the same with our addons."""

import os
import shutil
import threading
from contextlib import closing, contextmanager

import odoo.service.db
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.sql_db import close_db, db_connect
from odoo.tools import SQL, config

PLAIN = "partner_channel_bench_plain"
SUITE = "partner_channel_bench"
# What our addons depend on, so that the two databases differ by our addons only.
CORE = (
    "account",
    "crm",
    "partnership",
    "portal",
    "sale_crm",
    "sale_management",
    "website_crm_partner_assign",
    "website_slides_survey",
)
ADDONS = ("partner_channel_commission", "partner_channel_lms")


@contextmanager
def prepared(template=None):
    """Provide both databases for the block and drop them afterwards.

    :param str template: a database with Odoo's modules and none of ours, to be copied
        instead of installing them anew
    """
    drop()
    try:
        if template:
            copy(template, PLAIN)
        else:
            odoo.service.db._create_empty_database(PLAIN)
            install(PLAIN, CORE)
        copy(PLAIN, SUITE)
        install(SUITE, ADDONS)
        yield
    finally:
        drop()


def install(name, modules):
    """Install modules; the registry is loaded afresh afterwards."""
    threading.current_thread().dbname = name
    Registry.new(name, update_module=True, install_modules=modules, new_db_demo=False)
    _forget(name)


def copy(source, target):
    """Copy a database and its files; nobody else may be connected to it."""
    _forget(source)
    _administer(SQL("CREATE DATABASE %s TEMPLATE %s", _name(target), _name(source)))
    if os.path.isdir(config.filestore(source)):
        # Files are named by their content: sharing them is safe.
        shutil.copytree(
            config.filestore(source), config.filestore(target), copy_function=os.link
        )


def drop():
    """Drop both databases if they are there."""
    for name in (SUITE, PLAIN):
        _forget(name)
        _administer(SQL("DROP DATABASE IF EXISTS %s WITH (FORCE)", _name(name)))
        shutil.rmtree(config.filestore(name), ignore_errors=True)


@contextmanager
def environment(name):
    """Provide an environment of the superuser; what it leaves uncommitted is lost."""
    threading.current_thread().dbname = name
    with Registry(name).cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {})
        cr.rollback()


def analyze(name):
    """Let PostgreSQL look at the tables, as its own daemon does sooner or later."""
    with closing(db_connect(name).cursor()) as cr:
        cr._cnx.autocommit = True
        cr.execute("ANALYZE")


def _name(name):
    return SQL.identifier(name)


def _forget(name):
    Registry.delete(name)
    close_db(name)


def _administer(query):
    with closing(db_connect("postgres").cursor()) as cr:
        cr._cnx.autocommit = True
        cr.execute(query)
