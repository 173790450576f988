"""A thousand leads over ten thousand partners: Odoo's assignment and our rules.

The same partners and leads on both sides. Odoo assigns each lead to a partner near it;
the rules offer it to one drawn by tier, distance and what else they weigh.
"""

import time

from odoo.tools import SQL

from ..databases import analyze, copy_rows, environment
from .databases import PLAIN, SUITE
from .measure import format_table, measured

PARTNERS, LEADS = 10_000, 1_000
GOAL = 10
_NAME = "Bench distribution"


def run(report):
    """Measure and report; return whether the goal is met.

    :param report: called with each line
    """
    samples = {}
    for side in (PLAIN, SUITE):
        start = time.monotonic()
        with environment(side) as env:
            _fill(env, side == SUITE)
            env.cr.commit()
        analyze(side)
        report(f"{side}: data built in {time.monotonic() - start:.0f} s")
        with environment(side) as env:
            samples[side] = _measure(env, side == SUITE)
    theirs, ours = samples[PLAIN], samples[SUITE]
    rows = [
        ("Odoo's assign_partner", *_show(theirs)),
        ("offered by rules", *_show(ours)),
    ]
    head = f"{LEADS:,} leads, {PARTNERS:,} partners", "s", "ms a lead", "queries"
    report(format_table("Distribution of leads", head, rows))
    times = theirs.wall / ours.wall
    report(f"\n{times:.0f} times faster (goal {GOAL})")
    return times >= GOAL


def _show(sample):
    per_lead = sample.wall / LEADS * 1000
    return f"{sample.wall:.1f}", f"{per_lead:.1f}", f"{sample.queries:,}"


def _measure(env, ours):
    leads = env["crm.lead"].search([("name", "like", _NAME)], order="id")
    assert len(leads) == LEADS
    samples = []
    with measured(samples, env.cr):
        if ours:
            leads._distribute()
        else:
            leads.assign_partner()
        env.flush_all()
    if ours:
        offers = env["partner.lead.offer"].search([("lead_id", "in", leads.ids)])
        assert len(offers) == len(offers.lead_id) == LEADS
    else:
        assert all(leads.mapped("partner_assigned_id"))
    return samples[0]


def _fill(env, ours):
    """Write partners all over Germany, and leads; with a rule for ours."""
    germany = env.ref("base.de").id
    place = {
        "partner_latitude": SQL("48 + (n %% 600) / 100.0"),
        "partner_longitude": SQL("7 + (n %% 700) / 100.0"),
    }
    partner = env["res.partner"].create(
        {
            "name": _NAME,
            "is_company": True,
            "country_id": germany,
            "partner_weight": 1,
            "partner_latitude": 50,
            "partner_longitude": 10,
        }
    )
    lead = env["crm.lead"].create(
        {
            "name": _NAME,
            "country_id": germany,
            "company_id": env.company.id,
            "partner_latitude": 50,
            "partner_longitude": 10,
        }
    )
    env.flush_all()
    copy_rows(env, partner, PARTNERS - 1, place)
    copy_rows(env, lead, LEADS - 1, place)
    env.cr.execute(
        "UPDATE res_partner SET commercial_partner_id = id WHERE name = %s", [_NAME]
    )
    if ours:
        _join_program(env, partner)


def _join_program(env, partner):
    """Let all the partners be members of a program with a rule."""
    program = env["partner.program"].create(
        {"name": _NAME, "grade_ids": [(0, 0, {"name": "Entry"})]}
    )
    member = env["partner.membership"].create(
        {"partner_id": partner.id, "program_id": program.id}
    )
    member.action_activate()
    env["partner.lead.rule"].create(
        {"name": _NAME, "program_id": program.id, "weight_distance": 30}
    )
    env.flush_all()
    env.cr.execute(
        """
        CREATE TEMP TABLE bench_partner ON COMMIT DROP AS
        SELECT row_number() OVER (ORDER BY id) AS place, id FROM res_partner
         WHERE name = %s AND id <> %s
        """,
        [_NAME, partner.id],
    )
    own = SQL("(SELECT id FROM bench_partner WHERE place = n)")
    env.cr.execute("CREATE UNIQUE INDEX ON bench_partner (place)")
    copy_rows(env, member, PARTNERS - 1, {"partner_id": own})
