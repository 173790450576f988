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


def let_end(lead, days):
    """Let the protection of a deal have ended so many days ago."""
    end = lead.program_id._get_today() - timedelta(days=days)
    lead._set_protected({"date_protection_end": end})
    lead.claim_ids.write({"date_from": end - timedelta(days=30), "date_to": end})


@pytest.mark.parametrize("number", range(ROUNDS))
def test_an_extension_and_a_rivals_approval_never_both_hold(vendor, number):
    """The request was made in time, and its protection has run out meanwhile."""
    registry, (first, second) = vendor
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        deal = register(env, first, f"acme{number}ending")
        deal._approve_registration()
        extension = deal._request_extension("Demo held")
        let_end(deal, 1)
        rival = register(env, second, f"acme{number}ending")
        ids = deal.id, extension.id, rival.id

    def grant(env):
        request = env["partner.registration.extension"].browse(ids[1])
        assert request.state == "pending"
        return request.action_grant

    def approve(env):
        lead = env["crm.lead"].browse(ids[2])
        assert lead.registration_state == "submitted"
        return lead.action_registration_approve

    answers = do_at_once(
        registry,
        {
            "extension": (SUPERUSER_ID, {}, grant),
            "approval": (SUPERUSER_ID, {}, approve),
        },
    )
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        deal, rival = env["crm.lead"].browse([ids[0], ids[2]])
        today = deal.program_id._get_today()
        held = (deal | rival).claim_ids.filtered(
            lambda claim: claim.state == "protected" and claim.date_to >= today
        )
        assert len(held.lead_id) == 1, answers
        assert (deal.date_protection_end >= today) == (held.lead_id == deal), answers
        is_rival = rival.registration_state == "approved"
        assert is_rival == (held.lead_id == rival), answers
        told = [answer for answer in answers.values() if answer != "done"]
        assert len(told) == 1 and "customer" in told[0], answers
        log = env["partner.registration.log"]
        assert log._check_chain(env.company).is_whole


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
                let_end(lead, 1)
            leads |= lead
        ids, customer_id = leads.ids, customer.id

    def win(lead_id):
        def prepare(env):
            lead = env["crm.lead"].browse(lead_id)
            assert lead.registration_state == "approved"
            return lead.action_set_won

        return prepare

    answers = do_at_once(
        registry, {lead_id: (SUPERUSER_ID, {}, win(lead_id)) for lead_id in ids}
    )
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        records = env["partner.customer.record"].search(
            [("partner_id", "=", customer_id)]
        )
        assert len(records) == 1, answers
        assert answers[records.lead_id.id] == "done"
        for lead in env["crm.lead"].browse(ids):
            # who is told that somebody else was quicker has not half won
            is_won = lead.registration_state == "won"
            assert is_won == (answers[lead.id] == "done"), answers
        log = env["partner.registration.log"]
        assert log._check_chain(env.company).is_whole
