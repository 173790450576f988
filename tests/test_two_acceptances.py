"""Two people accept one application at the same moment.

In transactions of their own, on a copy of the database, the way two requests are.
"""

import pytest

from odoo import SUPERUSER_ID, api
from odoo.fields import Command

from .at_once import do_at_once

ROUNDS = 5


@pytest.fixture(scope="module")
def vendor(registry_copy):
    """A registry and the id of a program in its database, committed."""
    with registry_copy.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        program = env["partner.program"].create(
            {"name": "Simultaneous", "grade_ids": [Command.create({"name": "Entry"})]}
        )
        # so that they can be counted
        env.ref("auth_signup.portal_set_password_email").auto_delete = False
        return registry_copy, program.id


def apply(vendor, number):
    """Return the id of an application that was sent, committed."""
    registry, program_id = vendor
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        application = env["partner.application"].create(
            {
                "program_id": program_id,
                "name": f"Company {number}",
                "contact_name": f"Anna {number}",
                "email": f"anna{number}@company{number}.example",
            }
        )
        application._confirm_email()
        application._submit_application()
        return application.id


def accept_at_once(vendor, application_id, clicks):
    registry, _program = vendor

    def prepare(env):
        application = env["partner.application"].browse(application_id)
        assert application.state == "submitted"
        return application._accept

    deeds = {number: (SUPERUSER_ID, {}, prepare) for number in range(clicks)}
    return do_at_once(registry, deeds)


@pytest.mark.parametrize("number", range(ROUNDS))
def test_an_application_accepted_at_once_is_one_partner(vendor, number):
    registry, _program = vendor
    application_id = apply(vendor, number)
    answers = accept_at_once(vendor, application_id, 3)
    assert set(answers.values()) == {"done"}
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        application = env["partner.application"].browse(application_id)
        companies = env["res.partner"].search([("name", "=", f"Company {number}")])
        assert companies == application.partner_id
        assert len(companies.membership_ids) == 1
        assert len(companies.child_ids) == 1
        assert len(companies.child_ids.user_ids) == 1
        Mail = env["mail.mail"]
        welcome = [("subject", "ilike", "Welcome as our partner")]
        invitation = [("subject", "ilike", "Your account at")]
        of_contact = [("recipient_ids", "in", companies.child_ids.ids)]
        of_applicant = [("email_to", "=", application.email)]
        assert Mail.search_count(welcome + of_applicant) == 1
        assert Mail.search_count(invitation + of_contact) == 1
