"""Finding who else claims a customer, among 100,000 registrations.

Beside it Odoo's own search for similar leads, on the same leads. What counts is the
time spent in the database for one registration.
"""

import json
import statistics
from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tools import SQL

from ..databases import analyze, copy_rows, environment
from .databases import SUITE
from .measure import format_table, measured, median, show_ms

LEADS = 100_000
CHECKS = 200
REPEATS = 3
GOAL_MS = 10
# Every so many leads two partners want one customer.
SHARED = 50


def run(report):
    """Measure and report; return whether the goal is met and only indexes are read.

    :param report: called with each line
    """
    with environment(SUITE) as env:
        _fill(env)
        env.cr.commit()
    analyze(SUITE)
    with environment(SUITE) as env:
        leads = env["crm.lead"].search(
            [("name", "=like", "Bench %")], limit=CHECKS, order="id desc"
        )
        ours, found = _measure_ours(env, leads)
        theirs = _measure_odoo(leads)
        plans = [_explain(env, lead) for lead in leads]
    times = sorted(plan["Planning Time"] + plan["Execution Time"] for plan in plans)
    scans = {table for plan in plans for table in _walk_scans(plan["Plan"])}
    rows = [
        ("partner.deal.claim, keys of one registration", *_show(ours)),
        ("Odoo's similar leads, one lead", *_show(theirs)),
    ]
    head = ("Search", "waiting for the database ms", "wall ms", "queries")
    report(format_table(f"Conflicts among {LEADS:,} registrations", head, rows))
    report(f"{found} of {CHECKS} registrations have a conflict.")
    report(
        f"PostgreSQL plans and runs a look-up in {statistics.median(times):.2f} ms "
        f"(median of {CHECKS}; slowest {times[-1]:.2f} ms)."
    )
    report(f"Sequential scans: {', '.join(sorted(scans)) or 'none'}.")
    report(f"Goal: at most {GOAL_MS} ms for one registration, no sequential scan.")
    return statistics.median(times) <= GOAL_MS and not scans and found > 0


def _show(sample):
    return (
        show_ms(sample.database / CHECKS),
        show_ms(sample.wall / CHECKS),
        f"{sample.queries / CHECKS:g}",
    )


def _get_values(lead):
    return {
        "customer_vat": lead.customer_vat,
        "email_from": lead.email_from,
        "website": lead.website,
        "partner_name": lead.partner_name,
    }


def _measure_ours(env, leads):
    """Return the median of the turns and how many leads have a conflict."""
    Claim, company = env["partner.deal.claim"], env.company
    keys = [(lead, Claim._get_claim_keys(_get_values(lead))) for lead in leads]
    turns, found = [], 0
    for _turn in range(REPEATS):
        env.invalidate_all()
        turn, found = [], 0
        for lead, lead_keys in keys:
            with measured(turn):
                others = Claim._search_conflicts(company, lead_keys, exclude_leads=lead)
            found += bool(others)
        turns.append(_add(turn))
    return median(turns), found


def _measure_odoo(leads):
    turns = []
    for _turn in range(REPEATS):
        leads.env.invalidate_all()
        leads.fetch(["email_domain_criterion", "phone_sanitized", "partner_id"])
        turn = []
        for lead in leads:
            with measured(turn):
                lead._compute_potential_lead_duplicates()
        turns.append(_add(turn))
    return median(turns)


def _add(samples):
    return type(samples[0])(*map(sum, zip(*samples, strict=True)))


def _explain(env, lead):
    """Return PostgreSQL's account of one look-up: plan and times in ms."""
    Claim = env["partner.deal.claim"].sudo()
    keys = Claim._get_claim_keys(_get_values(lead))
    domain = Claim._get_conflict_domain(env.company, keys)
    query = Claim._search(domain, order="state desc, id", limit=100)
    explain = SQL("EXPLAIN (ANALYZE, FORMAT JSON) %s", query.select())
    [(plan,)] = env.execute_query(explain)
    return (json.loads(plan) if isinstance(plan, str) else plan)[0]


def _walk_scans(node):
    if node["Node Type"] == "Seq Scan":
        yield node["Relation Name"]
    for child in node.get("Plans", ()):
        yield from _walk_scans(child)


def _fill(env):
    """Copy one registration 100,000 times, each with a customer of its own.

    Straight into the tables: what is measured is the search, and registering through
    the models would take hours.
    """
    program = env["partner.program"].create(
        {"name": "Bench conflicts", "grade_ids": [Command.create({"name": "Bench"})]}
    )
    partner = env["res.partner"].create({"name": "Bench partner", "is_company": True})
    membership = env["partner.membership"].create(
        {"partner_id": partner.id, "program_id": program.id}
    )
    membership.action_activate()
    values = {"partner_name": "Bench"}
    lead = env["crm.lead"]._create_registrations(membership, [values])
    env.flush_all()
    _copy_lead(env, lead)
    _write_claims(env)


def _copy_lead(env, lead):
    customer = SQL("(CASE WHEN n %% %s = 0 THEN n - 5 ELSE n END)", SHARED)
    own = {
        "name": SQL("'Bench ' || n"),
        "partner_name": SQL("'Kunde ' || %s || ' GmbH'", customer),
        "customer_vat": SQL("'DE' || lpad(%s::text, 9, '0')", customer),
        "website": SQL("'https://www.kunde' || %s || '.example'", customer),
        "email_from": SQL("'info@kunde' || %s || '.example'", customer),
        "email_normalized": SQL("'info@kunde' || %s || '.example'", customer),
        "email_domain_criterion": SQL("'@kunde' || %s || '.example'", customer),
        "phone": SQL("'+49 30 ' || lpad(%s::text, 7, '0')", customer),
        "phone_sanitized": SQL("'+4930' || lpad(%s::text, 7, '0')", customer),
        "registration_state": SQL(
            """CASE WHEN n %% 10 < 3 THEN 'submitted' WHEN n %% 10 < 6 THEN 'approved'
               ELSE 'rejected' END"""
        ),
    }
    copy_rows(env, lead, LEADS, own)


def _write_claims(env):
    """Give the leads the claims they would have: asked for, protected, released."""
    Claim, states = env["partner.deal.claim"], {"submitted": "pending"}
    names = ["customer_vat", "email_from", "website", "partner_name"]
    today = fields.Date.today()
    period = (today, today + timedelta(days=90))
    rows = []
    for lead in env["crm.lead"].search_read(
        [("name", "=like", "Bench %")], [*names, "registration_state"], load=None
    ):
        approved = lead["registration_state"] == "approved"
        state = "protected" if approved else "released"
        state = states.get(lead["registration_state"], state)
        for kind, value in Claim._get_claim_keys(lead):
            dates = period if approved else (None, None)
            rows.append((lead["id"], env.company.id, kind, value, state, *dates))
    env.cr.execute_values(
        """INSERT INTO partner_deal_claim
                  (lead_id, company_id, kind, value, state, date_from, date_to)
           VALUES %s""",
        rows,
        page_size=1000,
    )
