"""Statements and bills of 1,000 partners out of 100,000 payable entries.

Each job runs in a process of its own, as a scheduled one does: the statements of a
month, then the draft bills of what was accepted, both in restartable batches.
"""

import datetime
import json
import subprocess
import sys

from odoo.fields import Command
from odoo.tools import SQL

from ..databases import analyze, copy_rows, environment
from .databases import SUITE
from .measure import format_table

PARTNERS = 1_000
ENTRIES = 100_000
# a day of the last month that is over
DAY = datetime.date.today().replace(day=1) - datetime.timedelta(days=10)
# OCA's settlement and bills took 0.62 ms a line
GOAL_MS, GOAL_MB = 0.062, 512
HEAD = ("Statements", "s", "CPU s", "ms an entry", "queries", "peak MB", "batches")
MARK = "JOB "
CODE = """
import json, resource, threading, time
from unittest.mock import patch
thread = threading.current_thread()
thread.query_count, thread.query_time = 0, 0.0
Cron = type(env["ir.cron"])
progress, batches = Cron._commit_progress, []
def note(self, processed=0, **kwargs):
    if processed:
        batches.append(processed)
    return progress(self, processed, **kwargs)
start, cpu = time.perf_counter(), time.process_time()
with patch.object(Cron, "_commit_progress", note):
    {job}
env.cr.commit()
figures = [time.perf_counter() - start, time.process_time() - cpu, thread.query_count,
    resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, len(batches)]
print("{mark}" + json.dumps(figures))
"""
STATE = (
    'env["partner.commission.statement"]'
    '._create_period_statements(env.company, "monthly")'
)
BILL = 'env["partner.commission.statement"]._cron_create_bills()'


def run(report):
    """Measure and report; return whether the goals are met.

    :param report: called with each line
    """
    with environment(SUITE) as env:
        _fill(env)
        env.cr.commit()
    analyze(SUITE)
    stated = _run(STATE)
    with environment(SUITE) as env:
        right = _accept_all(env)
        env.cr.commit()
    billed = _run(BILL)
    with environment(SUITE) as env:
        right = right and _is_billed(env)
    both = [first + second for first, second in zip(stated, billed, strict=True)]
    both[3] = max(stated[3], billed[3])
    rows = [
        (f"{PARTNERS:,} statements", *_show(stated)),
        (f"{PARTNERS:,} draft bills", *_show(billed)),
        ("both", *_show(both)),
    ]
    title = f"{ENTRIES:,} payable entries of {PARTNERS:,} partners"
    report(format_table(title, HEAD, rows))
    said = "yes" if right else "NO"
    report(f"Each entry once, each bill its statement's total: {said}.")
    report(f"Goal: at most {GOAL_MS} ms an entry and {GOAL_MB} MB.")
    return right and 1000 * both[0] / ENTRIES <= GOAL_MS and both[3] <= GOAL_MB


def _accept_all(env):
    """Have every statement accepted; return whether they hold each entry once."""
    statements = env["partner.commission.statement"].search([])
    entries = sum(statements.mapped("entry_count"))
    statements._with_state_move().write({"state": "accepted"})
    env.company.channel_bill_auto = True
    return (len(statements), entries) == (PARTNERS, ENTRIES)


def _is_billed(env):
    """Return whether each statement has a bill of its own over its total."""
    statements = env["partner.commission.statement"].search([])
    return len(statements.bill_id) == PARTNERS and all(
        statement.bill_id.amount_untaxed == statement.amount_total
        for statement in statements
    )


def _show(figures):
    seconds, cpu, queries, megabytes, batches = figures
    return (
        f"{seconds:.2f}",
        f"{cpu:.2f}",
        f"{1000 * seconds / ENTRIES:.3f}",
        f"{queries:,}",
        f"{megabytes:.0f}",
        batches,
    )


def _run(job):
    """Run a job in a process of its own; return its figures."""
    done = subprocess.run(
        [sys.executable, sys.argv[0], "shell", "-d", SUITE, "--no-http"],
        input=CODE.format(job=job, mark=MARK),
        capture_output=True,
        text=True,
        check=False,
    )
    for line in done.stdout.splitlines():
        if MARK in line:
            return json.loads(line.partition(MARK)[2])
    raise RuntimeError(done.stderr[-4000:])


def _fill(env):
    """Create partners, a plan and their entries: one booked, the others copies."""
    program = env["partner.program"].create(
        {"name": "Statements", "grade_ids": [Command.create({"name": "Statements"})]}
    )
    partners = env["res.partner"].create(
        [
            {"name": f"Stated partner {number:04}", "is_company": True}
            for number in range(PARTNERS)
        ]
    )
    members = env["partner.membership"].create(
        [{"partner_id": partner.id, "program_id": program.id} for partner in partners]
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
    entry = _book_first(env, partners[0])
    _copy_entries(env, entry, members)


def _book_first(env, partner):
    """Return the payable entry of a real invoice."""
    move = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": partner.id,
            "invoice_date": DAY,
            "invoice_line_ids": [
                Command.create({"name": "Licence", "price_unit": 1000, "tax_ids": []})
            ],
        }
    )
    move.action_post()
    entries = env["partner.commission.entry"].search([("move_id", "=", move.id)])
    env.flush_all()
    return entries.filtered(lambda each: each.book == "payable")


def _copy_entries(env, entry, members):
    """Give each member as many entries as the others."""
    env.cr.execute(
        SQL(
            "CREATE TEMP TABLE stated ON COMMIT DROP AS "
            "SELECT id, partner_id, ROW_NUMBER() OVER (ORDER BY id) AS number "
            "FROM partner_membership WHERE id IN %s",
            tuple(members.ids),
        )
    )
    of_member = SQL("FROM stated WHERE number = n / %s + 1", ENTRIES // PARTNERS)
    copy_rows(
        env,
        entry,
        ENTRIES - 1,
        {
            "membership_id": SQL("(SELECT stated.id %s)", of_member),
            "partner_id": SQL("(SELECT stated.partner_id %s)", of_member),
            "revision": SQL("n + 1"),
        },
    )
