"""A database full of contacts, leads and invoices, as people have who start with us."""

from odoo.fields import Command
from odoo.tools import SQL

from ..databases import copy_rows

COUNT = 10_000
TABLES = (
    "res_partner",
    "crm_lead",
    "account_move",
    "account_move_line",
    "product_template",
    "product_category",
    "res_users",
    "sale_order",
)


def fill(env):
    """Create one of each through the models and copy it 10,000 times."""
    partner = env["res.partner"].create(
        {"name": "Stock", "is_company": True, "email": "stock@example.com"}
    )
    lead = env["crm.lead"].create(
        {
            "name": "Stock",
            "partner_name": "Stock",
            "email_from": "stock@example.com",
            "partner_assigned_id": partner.id,
        }
    )
    invoice = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": partner.id,
            "invoice_date": "2026-01-15",
            "invoice_line_ids": [
                Command.create({"name": "Stock", "quantity": 1, "price_unit": 100})
            ],
        }
    )
    invoice.action_post()
    env.flush_all()
    copy_rows(env, partner, COUNT, {"name": SQL("'Stock ' || n")})
    env.cr.execute(
        "UPDATE res_partner SET commercial_partner_id = id WHERE name LIKE 'Stock %'"
    )
    copy_rows(env, lead, COUNT, {"name": SQL("'Stock ' || n")})
    numbered = {"name": SQL("'STOCK/' || n"), "sequence_number": SQL("1000 + n")}
    copy_rows(env, invoice, COUNT, {**numbered, "ref": SQL("n::text")})
    _copy_lines(env, invoice)
    # Long ago, so that any write shows and what is new can be told apart.
    for table in TABLES:
        env.cr.execute(
            SQL(
                "UPDATE %s SET create_date = '2020-01-01', write_date = '2020-01-01'",
                SQL.identifier(table),
            )
        )


def _copy_lines(env, invoice):
    columns = [
        name
        for name, field in env["account.move.line"]._fields.items()
        if field.store and field.column_type and name not in ("id", "move_id")
    ]
    env.cr.execute(
        SQL(
            """
            INSERT INTO account_move_line (move_id, %s)
            SELECT move.id, %s
              FROM account_move_line line, account_move move
             WHERE line.move_id = %s AND move.name LIKE 'STOCK/%%'
            """,
            SQL(", ").join(map(SQL.identifier, columns)),
            SQL(", ").join(SQL.identifier("line", name) for name in columns),
            invoice.id,
        )
    )


def count_rows(cr):
    """Return {table: number of rows}."""
    return {table: _count(cr, table, SQL("TRUE")) for table in TABLES}


def count_rewritten(cr):
    """Return {table: rows written since :func:`fill`}, empty if there are none.

    The users' own contacts are left out: administrators get the new groups.
    """
    written = (
        "create_date = '2020-01-01' AND write_date > '2020-01-01' "
        "AND (%s OR id NOT IN (SELECT partner_id FROM res_users))"
    )
    counts = {
        table: _count(cr, table, SQL(written, table != "res_partner"))
        for table in TABLES
    }
    return {table: count for table, count in counts.items() if count}


def _count(cr, table, condition):
    query = SQL("SELECT COUNT(*) FROM %s WHERE %s", SQL.identifier(table), condition)
    cr.execute(query)
    return cr.fetchone()[0]
