"""The nightly reviews of tiers and of health: killed in the middle, and run by two
servers at once.

In processes of their own, on a copy of the database, each with its own connection.
"""

import signal
import time

import pytest

from odoo import SUPERUSER_ID, api
from odoo.fields import Command

from .shells import finish_job, start_job, wait_for

PARTNERS = 400
TIERS = 'env["partner.tier.review"]._cron_review_tiers()'
HEALTH = 'env["partner.membership"]._cron_review_health()'
# what each job does once for everybody on the first night
OUTCOMES = {
    TIERS: """
        SELECT membership.id, COUNT(review.id) AS decided
          FROM partner_membership membership
     LEFT JOIN partner_tier_review review ON review.membership_id = membership.id
         WHERE membership.program_id = %s
      GROUP BY membership.id""",
    HEALTH: """
        SELECT membership.id, COUNT(activity.id) AS decided
          FROM partner_membership membership
     LEFT JOIN mail_activity activity ON activity.res_id = membership.id
           AND activity.res_model = 'partner.membership'
         WHERE membership.program_id = %s
      GROUP BY membership.id""",
}


@pytest.fixture(scope="module")
def partners(registry_copy):
    """A registry and partners who all reach the tier "Gold" tonight."""
    registry = registry_copy
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        program = env["partner.program"].create(
            {
                "name": "Nightly",
                "grade_ids": [
                    Command.create(
                        {
                            "name": "Gold",
                            "sequence": 1,
                            "requirement_ids": [
                                Command.create(
                                    {"metric": "response_time", "comparison": "le"}
                                    | {"threshold": 24}
                                )
                            ],
                        }
                    ),
                    Command.create({"name": "Entry", "sequence": 2}),
                ],
            }
        )
        companies = env["res.partner"].create(
            [{"name": f"P{number}", "is_company": True} for number in range(PARTNERS)]
        )
        manager = env.ref("base.user_admin")
        common = {"program_id": program.id, "manager_id": manager.id}
        memberships = env["partner.membership"].create(
            [{"partner_id": partner.id, **common} for partner in companies]
        )
        memberships.action_activate()
        leads = env["crm.lead"].create(
            [{"name": "Lead", "partner_assigned_id": p.id} for p in companies]
        )
        env["partner.lead.offer"]._answer(leads, "accepted")
        program_id = program.id
    return registry, program_id


def start_night(registry, job, pause=0.0):
    """Start the job in a process of its own."""
    return start_job(registry, "partner.membership", job, pause=pause)


def begin_again(partners):
    """Put everybody back on the entry tier, well and with nothing decided."""
    registry, program_id = partners
    with registry.cursor() as cr:
        cr.execute(
            """
            DELETE FROM partner_tier_change WHERE program_id = %(program)s
               AND direction <> 'start';
            UPDATE partner_tier_change SET date_to = NULL
             WHERE program_id = %(program)s;
            DELETE FROM partner_tier_review WHERE program_id = %(program)s;
            DELETE FROM mail_activity WHERE res_model = 'partner.membership'
               AND res_id IN (SELECT id FROM partner_membership
                               WHERE program_id = %(program)s);
            UPDATE partner_membership SET date_reviewed = NULL, date_health = NULL,
                health_state = 'good', date_start = '2020-01-01', grade_id = (
                SELECT id FROM res_partner_grade
                 WHERE program_id = %(program)s AND name->>'en_US' = 'Entry')
             WHERE program_id = %(program)s
            """,
            {"program": program_id},
        )


def read_outcome(partners, job):
    """Return how many partners were decided never, once and more than once."""
    registry, program_id = partners
    with registry.cursor() as cr:
        cr.execute(
            f"SELECT decided, COUNT(*) FROM ({OUTCOMES[job]}) counted GROUP BY decided",
            [program_id],
        )
        return dict(cr.fetchall())


@pytest.mark.parametrize("job", [TIERS, HEALTH], ids=["tiers", "health"])
def test_a_job_killed_in_the_middle_goes_on_where_it_was(partners, job):
    registry, _program = partners
    begin_again(partners)
    process = start_night(registry, job, pause=0.4)
    wait_for(process, "READY")
    for _batch in range(3):
        wait_for(process, "BATCH")
    time.sleep(0.1)
    process.send_signal(signal.SIGKILL)
    process.wait(30)
    halfway = read_outcome(partners, job)
    assert 0 < halfway.get(0, 0) < PARTNERS, "killed in the middle"
    finish_job(start_night(registry, job))
    assert read_outcome(partners, job) == {1: PARTNERS}


@pytest.mark.parametrize("job", [TIERS, HEALTH], ids=["tiers", "health"])
def test_two_servers_decide_nothing_twice_and_miss_nobody(partners, job):
    registry, _program = partners
    begin_again(partners)
    nights = [start_night(registry, job, pause=0.02) for _server in range(2)]
    for night in nights:
        finish_job(night)
    # what one has found taken by the other, the next night finds done
    finish_job(start_night(registry, job))
    assert read_outcome(partners, job) == {1: PARTNERS}
