"""Fifty partners register one customer at the same moment, and all are decided at once.

Over HTTP, on a real server of several processes: partners send the portal's form,
managers press the button. One of them protects the customer, the others are told so.
"""

import uuid
from collections import Counter
from datetime import timedelta
from functools import partial

import pytest

from odoo import SUPERUSER_ID, api, fields
from odoo.fields import Command

from .server import Person, all_at_once, serving

PARTNERS = 50
MANAGERS = 5
WORKERS = 6
FORM = {
    "description": "Forty licences",
    "expected_revenue": "12500",
    "action": "submit",
}


def create_people(env):
    """Create managers and partners with a seller each; return ids."""
    Users = env["res.users"].with_context(no_reset_password=True)
    head = env.ref("partner_channel.group_channel_head")
    managers = Users.create(
        [
            {
                "name": f"Manager {number}",
                "login": f"fifty_manager_{number}",
                "group_ids": [Command.link(head.id)],
            }
            for number in range(MANAGERS)
        ]
    )
    program = env["partner.program"].create(
        {"name": "Fifty", "grade_ids": [Command.create({"name": "Entry"})]}
    )
    companies = env["res.partner"].create(
        [{"name": f"Fifty {n}", "is_company": True} for n in range(PARTNERS)]
    )
    memberships = env["partner.membership"].create(
        [
            {
                "partner_id": company.id,
                "program_id": program.id,
                "manager_id": managers[number % MANAGERS].id,
            }
            for number, company in enumerate(companies)
        ]
    )
    memberships.action_activate()
    return managers.ids, create_sellers(env, companies)


def create_sellers(env, companies):
    """Create a portal user of each company who may do all; return ids."""
    Users = env["res.users"].with_context(no_reset_password=True)
    role = env.ref("partner_channel_portal.portal_role_owner")
    people = env["res.partner"].create(
        [
            {
                "name": f"Seller of {company.name}",
                "email": f"seller@{company.id}.example",
                "parent_id": company.id,
                "portal_role_id": role.id,
            }
            for company in companies
        ]
    )
    sellers = Users.create(
        [
            {
                "login": f"fifty_seller_{person.id}",
                "partner_id": person.id,
                "group_ids": [Command.set(env.ref("base.group_portal").ids)],
            }
            for person in people
        ]
    )
    return sellers.ids


@pytest.fixture(scope="module")
def crowd(registry_copy, tmp_path_factory):
    """A server, and everybody at its pages."""
    registry = registry_copy
    with registry.cursor() as cr:
        managers, sellers = create_people(api.Environment(cr, SUPERUSER_ID, {}))
    log = tmp_path_factory.mktemp("server") / "odoo.log"
    with serving(registry.db_name, log, WORKERS) as url:
        people = [
            [Person(url, registry, user_id) for user_id in user_ids]
            # every decision in a browser of its own
            for user_ids in (managers * (PARTNERS // MANAGERS), sellers)
        ]
        yield registry, *people, log


def prepare_form(seller, customer):
    """Open the form; return what sends it."""
    values = {
        **FORM,
        "partner_name": customer,
        "website": f"www.{customer}.example",
        "date_deadline": str(fields.Date.today() + timedelta(days=60)),
        "token": uuid.uuid4().hex,
        "csrf_token": seller.get_token("/my/deals/new"),
    }
    return partial(seller.send, "/my/deals/new", **values)


def submit(sellers, customer):
    """Register one customer for all of the sellers at once."""
    answers = all_at_once([prepare_form(seller, customer) for seller in sellers])
    assert Counter(answer.status_code for answer in answers) == {303: len(sellers)}


def find(registry, customer):
    """Return the ids of the registrations of a customer."""
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        return env["crm.lead"].search([("partner_name", "=", customer)]).ids


def judge(registry, lead_ids, answers):
    """One protects, the others are told clearly; the log has all of it."""
    refused = [answer["error"] for answer in answers if "error" in answer]
    assert len(refused) == len(answers) - 1, answers
    for error in refused:
        assert error["data"]["name"] == "odoo.exceptions.UserError", error
        message = error["data"]["message"]
        assert "holds this customer" in message or "a moment ago" in message, message
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        leads = env["crm.lead"].browse(lead_ids)
        states = Counter(leads.mapped("registration_state"))
        assert states == {"approved": 1, "submitted": len(leads) - 1}
        held = leads.claim_ids.filtered(lambda claim: claim.state == "protected")
        winner = leads.filtered(lambda lead: lead.registration_state == "approved")
        assert held.lead_id == winner
        log = env["partner.registration.log"]
        events = log.search([("lead_id", "in", lead_ids)]).mapped("event")
        assert Counter(events) == {"submitted": len(leads), "approved": 1}
        assert log._check_chain(env.company).is_whole


def test_fifty_registrations_and_fifty_decisions_at_once(crowd):
    registry, managers, sellers, log = crowd
    submit(sellers, "acmefifty")
    lead_ids = find(registry, "acmefifty")
    assert len(lead_ids) == PARTNERS
    press = "action_registration_approve"
    answers = all_at_once(
        [
            partial(manager.press, lead_id, press)
            for manager, lead_id in zip(managers, lead_ids, strict=True)
        ]
    )
    judge(registry, lead_ids, answers)
    assert "Traceback" not in log.read_text()
    assert "maximum number of tries" not in log.read_text()


def test_some_are_decided_while_others_register(crowd):
    registry, managers, sellers, log = crowd
    early, late = sellers[: PARTNERS // 2], sellers[PARTNERS // 2 :]
    submit(early, "zenfifty")
    lead_ids = find(registry, "zenfifty")
    press = "action_registration_approve"
    deeds = [prepare_form(seller, "zenfifty") for seller in late]
    answers = all_at_once(
        [
            *deeds,
            *(
                partial(manager.press, lead_id, press)
                for manager, lead_id in zip(managers, lead_ids, strict=False)
            ),
        ]
    )
    assert {answer.status_code for answer in answers[: len(late)]} == {303}
    all_ids = find(registry, "zenfifty")
    assert len(all_ids) == PARTNERS
    judge(registry, all_ids, answers[len(late) :])
    assert "Traceback" not in log.read_text()
    assert "maximum number of tries" not in log.read_text()
