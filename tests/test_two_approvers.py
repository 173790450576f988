"""Two people who may approve the same step click at the same moment.

Each in a transaction of its own, on a copy of the database, as two requests are.
"""

import pytest

from odoo import SUPERUSER_ID, api
from odoo.fields import Command

from .at_once import approve_at_once

ROUNDS = 6
CLEAR = ("Somebody else decides on", "has approved", "was decided meanwhile")


def create_approvers(env):
    """Return three channel managers."""
    group = env.ref("partner_channel.group_channel_manager")
    return env["res.users"].create(
        [
            {"name": login, "login": login, "group_ids": [Command.link(group.id)]}
            for login in ("first.approver", "stand.in", "second.approver")
        ]
    )


@pytest.fixture(scope="module")
def vendor(registry_copy):
    """A program whose first approver is away, so that two people may decide."""
    registry = registry_copy
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        users = create_approvers(env)
        program = env["partner.program"].create(
            {"name": "In Turn", "grade_ids": [Command.create({"name": "Entry"})]}
        )
        env["partner.approval.rule"].create(
            [
                {
                    "name": user.name,
                    "program_id": program.id,
                    "approver_id": user.id,
                    "sequence": number,
                }
                for number, user in enumerate((users[0], users[2]))
            ]
        )
        today = program._get_today()
        env["partner.approval.absence"].create(
            {
                "user_id": users[0].id,
                "substitute_id": users[1].id,
                "date_from": today,
                "date_to": today,
            }
        )
        partner = env["res.partner"].create({"name": "Northwind", "is_company": True})
        membership = env["partner.membership"].create(
            {"partner_id": partner.id, "program_id": program.id}
        )
        membership.action_activate()
        ids = membership.id, users[:2].ids, users[2].id
    return registry, ids


def register(vendor, customer):
    """Submit a registration; return it and the step that is asked for."""
    registry, (membership_id, _both, _last) = vendor
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        lead = env["crm.lead"]._create_registrations(
            env["partner.membership"].browse(membership_id),
            [{"partner_name": customer, "website": f"{customer}.example"}],
        )
        lead._submit_registration()
        assert len(lead.approval_step_ids) == 2
        return lead.id, lead.current_step_id.id


def click_both(vendor, lead_id, step_id):
    """Let both people click on the same step; return what each was told."""
    registry, (_membership, both, _last) = vendor

    def check(lead):
        # Both see the step as undecided before either decides.
        assert lead._is_asked()
        assert lead.sudo().current_step_id.id == step_id

    context = {"approval_step_id": step_id}
    clicks = {user_id: (user_id, context, lead_id) for user_id in both}
    return approve_at_once(registry, clicks, check)


@pytest.mark.parametrize("number", range(ROUNDS))
def test_of_two_approvers_at_once_one_decides(vendor, number):
    registry, (_membership, _both, last) = vendor
    lead_id, step_id = register(vendor, f"acme{number}")
    answers = click_both(vendor, lead_id, step_id)
    told = [answer for answer in answers.values() if answer != "approved"]
    assert len(told) == 1, answers
    assert any(words in told[0] for words in CLEAR), told
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        lead = env["crm.lead"].browse(lead_id)
        assert lead.registration_state == "submitted", "the second step is left"
        assert lead.approval_step_ids.mapped("state") == ["approved", "asked"]
        [winner] = [user for user, answer in answers.items() if answer == "approved"]
        assert lead.approval_step_ids[0].decided_by_id.id == winner
        assert lead.current_step_id.acting_id.id == last
        lead.with_user(last).action_registration_approve()
        assert lead.registration_state == "approved"
