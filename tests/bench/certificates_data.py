"""What the benchmark of certificates measures on, written straight in the tables.

Each partner has a hundred people; all of them hold the same five competences, and what
they hold ends evenly over two years: half of it is past. Three of twenty partners hold
all that the highest tier asks for; within 90 days too few people are left of each.
"""

import os
from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tools import SQL

from ..databases import copy_rows

SHARE = float(os.environ.get("CERTIFICATE_SHARE", 1))
PEOPLE, CERTIFICATES = int(100_000 * SHARE), int(500_000 * SHARE)
PARTNERS, KINDS = int(1_000 * SHARE), 20
#: people on the learning path, and those it is for who are on none yet
ENROLMENTS, NEWCOMERS = int(20_000 * SHARE), int(200 * SHARE)
#: people with a certificate the nightly job has to look at for its sum
SUMS = PEOPLE // 20
#: partners that lose their tier
LOSING = sum(number % KINDS in (0, 18, 19) for number in range(PARTNERS))
#: days over which certificates end, half of them past
SPREAD = 730
#: people of one competence: some 50 of a hundred today, 38 in 90 days
ENOUGH = 45
#: days after the enrolment on which the path is due
DUE = 30


def fill(env):
    """Write the data: straight in the tables, as if the job ran last night."""
    kinds = env["partner.certification.type"].create(
        [{"name": f"Bench competence {number}"} for number in range(KINDS)]
    )
    kinds[0].create({"name": "Bench sum", "component_ids": kinds[3:5].ids})
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
    env.invalidate_all()
    _fill_learning(env, members, person)


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
        # two of each who holds both components, as 10 divides the number of people
        "sum_due": SQL("n %% 10 = 0"),
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
            for grade, people in ((silver, 5), (gold, ENOUGH))
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


def _fill_learning(env, members, person):
    """Let people be on a learning path, and some more have a login only."""
    own = _fill_logins(env, person)
    channel = env["slide.channel"].create(
        {"name": "Bench course", "enroll": "invite", "visibility": "members"}
    )
    kind = env["partner.certification.type"].create({"name": "Bench learning"})
    step = {"channel_id": channel.id, "type_id": kind.id, "due_days": DUE}
    path = env["learning.path"].create(
        {
            "name": "Bench path",
            "program_id": members.program_id.id,
            "step_ids": [Command.create(step)],
        }
    )
    enrolment = path._enrol_by_rule(members[0], people=person, paths=path)
    env.flush_all()
    member = SQL("(%s::int[])[1 + n %% %s]", members.ids, PARTNERS)
    attendance = env["slide.channel.partner"].search([("channel_id", "=", channel.id)])
    attendance = attendance.filtered(lambda row: row.partner_id == person)
    values = {"partner_id": own, "membership_id": member}
    copy_rows(env, attendance, ENROLMENTS - 1, values)
    companies = members.partner_id.ids
    due = SQL("CURRENT_DATE + %s - n %% %s", DUE, DUE)
    values |= {
        "commercial_partner_id": SQL("(%s::int[])[1 + n %% %s]", companies, PARTNERS),
        "date_start": SQL("CURRENT_DATE - n %% %s", DUE),
        "date_due": due,
        "date_next": due,
        # a week before; those of the days before were reminded then
        "reminded_for": SQL("CASE WHEN n %% %s > %s THEN %s END", DUE, DUE - 7, due),
    }
    copy_rows(env, enrolment, ENROLMENTS - 1, values)


def _fill_logins(env, person):
    """Give people a login; return the SQL of the contact of the n-th."""
    user = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            {
                "login": "bench-learner",
                "partner_id": person.id,
                "group_ids": [Command.set(env.ref("base.group_portal").ids)],
            }
        )
    )
    env.flush_all()
    own = SQL("%s + n", person.id)
    copy_rows(
        env,
        user,
        ENROLMENTS + NEWCOMERS - 1,
        {"partner_id": own, "login": SQL("'bench-learner' || n")},
    )
    return own
