"""The jobs of registrations: killed with -9, then run by two servers at once.

In processes of their own, on a copy of the database. Nothing may end twice, nobody be
told twice, and nothing be left.
"""

from datetime import timedelta

import pytest

from odoo import SUPERUSER_ID, api, fields
from odoo.fields import Command

from .shells import run_after_kill

DEALS = 60
BATCH = 5
#: job → events of the log and messages, once for each deal
ONCE = {
    "_cron_expire_registrations": (["expired"], ["protection of this deal has ended"]),
    "_cron_remind_of_end": ([], ["protection of this deal ends on"]),
    "_cron_remind_of_updates": ([], ["An update of this deal is due"]),
    "_cron_evaluate_registrations": (["approved"], ["the deal is protected"]),
    "_cron_escalate_decisions": (["escalated"], []),
}


@pytest.fixture(scope="module")
def vendor(registry_copy):
    """A registry and two partners of a program that uses every job, committed."""
    registry = registry_copy
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        manager = env.ref("base.user_admin")
        program = env["partner.program"].create(
            {
                "name": "Nightly",
                "grade_ids": [Command.create({"name": "Entry"})],
                "runner_up_policy": "next",
                "reminder_days": 10,
                "last_reminder_days": 0,
                "update_days": 7,
                "auto_amount_max": 50_000,
                "head_id": manager.id,
                # the second level is none of this night
                "escalation_hours": 2_000,
            }
        )
        ids = []
        for name in ("Northwind", "Contoso"):
            company = env["res.partner"].create({"name": name, "is_company": True})
            env["res.partner"].create(
                {
                    "name": f"Seller of {name}",
                    "parent_id": company.id,
                    "email": f"seller@{name}.example",
                }
            )
            membership = env["partner.membership"].create(
                {
                    "partner_id": company.id,
                    "program_id": program.id,
                    "manager_id": manager.id,
                }
            )
            membership.action_activate()
            ids.append(membership.id)
    return registry, ids


def register(membership, numbers, job):
    """Submit a registration for each customer's number."""
    leads = membership.env["crm.lead"]._create_registrations(
        membership,
        [
            {
                "partner_name": f"{job} {number}",
                "website": f"c{number}{job.replace('_', '')}.example",
                "expected_revenue": 10_000,
                "registrant_id": membership.partner_id.child_ids.id,
            }
            for number in numbers
        ],
    )
    leads._submit_registration()
    return leads


def prepare(vendor, job):
    """Make deals that wait for a job; return their ids and those of runner-ups."""
    registry, (first_id, second_id) = vendor
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        first = env["partner.membership"].browse(first_id)
        program, today = first.program_id, first.program_id._get_today()
        program.auto_approve = job == "_cron_evaluate_registrations"
        leads = register(first, range(DEALS), job)
        second = env["crm.lead"]
        if job == "_cron_evaluate_registrations":
            return leads.ids, []
        if job == "_cron_escalate_decisions":
            past = fields.Datetime.now() - timedelta(hours=1)
            leads._set_protected({"date_escalation": past})
            return leads.ids, []
        leads._approve_registration()
        if job == "_cron_remind_of_end":
            leads._set_protected({"date_protection_end": today + timedelta(days=5)})
        elif job == "_cron_remind_of_updates":
            leads._set_protected({"date_update_due": today - timedelta(days=1)})
        else:
            member = env["partner.membership"].browse(second_id)
            second = register(member, range(0, DEALS, 3), job)
            second._reject_registration("conflict")
            assert all(second.mapped("runner_up_lead_id"))
            leads._set_protected({"date_protection_end": today - timedelta(days=1)})
            leads.claim_ids.write(
                {
                    "date_from": today - timedelta(days=9),
                    "date_to": today - timedelta(days=1),
                }
            )
        return leads.ids, second.ids


def count(vendor, query, *params):
    """Return ``{number: how many leads have it}`` of a query of numbers."""
    registry, _memberships = vendor
    with registry.cursor() as cr:
        cr.execute(f"SELECT n, COUNT(*) FROM ({query}) each (n) GROUP BY n", params)
        return dict(cr.fetchall())


def count_events(vendor, lead_ids, event):
    return count(
        vendor,
        """SELECT COUNT(log.id) FROM unnest(%s) lead (id)
        LEFT JOIN partner_registration_log log
               ON log.lead_id = lead.id AND log.event = %s GROUP BY lead.id""",
        lead_ids,
        event,
    )


def count_messages(vendor, lead_ids, words):
    return count(
        vendor,
        """SELECT COUNT(message.id) FROM unnest(%s) lead (id)
        LEFT JOIN mail_message message ON message.res_id = lead.id
              AND message.model = 'crm.lead' AND message.body LIKE %s
         GROUP BY lead.id""",
        lead_ids,
        f"%{words}%",
    )


def count_mails(vendor, lead_ids, words):
    """Return how many e-mails each person was sent of one message, by number."""
    return count(
        vendor,
        """SELECT COUNT(DISTINCT mail.id) FROM mail_notification told
             JOIN mail_message message ON message.id = told.mail_message_id
        LEFT JOIN (mail_mail mail JOIN mail_mail_res_partner_rel sent
                                    ON sent.mail_mail_id = mail.id)
               ON mail.mail_message_id = message.id
              AND sent.res_partner_id = told.res_partner_id
            WHERE message.model = 'crm.lead' AND message.res_id = ANY(%s)
              AND message.body LIKE %s AND told.notification_type = 'email'
         GROUP BY message.res_id, told.res_partner_id""",
        lead_ids,
        f"%{words}%",
    )


def count_halves(vendor, lead_ids):
    """Return by state of the deals: states of their claims, rows of the log, deals."""
    registry, _memberships = vendor
    with registry.cursor() as cr:
        cr.execute(
            """
            SELECT lead.registration_state, array_agg(DISTINCT claim.state),
                   COUNT(DISTINCT log.id), COUNT(DISTINCT lead.id)
              FROM crm_lead lead
              JOIN partner_deal_claim claim ON claim.lead_id = lead.id
         LEFT JOIN partner_registration_log log
                ON log.lead_id = lead.id AND log.event = 'expired'
             WHERE lead.id = ANY(%s)
          GROUP BY lead.registration_state
            """,
            [lead_ids],
        )
        return {state: tuple(rest) for state, *rest in cr.fetchall()}


@pytest.mark.parametrize("job", ONCE)
def test_killed_and_run_twice_at_once_all_is_done_once(vendor, job, tmp_path):
    lead_ids, second_ids = prepare(vendor, job)

    def check():
        if job == "_cron_expire_registrations":
            halves = count_halves(vendor, lead_ids)
            assert halves["approved"] == (["protected"], 0, DEALS - 2 * BATCH)
            assert halves["expired"] == (["released"], 2 * BATCH, 2 * BATCH)

    code = f'env["crm.lead"].{job}()'
    run_after_kill(vendor[0], "crm.lead", code, BATCH, tmp_path, check)
    judge(vendor, job, lead_ids, second_ids)


def judge(vendor, job, lead_ids, second_ids):
    """Everything was done and told once, and the log is whole."""
    events, messages = ONCE[job]
    for event in events:
        assert count_events(vendor, lead_ids, event) == {1: DEALS}
    for words in messages:
        assert count_messages(vendor, lead_ids, words) == {1: DEALS}
        assert count_mails(vendor, lead_ids, words).keys() == {1}
    if second_ids:
        assert count_events(vendor, second_ids, "offered") == {1: len(second_ids)}
        words = "The customer has become free"
        assert count_messages(vendor, second_ids, words) == {1: len(second_ids)}
    registry, _memberships = vendor
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        assert env["partner.registration.log"]._check_chain(env.company).is_whole
