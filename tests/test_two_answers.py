"""Partner and vendor who answer about one deal in the same moment.

Each in a transaction of its own, on a copy of the database, as two requests are.
"""

import pytest

from odoo import SUPERUSER_ID, api

from .at_once import do_at_once, make_owner

ROUNDS = 5


@pytest.fixture(scope="module")
def program(registry_copy):
    """A registry and ids of program, criterion, partner and its people, committed."""
    with registry_copy.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        program = env["partner.program"].create(
            {"name": "Qualified", "qualification_required": True}
        )
        template = env["qualification.template"].create(
            {"name": "Qualified", "program_id": program.id}
        )
        section = env["qualification.section"].create(
            {"name": "Section", "template_id": template.id}
        )
        criterion = env["qualification.criterion"].create(
            {"name": "People", "kind": "number", "high": 10, "section_id": section.id}
        )
        partner = env["res.partner"].create({"name": "Qualified", "is_company": True})
        membership = env["partner.membership"].create(
            {"partner_id": partner.id, "program_id": program.id}
        )
        membership.action_activate()
        users = env["res.users"].union(
            *(make_owner(env, partner, number) for number in range(2))
        )
        ids = (membership.id, criterion.id, users.ids)
    return registry_copy, *ids


@pytest.fixture
def lead_id(program):
    """A submitted registration whose qualification has begun."""
    registry, membership_id, _criterion_id, _user_ids = program
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        membership = env["partner.membership"].browse(membership_id)
        number = env["crm.lead"].search_count([("membership_id", "=", membership_id)])
        lead = env["crm.lead"]._create_registrations(
            membership, [{"partner_name": f"Customer {number} of the Qualified"}]
        )
        lead._submit_registration()
        return lead.id


def partner_answers(user_id, lead_id, criterion_id, text, told, sign=False):
    """Return what has a person of the partner send the form."""

    def prepare(env):
        lead = env["crm.lead"].browse(lead_id)
        shown = lead._get_portal_qualification_page()["revision"]

        def do():
            told[user_id] = lead._portal_save_qualification(
                {
                    "revision": shown,
                    f"answer_{criterion_id}": text,
                    "signed_name": f"Person {user_id}",
                },
                sign,
            )

        return do

    return user_id, {}, prepare


def vendor_answers(lead_id, value):
    """Return what has the vendor answer the only question."""

    def prepare(env):
        row = env["crm.lead"].browse(lead_id).qualification_id.vendor_answer_ids
        assert not row.is_answered
        return lambda: row.write({"value_number": value})

    return SUPERUSER_ID, {}, prepare


def read_sheet(registry, lead_id):
    """Return what is stored: values by side, revision, length of the history."""
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        sheet = env["crm.lead"].browse(lead_id).qualification_id
        values = {row.side: row._get_value() for row in sheet.answer_ids}
        return values, sheet.revision, len(sheet.history_ids), sheet.signed_name


@pytest.mark.parametrize("number", range(ROUNDS))
def test_two_people_of_the_partner_do_not_overwrite_each_other(
    program, lead_id, number
):
    registry, _membership_id, criterion_id, users = program
    told = {}
    do_at_once(
        registry,
        {
            user: partner_answers(user, lead_id, criterion_id, str(place + 3), told)
            for place, user in enumerate(users)
        },
    )
    stale = [errors for errors in told.values() if errors]
    assert len(stale) == 1 and "changed meanwhile" in stale[0]["form"]
    values, _revision, history, _signed = read_sheet(registry, lead_id)
    [winner] = [user for user in users if not told[user]]
    assert values["partner"] == users.index(winner) + 3
    assert history == 1


@pytest.mark.parametrize("number", range(ROUNDS))
def test_both_sides_answer_and_nothing_is_lost(program, lead_id, number):
    """The vendor's answer is always taken; the partner is told when it came second."""
    registry, _membership_id, criterion_id, users = program
    told = {}
    answers = do_at_once(
        registry,
        {
            "partner": partner_answers(users[0], lead_id, criterion_id, "4", told),
            "vendor": vendor_answers(lead_id, 7),
        },
    )
    assert answers == {"partner": "done", "vendor": "done"}
    values, _revision, history, _signed = read_sheet(registry, lead_id)
    assert values["vendor"] == 7
    if told[users[0]]:
        assert "changed meanwhile" in told[users[0]]["form"]
        assert values["partner"] is None and history == 1
    else:
        assert values["partner"] == 4 and history == 2


@pytest.mark.parametrize("number", range(ROUNDS))
def test_one_of_two_signs(program, lead_id, number):
    registry, _membership_id, criterion_id, users = program
    told = {}
    do_at_once(
        registry,
        {
            user: partner_answers(user, lead_id, criterion_id, "5", told, sign=True)
            for user in users
        },
    )
    [winner] = [user for user in users if not told[user]]
    values, _revision, history, signed = read_sheet(registry, lead_id)
    assert signed == f"Person {winner}"
    assert (values["partner"], history) == (5, 1)
