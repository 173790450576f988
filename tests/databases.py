"""Databases of their own, for benchmarks and tests that install and uninstall.

Used inside ``odoo shell`` without a database: names are given, nothing is implied.
"""

import os
import shutil
import threading
from contextlib import closing, contextmanager

import odoo.service.db
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.sql_db import close_db, db_connect
from odoo.tools import SQL, config

# What our addons depend on and what people run beside it: databases with and without
# our addons differ by our addons only.
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


def create(name, modules=CORE):
    """Create a database with modules and without demo data."""
    odoo.service.db._create_empty_database(name)
    install(name, modules)


def install(name, modules):
    """Install modules; the registry is loaded afresh afterwards."""
    _load(name, install_modules=modules, new_db_demo=False)


def upgrade(name, modules):
    """Upgrade modules."""
    _load(name, upgrade_modules=modules)


def uninstall(name, modules):
    """Uninstall modules and what depends on them."""
    with environment(name) as env:
        domain = [("name", "in", modules), ("state", "=", "installed")]
        env["ir.module.module"].search(domain).button_uninstall()
        env.cr.commit()
    _load(name)


def copy(source, target):
    """Copy a database and its files; nobody else may be connected to it."""
    _forget(source)
    _administer(SQL("CREATE DATABASE %s TEMPLATE %s", _name(target), _name(source)))
    if os.path.isdir(config.filestore(source)):
        # Files are named by their content: sharing them is safe.
        shutil.copytree(
            config.filestore(source), config.filestore(target), copy_function=os.link
        )


def drop(*names):
    """Drop databases, as far as they are there."""
    for name in names:
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


@contextmanager
def unlocked(cr):
    """Let the block change entries of the commission ledger, which nobody may.

    :param cr: cursor of the transaction
    """
    cr.execute("ALTER TABLE partner_commission_entry DISABLE TRIGGER USER")
    yield
    cr.execute("ALTER TABLE partner_commission_entry ENABLE TRIGGER USER")


def copy_rows(env, record, count, values):
    """Copy the row of a record, straight in the table.

    Only for data that has to be there in numbers: nothing is computed or checked.

    :param record: one record, flushed
    :param int count: how many copies
    :param dict values: SQL by column; ``n`` is the number of the copy, from 1
    """
    columns = [
        name
        for name, field in record._fields.items()
        if field.store and field.column_type and name != "id"
    ]
    env.cr.execute(
        SQL(
            "INSERT INTO %s (%s) SELECT %s FROM %s template, generate_series(1, %s) n "
            "WHERE template.id = %s",
            _name(record._table),
            SQL(", ").join(map(SQL.identifier, columns)),
            SQL(", ").join(
                values.get(name) or SQL.identifier("template", name) for name in columns
            ),
            _name(record._table),
            count,
            record.id,
        )
    )
    env.invalidate_all()


def _load(name, **options):
    threading.current_thread().dbname = name
    Registry.new(name, update_module=True, **options)
    _forget(name)


def _name(name):
    return SQL.identifier(name)


def _forget(name):
    Registry.delete(name)
    close_db(name)


def _administer(query):
    with closing(db_connect("postgres").cursor()) as cr:
        cr._cnx.autocommit = True
        cr.execute(query)
