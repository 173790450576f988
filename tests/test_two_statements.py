"""The jobs of statements and of bills: killed in the middle, and run by two servers at
once.

In processes of their own, on a copy of the database, each with its own connection.
"""

import datetime
import signal
import time

import pytest

from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.tools import SQL

from .databases import copy_rows, unlocked
from .shells import finish_job, start_shell, wait_for

PARTNERS, EACH = 200, 5
# Small batches, and a pause after each: time to be killed in.
NIGHT = """
import time
from unittest.mock import patch
from odoo.addons.partner_channel_commission.models import (
    commission_bill_job_mixin, commission_period_job_mixin)
commission_bill_job_mixin._BATCH_SIZE = {batch}
commission_period_job_mixin._BATCH_SIZE = {batch}
Cron = type(env["ir.cron"])
progress = Cron._commit_progress
def slowly(self, processed=0, **kwargs):
    left = progress(self, processed, **kwargs)
    if processed:
        print("BATCH", flush=True)
        time.sleep({pause})
    return left
with patch.object(Cron, "_commit_progress", slowly):
    {job}
env.cr.commit()
print("DONE", flush=True)
"""
STATEMENTS = 'env["partner.commission.statement"]._cron_create_statements()'
BILLS = 'env["partner.commission.statement"]._cron_create_bills()'


@pytest.fixture(scope="module")
def vendor(registry_with_books):
    """A registry with partners who all have payable entries of last month."""
    registry = registry_with_books
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        env["res.company"].search([]).channel_statement_auto = False
        env.company.write({"channel_statement_auto": True, "channel_bill_auto": True})
        program = env["partner.program"].create(
            {"name": "Stated", "grade_ids": [Command.create({"name": "Entry"})]}
        )
        partners = env["res.partner"].create(
            [{"name": f"P{number}", "is_company": True} for number in range(PARTNERS)]
        )
        members = env["partner.membership"].create(
            [{"partner_id": each.id, "program_id": program.id} for each in partners]
        )
        members.action_activate()
        env["partner.commission.plan"].create(
            {
                "name": "Stated",
                "program_id": program.id,
                "date_from": "2020-01-01",
                "rule_ids": [
                    Command.create({"role": "resale", "rate": 10, "trigger": "posting"})
                ],
            }
        ).action_activate()
        _book(env, members)
        program_id = program.id
    return registry, program_id


def _book(env, members):
    """Give each partner as many payable entries of last month, over 100.00 each."""
    day = datetime.date.today().replace(day=1) - datetime.timedelta(days=5)
    move = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": members[0].partner_id.id,
            "invoice_date": day,
            "invoice_line_ids": [
                Command.create({"name": "Licence", "price_unit": 1000, "tax_ids": []})
            ],
        }
    )
    move.action_post()
    entry = env["partner.commission.entry"].search(
        [("move_id", "=", move.id), ("book", "=", "payable")]
    )
    env.flush_all()
    env.cr.execute(
        SQL(
            "CREATE TEMP TABLE stated ON COMMIT DROP AS "
            "SELECT id, partner_id, ROW_NUMBER() OVER (ORDER BY id) AS number "
            "FROM partner_membership WHERE id IN %s",
            tuple(members.ids),
        )
    )
    of_member = SQL("FROM stated WHERE number = n / %s + 1", EACH)
    copy_rows(
        env,
        entry,
        PARTNERS * EACH - 1,
        {
            "membership_id": SQL("(SELECT stated.id %s)", of_member),
            "partner_id": SQL("(SELECT stated.partner_id %s)", of_member),
            "revision": SQL("n + 1"),
        },
    )


def start_night(registry, job, batch=20, pause=0.0):
    """Start the job in a process of its own."""
    return start_shell(registry, NIGHT.format(job=job, batch=batch, pause=pause))


def begin_again(vendor, job):
    """Undo what the job did, and for bills have every statement accepted."""
    registry, program_id = vendor
    with registry.cursor() as cr:
        cr.execute(
            """
            CREATE TEMP TABLE mine ON COMMIT DROP AS
                SELECT statement.id, statement.bill_id
                  FROM partner_commission_statement statement
                  JOIN partner_membership member ON member.id = statement.membership_id
                 WHERE member.program_id = %s""",
            [program_id],
        )
        cr.execute("UPDATE partner_commission_statement SET bill_id = NULL")
        with unlocked(cr):
            cr.execute(
                """
                DELETE FROM account_move WHERE id IN (SELECT bill_id FROM mine);
                UPDATE partner_commission_entry SET statement_id = NULL
                 WHERE statement_id IN (SELECT id FROM mine);
                DELETE FROM partner_commission_statement
                 WHERE id IN (SELECT id FROM mine)"""
            )
    if job == BILLS:
        finish_job(start_night(registry, STATEMENTS))
        with registry.cursor() as cr:
            cr.execute("UPDATE partner_commission_statement SET state = 'accepted'")


def read_outcome(vendor):
    """Return statements, stated entries, their sum, bills and their untaxed sum."""
    registry, program_id = vendor
    with registry.cursor() as cr:
        cr.execute(
            """
            SELECT COUNT(DISTINCT statement.id), COUNT(entry.id),
                   COALESCE(SUM(entry.amount_currency), 0)
              FROM partner_membership member
              JOIN partner_commission_entry entry
                ON entry.membership_id = member.id AND entry.book = 'payable'
              JOIN partner_commission_statement statement
                ON statement.id = entry.statement_id
             WHERE member.program_id = %s""",
            [program_id],
        )
        statements, entries, total = cr.fetchone()
        cr.execute(
            """
            SELECT COUNT(move.id), COALESCE(SUM(move.amount_untaxed), 0)
              FROM account_move move
              JOIN partner_commission_statement statement
                ON statement.id = move.commission_payout_id
              JOIN partner_membership member ON member.id = statement.membership_id
             WHERE member.program_id = %s""",
            [program_id],
        )
        bills, billed = cr.fetchone()
        return statements, entries, float(total), bills, float(billed)


ALL = PARTNERS * EACH
DONE = {
    STATEMENTS: (PARTNERS, ALL, ALL * 100.0, 0, 0.0),
    BILLS: (PARTNERS, ALL, ALL * 100.0, PARTNERS, ALL * 100.0),
}


@pytest.mark.parametrize("job", [STATEMENTS, BILLS], ids=["statements", "bills"])
def test_a_job_killed_in_the_middle_goes_on_where_it_was(vendor, job):
    registry, _program = vendor
    begin_again(vendor, job)
    process = start_night(registry, job, pause=0.4)
    for _batch in range(3):
        wait_for(process, "BATCH")
    time.sleep(0.1)
    process.send_signal(signal.SIGKILL)
    process.wait(30)
    halfway = read_outcome(vendor)
    assert halfway != DONE[job], "killed in the middle"
    made = halfway[0] if job == STATEMENTS else halfway[3]
    assert 0 < made < PARTNERS
    finish_job(start_night(registry, job))
    assert read_outcome(vendor) == DONE[job]


@pytest.mark.parametrize("job", [STATEMENTS, BILLS], ids=["statements", "bills"])
def test_two_servers_do_nothing_twice_and_miss_nobody(vendor, job):
    registry, _program = vendor
    begin_again(vendor, job)
    nights = [start_night(registry, job, pause=0.02) for _server in range(2)]
    for night in nights:
        finish_job(night)
    # what one has found taken by the other, the next night finds done
    finish_job(start_night(registry, job))
    assert read_outcome(vendor) == DONE[job]
