"""Ten thousand partners and their two hundred thousand invoices.

Written straight into the tables: what is measured is the review, and posting through
the models would take hours.
"""

import datetime
from collections import Counter

from odoo import fields
from odoo.fields import Command
from odoo.tools import SQL

from ..databases import copy_rows

PARTNERS = 10_000
INVOICES = 200_000
# Highest tier first: limit of the calendar year's revenue.
TIERS = (("Platinum", 150_000), ("Gold", 50_000), ("Silver", 10_000))
# Requirements of the lowest tier with any: one of each kind of metric.
OTHERS = (
    ("collected_revenue", "ge"),
    ("margin", "ge"),
    ("won_deals", "ge"),
    ("active_customers", "ge"),
    ("response_time", "le"),
    ("customer_rating", "ge"),
)


def fill(env):
    """Write the data; return {tier: number of partners} as it must come out."""
    program = _create_program(env)
    partner = env["res.partner"].create({"name": "Bench reseller", "is_company": True})
    membership = env["partner.membership"].create(
        {"partner_id": partner.id, "program_id": program.id}
    )
    membership.action_activate()
    move = _create_invoice(env, partner)
    env.flush_all()
    copy_rows(env, partner, PARTNERS - 1, {"name": SQL("'Bench reseller ' || n")})
    env.cr.execute(
        """
        UPDATE res_partner SET commercial_partner_id = id
         WHERE name LIKE 'Bench reseller%%';
        CREATE TEMP TABLE bench_partner AS
        SELECT row_number() OVER (ORDER BY id) - 1 AS place, id FROM res_partner
         WHERE name LIKE 'Bench reseller%%';
        CREATE UNIQUE INDEX ON bench_partner (place)
        """
    )
    own = SQL("(SELECT id FROM bench_partner WHERE place = n)")
    copy_rows(env, membership, PARTNERS - 1, {"partner_id": own})
    _copy_history(env, membership)
    _copy_invoices(env, move)
    return _count(env)


def read_tiers(env):
    """Return {tier: number of partners} as the review has decided."""
    groups = env["partner.membership"]._read_group(
        [("program_id.name", "=", "Bench tiers")], ["grade_id"], ["__count"]
    )
    return Counter({grade.name: count for grade, count in groups})


def leave_to_review(env, count):
    """Mark all but the first so many partners as reviewed today."""
    env.cr.execute(
        """UPDATE partner_membership
              SET date_reviewed = CASE WHEN place < %(count)s
                                       THEN NULL ELSE %(day)s END,
                  date_health = CASE WHEN place < %(count)s
                                     THEN NULL ELSE %(day)s END
             FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place
                     FROM partner_membership) ordered
            WHERE ordered.id = partner_membership.id""",
        {"count": count, "day": fields.Date.today()},
    )


def _create_program(env):
    """Expert asks for a little of everything, so that all of it is measured."""
    grades = [
        Command.create(
            {
                "name": name,
                "sequence": place,
                "requirement_ids": [
                    Command.create({"metric": "channel_revenue", "threshold": limit})
                ],
            }
        )
        for place, (name, limit) in enumerate(TIERS)
    ]
    expert = {
        "name": "Expert",
        "sequence": len(grades),
        "requirement_ids": [
            Command.create({"metric": metric, "comparison": sign, "threshold": 1})
            for metric, sign in OTHERS
        ],
    }
    entry = {"name": "Registered", "sequence": len(grades) + 1}
    return env["partner.program"].create(
        {
            "name": "Bench tiers",
            "grade_ids": [*grades, Command.create(expert), Command.create(entry)],
        }
    )


def _create_invoice(env, partner):
    move = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": partner.id,
            "invoice_date": datetime.date(2020, 1, 1),
            "invoice_line_ids": [
                Command.create(
                    {"name": "Bench", "price_unit": 1, "tax_ids": [Command.clear()]}
                )
            ],
        }
    )
    move.action_post()
    return move


def _copy_history(env, membership):
    """Every membership has its first row of history, as if it had begun."""
    change = membership.tier_change_ids
    env.flush_all()
    env.cr.execute(
        """INSERT INTO partner_tier_change (membership_id, partner_id, program_id,
                                            company_id, grade_id, direction, date_from)
           SELECT membership.id, membership.partner_id, membership.program_id,
                  membership.company_id, change.grade_id, 'start', change.date_from
             FROM partner_membership membership, partner_tier_change change
            WHERE change.id = %s AND membership.id <> change.membership_id
              AND membership.program_id = change.program_id""",
        [change.id],
    )


def _copy_invoices(env, move):
    """Sell to partner ``p`` 20 times, each time (p * 97 mod 200) * 50."""
    place = SQL("n %% %s", PARTNERS)
    partner = SQL("(SELECT id FROM bench_partner WHERE place = %s)", place)
    amount = SQL("((%s) * 97 %% 200 * 50)", place)
    day = SQL("(%s::date - (n / %s)::int)", fields.Date.today(), PARTNERS)
    names = {
        "name": SQL("'BENCH/' || n"),
        "partner_id": partner,
        "commercial_partner_id": partner,
        "invoice_date": day,
        "date": day,
    }
    amounts = ("amount_untaxed", "amount_total", "amount_residual")
    for name in (*amounts, *(f"{name}_signed" for name in amounts)):
        names[name] = amount
    copy_rows(env, move, INVOICES, names)
    line = move.invoice_line_ids
    columns = [
        SQL.identifier(name)
        for name, field in line._fields.items()
        if field.store
        and field.column_type
        and name not in ("id", "move_id", "balance")
    ]
    env.cr.execute(
        SQL(
            """INSERT INTO account_move_line (move_id, balance, %s)
               SELECT move.id, -move.amount_untaxed_signed, %s
                 FROM account_move move, account_move_line template
                WHERE template.id = %s AND move.name LIKE 'BENCH/%%'""",
            SQL(", ").join(columns),
            SQL(", ").join(SQL("template.%s", column) for column in columns),
            line.id,
        )
    )
    env.invalidate_all()


def _count(env):
    """Work the tiers out of the invoices, partner by partner, without our code."""
    today = fields.Date.today()
    env.cr.execute(
        """SELECT partner.id,
                  COALESCE(SUM(amount_untaxed_signed) FILTER (
                    WHERE invoice_date >= %(this)s), 0),
                  COALESCE(SUM(amount_untaxed_signed) FILTER (
                    WHERE invoice_date < %(this)s AND invoice_date >= %(last)s), 0)
             FROM bench_partner partner
        LEFT JOIN account_move move ON move.partner_id = partner.id
              AND move.state = 'posted'
         GROUP BY partner.id""",
        {
            "this": datetime.date(today.year, 1, 1),
            "last": datetime.date(today.year - 1, 1, 1),
        },
    )
    return Counter(
        next((name for name, limit in TIERS if max(years) >= limit), "Registered")
        for _partner, *years in env.cr.fetchall()
    )
