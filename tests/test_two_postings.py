"""Two servers post invoices of one partner at once, near a cap and near a band.

Processes of their own on a copy of the database, as two workers of a server are. Each
invoice is a transaction that is repeated when PostgreSQL asks for it. Whoever comes
first, each invoice earns what the definition says of its place in the order in which
they were booked.
"""

from decimal import Decimal

import pytest

from odoo import SUPERUSER_ID, api
from odoo.addons.partner_channel_commission.tests.any_order.definition import (
    Definition,
    Document,
    Line,
)
from odoo.addons.partner_channel_commission.tests.any_order.terms import (
    POSTING,
    Band,
    Party,
    PlanTerms,
    Terms,
)
from odoo.fields import Command

from .shells import finish_job, start_shell, wait_for

EACH = 12
DAY = "2026-03-10"
#: waits for its sign, then posts its invoices one by one, each a request of its own
POST = """
import os, time
from odoo.service.model import retrying
moves = env["account.move"].browse({ids})
assert set(moves.mapped("state")) == {{"draft"}}
env.cr.commit()
print("READY", flush=True)
while not os.path.exists({sign!r}):
    time.sleep(0.002)
for move in moves:
    for patience in range(20):
        try:
            retrying(move.action_post, env)
            env.cr.commit()
            break
        except Exception as error:
            env.cr.rollback()
            env.invalidate_all()
            if patience == 19:
                raise
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


@pytest.fixture(scope="module")
def vendor(registry_copy):
    """A registry with a company that has accounts, and a program."""
    registry = registry_copy
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        if not env.company.chart_template:
            env["account.chart.template"].try_loading(
                "generic_coa", env.company, install_demo=False
            )
    return registry


def make_terms(case):
    """Return the plan of a case in the words of the definition."""
    caps, values = CASES[case]
    if "mode" in values:
        values = {**values, "rate": D(0), "bands": BANDS, "scope": "month"}
    return PlanTerms(1, (Terms("resale", trigger=POSTING, **values),), caps, "month")


def prepare(env, case):
    """Make a partner with a plan of its own and drafts; return their ids."""
    plan = make_terms(case)
    (rule,) = plan.rules
    program = env["partner.program"].create(
        {"name": case, "grade_ids": [Command.create({"name": "Entry"})]}
    )
    partner = env["res.partner"].create({"name": case, "is_company": True})
    env["partner.membership"].create(
        {"partner_id": partner.id, "program_id": program.id}
    ).action_activate()
    names = ("amount_from", "amount_to", "rate")
    env["partner.commission.plan"].create(
        {
            "name": case,
            "program_id": program.id,
            "date_from": "2020-01-01",
            "cap_period_kind": "month",
            **{name: float(amount) for name, amount in plan.caps.items()},
            "rule_ids": [
                Command.create(
                    {
                        "role": "resale",
                        "rate": float(rule.rate),
                        "trigger": rule.trigger,
                        "band_mode": rule.mode or False,
                        "band_scope": rule.scope,
                        "band_ids": [
                            Command.create(
                                dict(zip(names, (low, high or 0, rate), strict=True))
                            )
                            for low, high, rate in rule.bands
                        ],
                    }
                )
            ],
        }
    ).action_activate()
    moves = env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": DAY,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "L", "price_unit": 100.33 + number, "tax_ids": []}
                    )
                ],
            }
            for number in range(2 * EACH)
        ]
    )
    return moves.ids


def post_at_once(registry, ids, sign):
    """Post invoices by two servers, each its half in turn."""
    servers = [
        start_shell(registry, POST.format(ids=ids[half::2], sign=str(sign)))
        for half in range(2)
    ]
    for server in servers:
        wait_for(server, "READY")
    sign.touch()
    for server in servers:
        finish_job(server)


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
def test_both_servers_book_what_the_order_says(vendor, case, tmp_path):
    with vendor.cursor() as cr:
        ids = prepare(api.Environment(cr, SUPERUSER_ID, {}), case)
    post_at_once(vendor, ids, tmp_path / "go")
    with vendor.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        moves = env["account.move"].browse(ids)
        assert set(moves.mapped("state")) == {"posted"}
        entries = env["partner.commission.entry"].search(
            [("move_id", "in", ids), ("book", "=", "accrued")], order="id"
        )
        booked = {move.id: 0.0 for move in entries.move_id}
        assert len(booked) == 2 * EACH
        for entry in entries:
            booked[entry.move_id.id] += entry.amount_currency
        found = {move_id: round(amount, 2) for move_id, amount in booked.items()}
        in_order = list(dict.fromkeys(entries.mapped("move_id.id")))
        assert found == define(case, env["account.move"].browse(in_order))
        firsts = [entry.move_id.id for entry in entries if entry.revision == 1]
        # the race is one only if both were at it
        halves = [ids.index(move_id) % 2 for move_id in firsts]
        assert halves != sorted(halves) and halves != sorted(halves, reverse=True)
        assert not moves._sync_commission()
        if "cap" in case:
            assert sum(found.values()) == pytest.approx(150)
