"""Two servers post invoices of one partner at once, near a cap and near a band.

Processes of their own on a copy of the database, as two workers of a server are. Each
invoice is a transaction that is repeated when PostgreSQL asks for it. Whoever comes
first, each invoice earns what the definition says of its place in the order in which
they were booked.
"""

from decimal import Decimal

import pytest

from odoo import SUPERUSER_ID, api
from odoo.fields import Command

from odoo.addons.partner_channel_commission.tests.any_order.definition import (
    Definition,
)
from odoo.addons.partner_channel_commission.tests.any_order.terms import (
    POSTING,
    Band,
    Party,
    PlanTerms,
    Terms,
)
from odoo.addons.partner_channel_commission.tests.any_order.values import (
    Document,
    Line,
)

from .shells import end_all, finish_job, start_shell, wait_for

PAIRS = 5
#: seconds a server waits for the other
PATIENCE = 120
DAY = "2026-03-10"
#: posts its invoices one by one, each a request of its own, when the other is at its
POST = """
import os, time
from odoo.service.model import retrying
print("READY", flush=True)
for number, move in enumerate(env["account.move"].browse({ids})):
    assert move.state == "draft"
    open({sign!r} + f".{half}.{{number}}", "w").close()
    deadline = time.monotonic() + {patience}
    while not os.path.exists({sign!r} + f".{other}.{{number}}"):
        assert time.monotonic() < deadline, "the other server is gone"
        time.sleep(0.002)
    retrying(move.action_post, env)
    env.cr.commit()
print("DONE", flush=True)
"""
D = Decimal
BANDS = (Band(D(0), D(1000), D(10)), Band(D(1000), None, D(20)))
CASES = {
    "a cap per month": ({"cap_period": D(150)}, {"rate": D(10)}),
    "a cap of the plan": ({"cap_plan": D(150)}, {"rate": D(10)}),
    "marginal": ({}, {"mode": "marginal"}),
    "retroactive": ({}, {"mode": "retroactive"}),
    "prospective": ({}, {"mode": "prospective"}),
}


def make_terms(case):
    """Return the plan of a case in the words of the definition."""
    caps, values = CASES[case]
    if "mode" in values:
        values = {**values, "rate": D(0), "bands": BANDS, "scope": "month"}
    return PlanTerms(1, (Terms("resale", trigger=POSTING, **values),), caps, "month")


def prepare(env, case):
    """Make a partner with a plan of its own and drafts; return their ids."""
    program = env["partner.program"].create(
        {"name": case, "grade_ids": [Command.create({"name": "Entry"})]}
    )
    partner = env["res.partner"].create({"name": case, "is_company": True})
    env["partner.membership"].create(
        {"partner_id": partner.id, "program_id": program.id}
    ).action_activate()
    env["partner.commission.plan"].create(
        {"program_id": program.id, **prepare_plan(case)}
    ).action_activate()
    moves = env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": DAY,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "L", "price_unit": 200 + 10 * number, "tax_ids": []}
                    )
                ],
            }
            for number in range(2 * PAIRS)
        ]
    )
    return moves.ids


def prepare_plan(case):
    """Return the values of the plan of a case."""
    plan = make_terms(case)
    (rule,) = plan.rules
    names = ("amount_from", "amount_to", "rate")
    values = {
        "role": rule.role,
        "rate": float(rule.rate),
        "trigger": rule.trigger,
        "band_mode": rule.mode or False,
        "band_scope": rule.scope,
        "band_ids": [
            Command.create(dict(zip(names, (low, high or 0, rate), strict=True)))
            for low, high, rate in rule.bands
        ],
    }
    return {
        "name": case,
        "date_from": "2020-01-01",
        "cap_period_kind": "month",
        "rule_ids": [Command.create(values)],
        **{name: float(amount) for name, amount in plan.caps.items()},
    }


@pytest.fixture(scope="module")
def posted(registry_with_books, tmp_path_factory):
    """The invoices of each case, ``{case: ids}``, posted by two servers at once."""
    with registry_with_books.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        ids = {case: prepare(env, case) for case in CASES}
    sign = str(tmp_path_factory.mktemp("signs") / "sign")
    servers = [
        start_shell(
            registry_with_books,
            POST.format(
                ids=[each for some in ids.values() for each in some[half::2]],
                sign=sign,
                half=half,
                other=1 - half,
                patience=PATIENCE,
            ),
        )
        for half in range(2)
    ]
    try:
        for server in servers:
            wait_for(server, "READY")
        for server in servers:
            finish_job(server)
    finally:
        end_all(servers)
    return ids


def define(case, moves):
    """Return ``{move_id: accrued}`` by the definition.

    :param moves: in the order in which they were booked
    """
    definition, plan = Definition(), make_terms(case)
    for number, move in enumerate(moves):
        line = Line(D(str(round(move.amount_untaxed, 2))), D(1), D(0))
        document = Document(
            f"{number:03}", "", "posted", move.invoice_date, D(1), {0: line}
        )
        document = document._replace(total=line.amount)
        party = Party("partner", "resale", D(100), "")
        definition.post([document], plan, {document.key: [party]})
    return {
        moves[int(key)].id: float(sums[0])
        for (key, _member), sums in definition.books().items()
    }


@pytest.mark.parametrize("case", CASES)
def test_both_servers_book_what_the_order_says(registry_with_books, posted, case):
    with registry_with_books.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        moves = env["account.move"].browse(posted[case])
        assert set(moves.mapped("state")) == {"posted"}
        entries = env["partner.commission.entry"].search(
            [("move_id", "in", moves.ids), ("book", "=", "accrued")], order="id"
        )
        booked = dict.fromkeys(entries.mapped("move_id.id"), 0.0)
        for entry in entries:
            booked[entry.move_id.id] += entry.amount_currency
        in_order = list(dict.fromkeys(entry.move_id.id for entry in entries))
        assert sorted(in_order) == moves.ids, "nothing is lost"
        # two at a time: each pair was posted at once
        pairs = [in_order[start : start + 2] for start in range(0, 2 * PAIRS, 2)]
        assert [sorted(pair) for pair in pairs] == [
            moves.ids[start : start + 2] for start in range(0, 2 * PAIRS, 2)
        ]
        found = {move_id: round(amount, 2) for move_id, amount in booked.items()}
        assert found == define(case, env["account.move"].browse(in_order))
        assert not moves._sync_commission(), "a second run appends nothing"
        if "cap" in case:
            assert sum(found.values()) == 150
