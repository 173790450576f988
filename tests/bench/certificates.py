"""The nights of 500,000 certificates of 100,000 people: reminders, and what is at risk.

Certificates end evenly over two years, so that each night some hundreds enter the time
to be renewed and as many end. ``CERTIFICATE_SHARE=0.1`` makes a tenth of all.
"""

import os
import time
from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

from ..databases import analyze, copy_rows, environment
from .databases import SUITE
from .measure import format_table, measured

SHARE = float(os.environ.get("CERTIFICATE_SHARE", 1))
PEOPLE, CERTIFICATES = int(100_000 * SHARE), int(500_000 * SHARE)
PARTNERS, KINDS = int(1_000 * SHARE), 20
#: days over which certificates end, half of them past
SPREAD = 730
GOAL = 60


def run(report):
    """Measure and report; return whether the goal is met.

    :param report: called with each line
    """
    with environment(SUITE) as env:
        _fill(env)
        env.cr.commit()
    analyze(SUITE)
    rows, right = [], True
    for name, work, expected in (
        ("states and reminders, a night", _follow, _count_due),
        ("the same again", _follow, lambda env: 0),
        ("what is at risk, all partners", _foresee, None),
    ):
        with environment(SUITE) as env:
            due = expected(env) if expected else None
            before = _count_told(env)
            samples, start = [], time.perf_counter()
            with measured(samples, env.cr):
                work(env)
                env.cr.commit()
            seconds = time.perf_counter() - start
            env.invalidate_all()
            done = _count_told(env) - before if expected else _count_losses(env)
            right = right and (due is None or due == done) and seconds <= GOAL
            rows.append((name, f"{done:,}", f"{seconds:.1f}", samples[0].queries))
    head = ("Job", "records", "s", "queries")
    title = (
        f"{CERTIFICATES:,} certificates of {PEOPLE:,} people of {PARTNERS:,} partners"
    )
    report(format_table(title, head, rows))
    report(f"Goal: {GOAL} s; told of all that is due, nothing the second time.")
    return right


def _follow(env):
    env["partner.certification"]._cron_follow_certifications()


def _foresee(env):
    env["partner.membership"]._cron_forecast_certifications()


def _count_due(env):
    """Return how many certificates there are to tell of."""
    certificates, today = env["partner.certification"], fields.Date.today()
    return sum(
        certificates.search_count(certificates._get_telling_domain(kind, today))
        for kind in ("ended", "expiring")
    )


def _count_told(env):
    """Return how many reminders were told: of the time to renew, and of the end."""
    env.cr.execute(
        "SELECT COUNT(*) FILTER (WHERE date_told_ended IS NOT NULL)"
        " + COUNT(*) FILTER (WHERE date_told_expiring IS NOT NULL"
        " AND date_expiry >= %s) FROM partner_certification",
        [fields.Date.today()],
    )
    return env.cr.fetchone()[0]


def _count_losses(env):
    return env["partner.certification.forecast"].search_count([])


def _fill(env):
    """Write the data: straight in the tables, as if the job ran last night."""
    kinds = env["partner.certification.type"].create(
        [{"name": f"Bench competence {number}"} for number in range(KINDS)]
    )
    members = _create_members(env, kinds)
    person, certificate = _create_first(env, members[0], kinds[0])
    companies = members.partner_id.ids
    company = SQL("(%s::int[])[1 + n %% %s]", companies, len(companies))
    copy_rows(
        env,
        person,
        PEOPLE - 1,
        {
            "name": SQL("'Bench person ' || n"),
            "email": SQL("'person' || n || '@bench.example'"),
            "parent_id": company,
            "commercial_partner_id": company,
        },
    )
    copy_rows(env, certificate, CERTIFICATES - 1, _get_certificate(person, kinds))
    # what was due before last night was told then
    env.cr.execute(
        """
        UPDATE partner_certification certificate
           SET commercial_partner_id = person.commercial_partner_id,
               date_renewal = date_expiry - 60,
               date_told_expiring =
                   CASE WHEN date_expiry - 60 < %(today)s THEN %(today)s END,
               date_told_ended =
                   CASE WHEN date_expiry < %(today)s - 1 THEN %(today)s END
          FROM res_partner person WHERE person.id = certificate.partner_id
        """,
        {"today": fields.Date.today()},
    )


def _create_first(env, member, kind):
    """Return the person and the certificate all others are copies of."""
    person = env["res.partner"].create(
        {
            "name": "Bench person",
            "email": "person@bench.example",
            "parent_id": member.partner_id.id,
        }
    )
    today = fields.Date.today()
    issuer = env["partner.certification"]._get_issuer()
    certificate = issuer.create(
        {
            "partner_id": person.id,
            "type_id": kind.id,
            "date_issued": today - timedelta(days=SPREAD),
            "date_expiry": today + timedelta(days=SPREAD // 2),
            "sum_due": False,
        }
    )
    env.flush_all()
    return person, certificate


def _get_certificate(person, kinds):
    """Return the columns of a copied certificate, see ``copy_rows``."""
    end = SQL("CURRENT_DATE - %s + n * 7 %% %s", SPREAD // 2, SPREAD)
    return {
        # copies follow the person they were made of; five each, of other kinds
        "partner_id": SQL("%s + n %% %s", person.id, PEOPLE),
        "type_id": SQL(
            "(%s::int[])[1 + (n + n / %s) %% %s]", kinds.ids, PEOPLE, len(kinds)
        ),
        "date_expiry": end,
        "date_issued": SQL("%s - %s", end, SPREAD),
    }


def _create_members(env, kinds):
    """Return memberships of a program whose tiers and deals ask for certificates."""
    program = env["partner.program"].create({"name": "Bench certificates"})
    entry, silver, gold = env["res.partner.grade"].create(
        [
            {"name": name, "sequence": sequence, "program_id": program.id}
            for name, sequence in (("Entry", 90), ("Silver", 80), ("Gold", 70))
        ]
    )
    env["partner.tier.requirement"].create(
        [
            {
                "grade_id": grade.id,
                "metric": "certified_people",
                "certification_type_id": kind.id,
                "threshold": people,
                "period": "rolling",
            }
            for grade, people in ((silver, 5), (gold, 10))
            for kind in kinds[:3]
        ]
    )
    partners = env["res.partner"].create(
        [{"name": f"Bench partner {n}", "is_company": True} for n in range(PARTNERS)]
    )
    members = env["partner.membership"].create(
        [{"partner_id": p.id, "program_id": program.id} for p in partners]
    )
    members.action_activate()
    members._set_protected({"grade_id": gold.id})
    return members
