"""People of two partners answer for one lead in the portal at the same moment.

In transactions of their own, on a copy of the database, the way two requests are.
"""

from datetime import timedelta

import pytest

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import UserError
from odoo.fields import Command

from .at_once import do_at_once, make_owner

ROUNDS = 4


@pytest.fixture(scope="module")
def vendor(registry_copy):
    """A registry, the ids of a rule, of two memberships and of their owners."""
    with registry_copy.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        program = env["partner.program"].create(
            {"name": "Simultaneous", "grade_ids": [Command.create({"name": "Entry"})]}
        )
        members, users = env["partner.membership"], env["res.users"]
        for number in range(2):
            company = env["res.partner"].create(
                {"name": f"Partner {number}", "is_company": True}
            )
            members |= members.create(
                {"partner_id": company.id, "program_id": program.id}
            )
            users |= make_owner(env, company, number)
        members.action_activate()
        rule = env["partner.lead.rule"].create(
            {"name": "All", "program_id": program.id, "mode": "parallel"}
        )
        return registry_copy, rule.id, members.ids, users.ids


def make_lead(vendor, mode):
    """Return the ids of a lead that both are offered, or may claim, and its offers."""
    registry, rule_id, member_ids, _users = vendor
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        lead = env["crm.lead"].create({"name": "Lead", "company_id": env.company.id})
        rule, now = env["partner.lead.rule"].browse(rule_id), fields.Datetime.now()
        rule.mode = mode
        lead._set_protected(
            {
                "distribution_state": "pool" if mode == "pool" else "offered",
                "lead_rule_id": rule_id,
                "date_distributed": now,
                "date_distribution_due": now + timedelta(hours=8),
            }
        )
        if mode == "pool":
            return lead.id, []
        members = env["partner.membership"].browse(member_ids)
        offers = env["partner.lead.offer"].create(
            [
                {
                    "lead_id": lead.id,
                    "partner_id": member.partner_id.id,
                    "membership_id": member.id,
                    "company_id": env.company.id,
                    "rule_id": rule_id,
                    "slot": slot,
                    "date_offered": now,
                    "date_due": now + timedelta(hours=8),
                }
                for slot, member in enumerate(members)
            ]
        )
        return lead.id, offers.ids


def accept(offer_id):
    def prepare(env):
        offer = env["partner.lead.offer"]._find_portal_offer(offer_id)
        assert offer.state == "offered"

        def deed():
            errors = offer._portal_accept()
            if errors:
                raise UserError(errors["form"])

        return deed

    return prepare


def claim(lead_id):
    def prepare(env):
        assert [case["id"] for case in env["crm.lead"]._prepare_portal_pool()]

        def deed():
            _lead, message = env["crm.lead"]._portal_claim(lead_id)
            if message:
                raise UserError(message)

        return deed

    return prepare


def read_partner(vendor, lead_id):
    """Return the partner of a lead, and how many have accepted it."""
    with vendor[0].cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        lead = env["crm.lead"].browse(lead_id)
        accepted = lead.offer_ids.filtered(lambda offer: offer.state == "accepted")
        assert accepted.partner_id == lead.partner_assigned_id
        assert accepted.answered_by_id.commercial_partner_id == accepted.partner_id
        return len(accepted)


@pytest.mark.parametrize("number", range(ROUNDS))
def test_of_two_partners_one_has_the_lead_and_the_other_is_told(vendor, number):
    lead_id, offers = make_lead(vendor, "parallel")
    _registry, _rule, _members, users = vendor
    answers = do_at_once(
        vendor[0],
        {
            uid: (uid, {}, accept(offer))
            for uid, offer in zip(users, offers, strict=True)
        },
    )
    told = sorted(answers.values())
    assert told == ["Another partner was quicker: this lead is taken.", "done"]
    assert read_partner(vendor, lead_id) == 1


@pytest.mark.parametrize("number", range(ROUNDS))
def test_of_two_who_claim_one_has_the_lead_and_the_other_is_told(vendor, number):
    lead_id, _offers = make_lead(vendor, "pool")
    registry, _rule, _members, users = vendor
    answers = do_at_once(registry, {uid: (uid, {}, claim(lead_id)) for uid in users})
    told = sorted(answers.values())
    assert told == [
        "This lead is no longer in the pool: somebody has it.",
        "done",
    ]
    assert read_partner(vendor, lead_id) == 1


def test_a_double_click_is_one_answer(vendor):
    lead_id, offers = make_lead(vendor, "parallel")
    user = vendor[3][0]
    answers = do_at_once(
        vendor[0], {key: (user, {}, accept(offers[0])) for key in ("one", "two")}
    )
    assert set(answers.values()) == {"done"}
    assert read_partner(vendor, lead_id) == 1
