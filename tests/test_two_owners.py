"""Two owners who take each other's access away, or leave, in the same moment.

Each in a transaction of its own, on a copy of the database, as two requests are.
"""

import pytest

from odoo import SUPERUSER_ID, api

from .at_once import do_at_once, make_owner

ROUNDS = 5


@pytest.fixture(scope="module")
def program(registry_copy):
    """A registry and the id of a program in its database, committed."""
    with registry_copy.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        program_id = env["partner.program"].create({"name": "Owned"}).id
    return registry_copy, program_id


@pytest.fixture
def owners(program):
    """A partner and two owners of it who have been here: ids of their logins."""
    registry, program_id = program
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        partner = env["res.partner"].create({"name": "Owned", "is_company": True})
        env["partner.membership"].create(
            {"partner_id": partner.id, "program_id": program_id}
        ).action_activate()
        users = env["res.users"]
        for number in range(2):
            user = make_owner(env, partner, number)
            env["res.users.log"].with_user(user).sudo().create({})
            users |= user
        ids = users.ids
    return registry, ids


def asks(user_id, other_id, deed, role=None):
    """Return what has a person change the access of another one."""

    def prepare(env):
        # what the person saw: both own
        others = env["partner.team.member"].search([])
        assert len(others) == 2
        person_id = env["res.users"].sudo().browse(other_id).partner_id.id

        def do():
            role_id = role and str(env.ref(role).id)
            told = env["res.partner"]._portal_change_member(
                person_id, deed, {"role": role_id}
            )
            assert not told or "last one" in told or "may do more" in told, told

        return do

    return user_id, {}, prepare


def count_owners(env, user_ids):
    company = env["res.users"].browse(user_ids[0]).commercial_partner_id
    return len(company._find_owners())


@pytest.mark.parametrize("number", range(ROUNDS))
@pytest.mark.parametrize(
    ("deed", "role"),
    [("end", None), ("role", "partner_channel_portal.portal_role_viewer")],
)
def test_one_owner_is_left_when_both_take_it_from_the_other(owners, deed, role, number):
    registry, (first, second) = owners
    do_at_once(
        registry,
        {
            "first": asks(first, second, deed, role),
            "second": asks(second, first, deed, role),
        },
    )
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        assert count_owners(env, [first, second]) == 1


@pytest.mark.parametrize("number", range(ROUNDS))
def test_one_owner_is_left_when_the_vendor_archives_both(owners, number):
    """Two clerks, a login each, in Odoo's own form of users."""
    registry, user_ids = owners

    def archive(user_id):
        def prepare(env):
            user = env["res.users"].browse(user_id)
            assert user.active and count_owners(env, user_ids) == 2
            return lambda: user.write({"active": False})

        return SUPERUSER_ID, {}, prepare

    answers = do_at_once(registry, {user_id: archive(user_id) for user_id in user_ids})
    assert sum(answer == "done" for answer in answers.values()) == 1
    assert any("is the last one" in answer for answer in answers.values())
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        assert count_owners(env, user_ids) == 1


@pytest.mark.parametrize("number", range(ROUNDS))
def test_one_owner_is_left_when_one_goes_and_the_other_is_demoted(owners, number):
    """The owner changes the other one's role while the vendor moves the owner."""
    registry, (first, second) = owners

    def move(env):
        person = env["res.users"].browse(first).partner_id
        assert count_owners(env, [first, second]) == 2
        return lambda: person.write({"portal_role_id": False})

    do_at_once(
        registry,
        {
            "vendor": (SUPERUSER_ID, {}, move),
            "owner": asks(
                first, second, "role", "partner_channel_portal.portal_role_viewer"
            ),
        },
    )
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        assert count_owners(env, [first, second]) == 1


@pytest.mark.parametrize("number", range(ROUNDS))
def test_two_invitations_of_one_person_make_one_colleague(owners, number):
    registry, (first, second) = owners

    def invite(user_id):
        def prepare(env):
            role_id = env.ref("partner_channel_portal.portal_role_viewer").id
            typed = {"name": "Nina", "email": "n@owned.example", "role": str(role_id)}

            def do():
                assert not env["res.partner"]._portal_invite_member(typed)

            return do

        return user_id, {}, prepare

    answers = do_at_once(registry, {first: invite(first), second: invite(second)})
    assert set(answers.values()) == {"done"}
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        company = env["res.users"].browse(first).commercial_partner_id
        people = company.child_ids.filtered(lambda p: p.email == "n@owned.example")
        assert len(people) == 1
