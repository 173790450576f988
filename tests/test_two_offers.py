"""Leads offered to partners: two who accept at once, and jobs killed or run twice.

In transactions and processes of their own, on a copy of the database.
"""

from datetime import timedelta

import pytest

from odoo import SUPERUSER_ID, api, fields
from odoo.fields import Command

from .at_once import do_at_once
from .shells import run_after_kill

ROUNDS = 5
LEADS = 60
BATCH = 5


@pytest.fixture(scope="module")
def vendor(registry_copy):
    """A registry, a rule and three partners in its database, committed."""
    registry = registry_copy
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        program = env["partner.program"].create(
            {"name": "Simultaneous", "grade_ids": [Command.create({"name": "Entry"})]}
        )
        companies = env["res.partner"].create(
            [{"name": f"Partner {n}", "is_company": True} for n in range(3)]
        )
        members = env["partner.membership"].create(
            [{"partner_id": p.id, "program_id": program.id} for p in companies]
        )
        members.action_activate()
        rule = env["partner.lead.rule"].create(
            {"name": "All", "program_id": program.id, "mode": "parallel"}
        )
        rule.parallel = 2
        return registry, rule.id, members.ids


def make_leads(vendor, mode, count=1):
    """Return ids of leads that wait for their distribution, committed."""
    registry, rule_id, _members = vendor
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        env["partner.lead.rule"].browse(rule_id).mode = mode
        leads = env["crm.lead"].create(
            [{"name": f"Lead {n}", "company_id": env.company.id} for n in range(count)]
        )
        leads._set_protected({"distribution_state": "queued"})
        if count == 1:
            leads._distribute()
        return leads.ids


def read_offers(vendor, lead_ids):
    """Return ``{lead_id: sorted states of its offers}``."""
    registry, _rule, _members = vendor
    with registry.cursor() as cr:
        cr.execute(
            """
            SELECT lead.id, array_remove(array_agg(offer.state ORDER BY offer.state),
                                         NULL)
              FROM crm_lead lead
         LEFT JOIN partner_lead_offer offer ON offer.lead_id = lead.id
             WHERE lead.id = ANY(%s) GROUP BY lead.id
            """,
            [lead_ids],
        )
        return dict(cr.fetchall())


@pytest.mark.parametrize("number", range(ROUNDS))
def test_of_two_who_accept_at_once_one_has_the_lead(vendor, number):
    registry, _rule, _members = vendor
    lead_ids = make_leads(vendor, "parallel")
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        offers = env["partner.lead.offer"].search([("lead_id", "in", lead_ids)])
        assert offers.mapped("state") == ["offered", "offered"]
        offer_ids = offers.ids

    def look(offer_id):
        def prepare(env):
            offer = env["partner.lead.offer"].browse(offer_id)
            assert offer.state == "offered"
            return offer._accept

        return prepare

    answers = do_at_once(
        registry, {one: (SUPERUSER_ID, {}, look(one)) for one in offer_ids}
    )
    [winner] = [one for one, answer in answers.items() if answer == "done"]
    [told] = [answer for answer in answers.values() if answer != "done"]
    assert "quicker" in told
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        offer = env["partner.lead.offer"].browse(winner)
        assert offer.lead_id.partner_assigned_id == offer.partner_id
    assert read_offers(vendor, lead_ids) == {lead_ids[0]: ["accepted", "withdrawn"]}


@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_lead_of_the_pool_is_claimed_by_one(vendor, number):
    registry, _rule, member_ids = vendor
    [lead_id] = make_leads(vendor, "pool")

    def look(member_id):
        def prepare(env):
            lead = env["crm.lead"].browse(lead_id)
            member = env["partner.membership"].browse(member_id)
            assert lead.distribution_state == "pool"
            return lambda: lead._claim_lead(member)

        return prepare

    answers = do_at_once(
        registry, {one: (SUPERUSER_ID, {}, look(one)) for one in member_ids}
    )
    assert list(answers.values()).count("done") == 1
    assert all(
        "no longer in the pool" in answer
        for answer in answers.values()
        if answer != "done"
    )
    assert read_offers(vendor, [lead_id]) == {lead_id: ["accepted"]}


def test_killed_and_run_twice_at_once_each_lead_is_offered_once(vendor, tmp_path):
    registry, _rule, _members = vendor
    lead_ids = make_leads(vendor, "robin", LEADS)
    job = 'env["crm.lead"]._cron_distribute_leads()'

    def check_first():
        found = list(read_offers(vendor, lead_ids).values())
        assert found.count(["offered"]) == 2 * BATCH
        assert found.count([]) == LEADS - 2 * BATCH

    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    run_after_kill(registry, "crm.lead", job, BATCH, first, check_first)
    assert read_offers(vendor, lead_ids) == dict.fromkeys(lead_ids, ["offered"])

    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        offers = env["partner.lead.offer"].search([("lead_id", "in", lead_ids)])
        offers.date_due = fields.Datetime.now() - timedelta(hours=1)

    def check_second():
        found = list(read_offers(vendor, lead_ids).values())
        assert found.count(["missed", "offered"]) == 2 * BATCH
        assert found.count(["offered"]) == LEADS - 2 * BATCH

    run_after_kill(registry, "crm.lead", job, BATCH, second, check_second)
    expected = dict.fromkeys(lead_ids, ["missed", "offered"])
    assert read_offers(vendor, lead_ids) == expected
