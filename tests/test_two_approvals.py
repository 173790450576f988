"""Two people approve two partners' claims on one customer at the same moment.

The approvals run in transactions of their own, on a copy of the database, the way two
requests do: each on its own connection, repeated when PostgreSQL asks for it.
"""

import pytest

from odoo import SUPERUSER_ID, api
from odoo.fields import Command

from .at_once import approve_at_once

ROUNDS = 8


@pytest.fixture(scope="module")
def vendor(registry_copy):
    """A registry and two members of a program in its database, committed."""
    registry = registry_copy
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        program = env["partner.program"].create(
            {"name": "Simultaneous", "grade_ids": [Command.create({"name": "Entry"})]}
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


def register(vendor, customer, families=(False, False)):
    """Submit a registration of one customer by each of two members, committed."""
    registry, membership_ids = vendor
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        memberships = env["partner.membership"].browse(membership_ids)
        values = {"partner_name": customer, "website": f"{customer}.example"}
        leads = env["crm.lead"].union(
            *(
                env["crm.lead"]._create_registrations(
                    membership, [{**values, "product_family_id": family}]
                )
                for membership, family in zip(memberships, families, strict=True)
            )
        )
        leads._submit_registration()
        return leads.ids


def click_all(vendor, lead_ids):
    """Approve each lead at the same moment; return the answers."""
    registry, _memberships = vendor

    def check(lead):
        # Both have read the other's claim as undecided before either decides.
        assert lead.registration_state == "submitted"
        assert len(lead.conflict_lead_ids) == len(lead_ids) - 1

    clicks = {lead_id: (SUPERUSER_ID, {}, lead_id) for lead_id in lead_ids}
    return approve_at_once(registry, clicks, check)


def read_states(vendor, lead_ids):
    """Return the leads' states and how many of them hold a protected claim."""
    registry, _memberships = vendor
    with registry.cursor() as cr:
        cr.execute(
            "SELECT registration_state FROM crm_lead WHERE id = ANY(%s) ORDER BY 1",
            [lead_ids],
        )
        states = [state for (state,) in cr.fetchall()]
        cr.execute(
            """SELECT COUNT(DISTINCT lead_id) FROM partner_deal_claim
                WHERE lead_id = ANY(%s) AND state = 'protected'""",
            [lead_ids],
        )
        return states, cr.fetchone()[0]


@pytest.mark.parametrize("number", range(ROUNDS))
def test_of_two_approvals_at_once_exactly_one_protects(vendor, number):
    leads = register(vendor, f"acme{number}")
    answers = click_all(vendor, leads)
    assert sorted(answers.values())[-1] == "approved", answers
    refused = [answer for answer in answers.values() if answer != "approved"]
    assert len(refused) == 1, answers
    assert read_states(vendor, leads) == (["approved", "submitted"], 1)


def test_the_log_is_whole_after_all_of_them(vendor):
    registry, _memberships = vendor
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        log = env["partner.registration.log"]
        assert log.search_count([("event", "=", "approved")]) == ROUNDS
        assert not log._find_broken_links(env.company)


def test_the_exclusion_is_in_the_database(vendor):
    registry, _memberships = vendor
    with registry.cursor() as cr:
        cr.execute(
            """SELECT pg_get_constraintdef(oid) FROM pg_constraint
                WHERE conrelid = 'partner_deal_claim'::regclass AND contype = 'x'"""
        )
        [(definition,)] = cr.fetchall()
    assert "state" in definition and "protected" in definition
