"""Two people of a partner sign one agreement at the same moment.

In transactions of their own, on a copy of the database, the way two requests are.
"""

import pytest

from odoo import SUPERUSER_ID, api
from odoo.fields import Command

from .at_once import do_at_once, make_owner

ROUNDS = 4


@pytest.fixture(scope="module")
def partner(registry_copy):
    """A registry, the ids of a membership, its two owners and a template."""
    with registry_copy.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        program = env["partner.program"].create(
            {"name": "Simultaneous", "grade_ids": [Command.create({"name": "Entry"})]}
        )
        company = env["res.partner"].create({"name": "Two", "is_company": True})
        membership = env["partner.membership"].create(
            {"partner_id": company.id, "program_id": program.id}
        )
        membership.action_activate()
        users = env["res.users"]
        for number in range(2):
            users |= make_owner(env, company, number)
        template = env["partner.agreement.template"].create(
            {"name": "Terms", "program_id": program.id}
        )
        env["partner.agreement.version"].create(
            {"template_id": template.id, "text": "<p>Terms</p>", "validity": "endless"}
        ).action_publish()
        return registry_copy, membership.id, users.ids, template.id


def send(partner):
    """Return the id of an agreement that waits for a signature, committed."""
    registry, membership_id, _users, template_id = partner
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        agreement = env["partner.agreement"].create(
            {"membership_id": membership_id, "template_id": template_id}
        )
        agreement.action_send()
        return agreement.id


def sign(agreement_id):
    def prepare(env):
        agreement = env["partner.agreement"].browse(agreement_id)
        assert agreement.state == "sent"

        def deed():
            form = {
                "name": env.user.name,
                "function": "Owner",
                "accept": "1",
                "digest": agreement.sudo().version_id.digest,
            }
            assert not agreement._portal_sign(form)

        return deed

    return prepare


def decline(agreement_id):
    def prepare(env):
        agreement = env["partner.agreement"].browse(agreement_id)
        assert agreement.state == "sent"
        return lambda: agreement._portal_decline({"reason": "No"})

    return prepare


@pytest.mark.parametrize("number", range(ROUNDS))
def test_what_two_sign_at_once_one_has_signed(partner, number):
    registry, _membership, users, _template = partner
    agreement_id = send(partner)
    answers = do_at_once(
        registry, {uid: (uid, {}, sign(agreement_id)) for uid in users}
    )
    assert set(answers.values()) == {"done"}
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        agreement = env["partner.agreement"].browse(agreement_id)
        assert agreement.state == "signed"
        signer = env["res.users"].search([("login", "=", agreement.signed_login)])
        assert signer.id in users
        assert agreement.signed_name == signer.name
        assert agreement.signatory_id == signer.partner_id
        notices = env["mail.message"].search_count(
            [
                ("model", "=", "partner.agreement"),
                ("res_id", "=", agreement_id),
                ("message_type", "=", "user_notification"),
                ("partner_ids", "in", signer.partner_id.ids),
            ]
        )
        assert notices == 1


def test_one_signs_while_another_declines(partner):
    registry, _membership, users, _template = partner
    agreement_id = send(partner)
    deeds = {
        "signed": (users[0], {}, sign(agreement_id)),
        "draft": (users[1], {}, decline(agreement_id)),
    }
    answers = do_at_once(registry, deeds)
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        agreement = env["partner.agreement"].browse(agreement_id)
        if agreement.state == "signed":
            assert set(answers.values()) == {"done"}
            assert not agreement.decline_reason
        else:
            # a draft is the vendor's: whoever was late may not read it
            assert agreement.state == "draft"
            assert answers["draft"] == "done"
            assert not agreement.signed_login
