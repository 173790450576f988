"""Posting beside more and more earlier entries of the ledger.

Copies of one database get entries straight in the table and are measured in turns.
"""

from odoo.tools import SQL

from ..databases import analyze, copy, copy_rows, drop, environment, unlocked
from .databases import SUITE, in_turn
from .measure import format_table, measured, median, show_ms
from .sales import LINES, create_invoices, is_prepared, prepare

SIZES = (0, 100_000, 1_000_000)
INVOICES = 100
REPEATS = 3
GOAL = 1.10
HEAD = ("Earlier entries", "CPU ms", "×", "wall ms", "in database ms", "queries")


def run(report):
    """Measure and report; return whether the cost stays the same.

    :param report: called with each line
    """
    names = [f"{SUITE}_{size}" for size in SIZES]
    try:
        _build(names)
        samples = {name: [] for name in names}
        # the first turn warms all up
        for turn in range(REPEATS + 1):
            for name in in_turn(tuple(names), turn):
                _post(name, samples[name] if turn else [])
    finally:
        drop(*names)
    medians = [median(samples[name]) for name in names]
    rows = [
        (
            f"{size:,}",
            show_ms(sample.cpu),
            f"{sample.cpu / medians[0].cpu:.3f}",
            show_ms(sample.wall),
            show_ms(sample.database),
            sample.queries,
        )
        for size, sample in zip(SIZES, medians, strict=True)
    ]
    title = (
        f"Creating and posting {INVOICES} invoices of {LINES} lines for two partners"
    )
    report(format_table(title, HEAD, rows))
    report(f"Goal: at most {GOAL:.2f} ×; the same number of queries, give or take two.")
    queries = [sample.queries for sample in medians]
    return medians[-1].cpu <= GOAL * medians[0].cpu and (
        max(queries) - min(queries) <= 2
    )


def _build(names):
    with environment(SUITE) as env:
        if not is_prepared(env):
            prepare(env)
            env.cr.commit()
    for name, size in zip(names, SIZES, strict=True):
        drop(name)
        copy(SUITE, name)
        with environment(name) as env:
            _fill(env, size)
            env.cr.commit()
        analyze(name)


def _post(name, samples):
    with environment(name) as env, measured(samples, env.cr):
        create_invoices(env, INVOICES).action_post()
        env.cr.commit()


def _fill(env, size):
    """Leave so many entries, of all members, invoices and days of some years."""
    create_invoices(env, 1).action_post()
    env.flush_all()
    entries = env["partner.commission.entry"].search([])
    entry = entries[0]
    kept = entry.ids if size else [0]
    with unlocked(env.cr):
        env.cr.execute(
            SQL("DELETE FROM partner_commission_entry WHERE id != ALL(%s)", kept)
        )
    if not size:
        return
    members = env["partner.membership"].search([])
    moves = env["account.move"].search([("move_type", "=", "out_invoice")])
    member = SQL("(%s::int[])[1 + n %% %s]", members.ids, len(members))
    copy_rows(
        env,
        entry,
        size - 1,
        {
            "membership_id": member,
            "partner_id": SQL(
                "(%s::int[])[1 + n %% %s]", members.partner_id.ids, len(members)
            ),
            "move_id": SQL("(%s::int[])[1 + n %% %s]", moves.ids, len(moves)),
            "date": SQL("DATE '2023-01-01' + n %% 1000"),
            "book": SQL("CASE WHEN n %% 2 = 0 THEN 'accrued' ELSE 'payable' END"),
            "revision": SQL("n + 1"),
        },
    )
