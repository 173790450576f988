"""A thousand members with payable entries in the ledger."""

from odoo.fields import Command
from odoo.tools import SQL

from ..databases import copy_rows, unlocked


def fill(env, partners, entries, day):
    """Create partners, a plan and their entries: one booked, the others copies.

    :param int partners: how many
    :param int entries: how many payable entries, the same number for each
    :param day: date of the entries, in a month that is over
    """
    # what other benchmarks booked would be stated as well
    with unlocked(env.cr):
        env.cr.execute("DELETE FROM partner_commission_entry")
    program = env["partner.program"].create(
        {"name": "Statements", "grade_ids": [Command.create({"name": "Statements"})]}
    )
    companies = env["res.partner"].create(
        [
            {"name": f"Stated partner {number:04}", "is_company": True}
            for number in range(partners)
        ]
    )
    members = env["partner.membership"].create(
        [{"partner_id": each.id, "program_id": program.id} for each in companies]
    )
    members.action_activate()
    env["partner.commission.plan"].create(
        {
            "name": "Statements",
            "program_id": program.id,
            "date_from": "2026-01-01",
            "rule_ids": [
                Command.create({"role": "resale", "rate": 5, "trigger": "posting"})
            ],
        }
    ).action_activate()
    entry = _book_first(env, companies[0], day)
    _copy_entries(env, entry, members, entries)


def _book_first(env, partner, day):
    """Return the payable entry of a real invoice."""
    move = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": partner.id,
            "invoice_date": day,
            "invoice_line_ids": [
                Command.create({"name": "Licence", "price_unit": 1000, "tax_ids": []})
            ],
        }
    )
    move.action_post()
    entries = env["partner.commission.entry"].search([("move_id", "=", move.id)])
    env.flush_all()
    return entries.filtered(lambda each: each.book == "payable")


def _copy_entries(env, entry, members, entries):
    """Give each member as many entries as the others."""
    env.cr.execute(
        SQL(
            "CREATE TEMP TABLE stated ON COMMIT DROP AS "
            "SELECT id, partner_id, ROW_NUMBER() OVER (ORDER BY id) AS number "
            "FROM partner_membership WHERE id IN %s",
            tuple(members.ids),
        )
    )
    of_member = SQL("FROM stated WHERE number = n / %s + 1", entries // len(members))
    copy_rows(
        env,
        entry,
        entries - 1,
        {
            "membership_id": SQL("(SELECT stated.id %s)", of_member),
            "partner_id": SQL("(SELECT stated.partner_id %s)", of_member),
            "revision": SQL("n + 1"),
        },
    )
