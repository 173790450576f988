"""Ready-made automation rules about learning, run by their own time trigger.

``base_automation`` is no dependency of ours: it is installed in a copy of the database.
"""

from datetime import timedelta

import pytest

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tools import config

RULED = ("partner.certification", "learning.enrolment")


@pytest.fixture(scope="module")
def env(registry_copy):
    """An environment with automation rules, a path and a person, uncommitted."""
    name = registry_copy.db_name
    with registry_copy.cursor() as cr:
        paths = api.Environment(cr, SUPERUSER_ID, {})["learning.path"]
        if "base.automation" not in paths.env:
            with pytest.raises(UserError, match="not installed"):
                paths.action_create_automations()
    with pytest.MonkeyPatch.context() as patch:
        # as a server installs: without running the addon's own tests
        patch.setitem(config, "test_enable", False)
        registry = Registry.new(
            name, update_module=True, install_modules=["base_automation"]
        )
    with registry.cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {})
        cr.rollback()


@pytest.fixture(scope="module")
def story(env):
    """A seller on a path whose certificate ends in 30 days, and the owner."""
    manager = env["res.users"].create(
        {
            "name": "Mona Manager",
            "login": "rules_manager",
            "email": "mona@example.com",
            "group_ids": env.ref("partner_channel.group_channel_manager").ids,
        }
    )
    program = env["partner.program"].create({"name": "Rules", "code": "RULES"})
    env["res.partner.grade"].create({"name": "Entry", "program_id": program.id})
    company = env["res.partner"].create({"name": "North", "is_company": True})
    member = env["partner.membership"].create(
        {
            "partner_id": company.id,
            "program_id": program.id,
            "manager_id": manager.id,
        }
    )
    member.action_activate()
    people = {role: make_person(env, company, role) for role in ("seller", "owner")}
    kind = env["partner.certification.type"].create(
        {"name": "Selling", "validity_months": 12, "renewal_days": 10}
    )
    path = make_path(env, program, kind)
    return {**people, "path": path, "kind": kind, "manager": manager}


def make_path(env, program, kind):
    channel = env["slide.channel"].create(
        {
            "name": "Selling",
            "enroll": "invite",
            "visibility": "members",
            "is_published": True,
        }
    )
    return env["learning.path"].create(
        {
            "name": "Sellers",
            "program_id": program.id,
            "role_ids": env.ref("partner_channel_portal.portal_role_seller").ids,
            "tells_owner": False,
            "step_ids": [
                Command.create(
                    {"channel_id": channel.id, "type_id": kind.id, "due_days": 5}
                )
            ],
        }
    )


def make_person(env, company, role):
    person = env["res.partner"].create(
        {
            "name": role.title(),
            "email": f"{role}@example.com",
            "parent_id": company.id,
            "portal_role_id": env.ref(f"partner_channel_portal.portal_role_{role}").id,
        }
    )
    env["res.users"].with_context(no_reset_password=True).create(
        {
            "login": person.email,
            "partner_id": person.id,
            "group_ids": env.ref("base.group_portal").ids,
        }
    )
    return person


def run(env, rule):
    """Run the time trigger of one rule alone, as its job does."""
    rules = env["base.automation"].search([("trigger", "like", "on_time")])
    (rules - rule).active = False
    rule.active = True
    env["mail.mail"].search([]).unlink()
    for record in rule._search_time_based_automation_records(until=env.cr.now()):
        rule.with_context(__action_done={})._process(record)
    env.flush_all()
    rule.last_run = env.cr.now()
    mails = env["mail.mail"].search([])
    return [(mail.subject, mail.recipient_ids.mapped("name")) for mail in mails]


def test_the_examples_are_made_once_and_switched_off(env, story):
    paths = env["learning.path"]
    action = paths.action_create_automations()
    rules = env["base.automation"].with_context(active_test=False)
    made = rules.search(action["domain"])
    assert len(made) == 2
    assert not any(made.mapped("active"))
    paths.action_create_automations()
    assert rules.search(action["domain"]) == made


def test_nobody_runs_their_actions_over_rpc(env, story):
    env["learning.path"].action_create_automations()
    rules = env["base.automation"].with_context(active_test=False)
    made = rules.search([("model_id.model", "in", list(RULED))])
    assert len(made.action_server_ids) == 4
    for user in (env.ref("base.user_admin"), story["seller"].user_ids):
        for action in made.action_server_ids:
            # with a foreign model Odoo checks the groups alone
            foreign = action.with_user(user).with_context(
                active_model="res.partner", active_id=1, active_ids=[1]
            )
            if user.share:
                with pytest.raises(AccessError):
                    foreign.run()
            else:
                assert action.group_ids <= user.all_group_ids


def test_a_certificate_that_ends_enrols_writes_and_asks(env, story):
    env["learning.path"].action_create_automations()
    own = env["learning.enrolment"].search([("path_id", "=", story["path"].id)])
    own._cancel("rule")
    today = story["path"].company_id._get_channel_today()
    certificates = env["partner.certification"]
    ending, ended = certificates._get_issuer().create(
        [
            {
                "partner_id": story["seller"].id,
                "type_id": story["kind"].id,
                "date_issued": today - timedelta(days=before),
                "date_expiry": today + timedelta(days=days),
            }
            for days, before in ((30, 300), (-100, 400))
        ]
    )
    rule = env.ref("partner_channel_lms.learning_rule_expiry")
    mails = run(env, rule)
    assert any("Your certificate ends" in subject for subject, _who in mails)
    again = env["learning.enrolment"].search(
        [("path_id", "=", story["path"].id), ("state", "!=", "cancelled")]
    )
    assert again.partner_id == story["seller"]
    assert again.reason == "renewal"
    activity = certificates.browse(ending.id).activity_ids
    assert activity.user_id == story["manager"]
    assert not certificates.browse(ended.id).activity_ids
    assert run(env, rule) == []


def test_overdue_is_told_to_the_owner(env, story):
    env["learning.path"].action_create_automations()
    env["learning.enrolment"].search([])._cancel("rule")
    path = story["path"].copy({"name": "Late", "renews": False})
    # the certificate of the other test would finish the step
    path.step_ids.type_id = False
    own = env["learning.enrolment"].create(
        {"path_id": path.id, "partner_id": story["seller"].id}
    )
    rule = env.ref("partner_channel_lms.learning_rule_overdue")
    assert run(env, rule) == []
    own._set_protected({"date_next": own.date_start - timedelta(days=2)})
    rule.last_run = False
    assert run(env, rule) == [("Training overdue: Seller, Late", ["Owner"])]
    assert run(env, rule) == []
