"""An extension against a rival's approval, and two wins of one customer, at once.

Each in a transaction of its own, on a copy of the database, as two requests are.
"""

from datetime import timedelta

import pytest

from odoo import SUPERUSER_ID, api
from odoo.fields import Command

from .at_once import do_at_once

ROUNDS = 6


@pytest.fixture(scope="module")
def vendor(registry_copy):
    """A registry and two members of a program in its database, committed."""
    registry = registry_copy
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        program = env["partner.program"].create(
            {
                "name": "Endings",
                "grade_ids": [Command.create({"name": "Entry"})],
                "extension_policy": "unlimited",
                "record_months": 12,
            }
        )
        partners = env["res.partner"].create(
            [{"name": name, "is_company": True} for name in ("Northwind", "Contoso")]
        )
        memberships = env["partner.membership"].create(
            [
                {"partner_id": partner.id, "program_id": program.id}
                for partner in partners
            ]
        )
        memberships.action_activate()
        ids = memberships.ids
    return registry, ids


def register(env, membership_id, customer, **values):
    lead = env["crm.lead"]._create_registrations(
        env["partner.membership"].browse(membership_id),
        [{"partner_name": customer, "website": f"{customer}.example", **values}],
    )
    lead._submit_registration()
    return lead


def let_end(lead):
    """Let the protection of a deal have ended yesterday."""
    end = lead.program_id._get_today() - timedelta(days=1)
    lead._set_protected({"date_protection_end": end})
    lead.claim_ids.write({"date_from": end - timedelta(days=30)})
    if not lead._get_pending_extension():
        lead.claim_ids.write({"date_to": end})


def check_log(env):
    log = env["partner.registration.log"]
    assert log._check_chain(env.company).is_whole


def expect(state, name, model, record_id):
    """Return what looks at a record in a state and then does something with it."""

    def prepare(env):
        record = env[model].browse(record_id)
        field = "registration_state" if model == "crm.lead" else "state"
        assert record[field] == state
        return getattr(record, name)

    return SUPERUSER_ID, {}, prepare


def ask_in_vain(vendor, customer):
    """Return ids of an ended deal, its request and a rival's registration."""
    registry, (first, second) = vendor
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        deal = register(env, first, customer)
        deal._approve_registration()
        extension = deal._request_extension("Demo held")
        extension.reason = "Nothing was done"
        let_end(deal)
        return deal.id, extension.id, register(env, second, customer).id


@pytest.mark.parametrize("number", range(ROUNDS))
@pytest.mark.parametrize("decision", ["action_grant", "action_refuse"])
def test_an_extension_and_a_rivals_approval_never_both_hold(vendor, decision, number):
    """The request was made in time, and the protection has run out meanwhile."""
    registry, _members = vendor
    ids = ask_in_vain(vendor, f"{decision}{number}ending".replace("_", ""))

    request = "partner.registration.extension"
    answers = do_at_once(
        registry,
        {
            "decision": expect("pending", decision, request, ids[1]),
            "approval": expect(
                "submitted", "action_registration_approve", "crm.lead", ids[2]
            ),
        },
    )
    assert answers["decision"] == "done"
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        deal, rival = env["crm.lead"].browse([ids[0], ids[2]])
        today = deal.program_id._get_today()
        held = (deal | rival).claim_ids.filtered(
            lambda claim: claim.state == "protected" and claim.date_to >= today
        )
        is_approved = answers["approval"] == "done"
        words = ("cannot be protected", "was approved a moment ago")
        assert is_approved or any(text in answers["approval"] for text in words)
        assert is_approved == (rival.registration_state == "approved")
        if decision == "action_grant":
            assert held.lead_id == deal and deal.date_protection_end > today
            assert not is_approved
        else:
            assert held.lead_id == (rival if is_approved else env["crm.lead"])
        check_log(env)


@pytest.mark.parametrize("number", range(ROUNDS))
def test_of_two_wins_at_once_one_is_the_partner_of_record(vendor, number):
    """Two partners' deals of one customer: one ran out, nobody has noticed yet."""
    registry, members = vendor
    name = f"zen{number}ending"
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        customer = env["res.partner"].create({"name": name, "is_company": True})
        leads = env["crm.lead"]
        for membership_id in members:
            lead = register(env, membership_id, name, partner_id=customer.id)
            lead._approve_registration()
            if not leads:
                let_end(lead)
            leads |= lead
        ids, customer_id = leads.ids, customer.id

    answers = do_at_once(
        registry,
        {
            lead_id: expect("approved", "action_set_won", "crm.lead", lead_id)
            for lead_id in ids
        },
    )
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        records = env["partner.customer.record"].search(
            [("partner_id", "=", customer_id)]
        )
        assert len(records) == 1, answers
        assert set(answers.values()) == {"done"}, "both have won all the same"
        states = env["crm.lead"].browse(ids).mapped("registration_state")
        assert states == ["won", "won"]
        check_log(env)
