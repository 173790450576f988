"""The vendor's screens for deciding on registrations."""

from lxml import etree

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .case import RulesCase


@tagged("post_install", "-at_install")
class TestRulesDesk(RulesCase):
    def test_one_failure_does_not_stop_the_others(self):
        held, free = self._register(self.northwind), self._another("Free")
        self._register(self.contoso)._approve_registration()
        wizard = self.env["crm.lead.registration.decide"].with_user(self.manager)
        wizard = wizard.create(
            {
                "lead_ids": [Command.set((held | free).ids)],
                "decision": "approve",
            }
        )
        wizard.action_apply()
        self.assertEqual(free.registration_state, "approved")
        self.assertEqual(held.registration_state, "submitted")
        self.assertIn("Acme GmbH", wizard.outcome)
        self.assertNotIn("Free", wizard.outcome)

    def test_the_button_of_the_list_decides_each_on_its_own(self):
        arch = self.env["crm.lead"].with_user(self.manager)
        arch = arch.get_view(
            self.env.ref("partner_channel.crm_lead_registration_view_list").id, "list"
        )["arch"]
        action = self.env.ref("partner_channel.crm_lead_registration_approve_action")
        [button] = etree.fromstring(arch).xpath("//header/button[@string='Approve']")
        self.assertEqual(
            (button.get("name"), button.get("type")), (str(action.id), "action")
        )
        self.assertEqual(action.res_model, "crm.lead.registration.decide")

    def test_who_decides_sees_what_the_checks_found(self):
        self._check("public_tender", "warn")
        tender, other = self._another("Acme", is_public_tender=True), self._another("B")
        wizard = self.env["crm.lead.registration.decide"].with_user(self.manager)
        wizard = wizard.create({"lead_ids": [Command.set((tender | other).ids)]})
        self.assertTrue(wizard.is_unchecked)
        self.assertFalse(wizard.evidence_ids)
        (tender | other)._evaluate_registrations()
        wizard.invalidate_recordset()
        self.assertFalse(wizard.is_unchecked)
        self.assertEqual(wizard.evidence_ids.lead_id, tender)
        self.assertEqual(wizard.evidence_ids.facts, "Marked as a public tender")

    def test_the_earned_limit_is_shown_with_its_formula(self):
        membership = self.northwind.with_user(self.manager)
        self.assertFalse(membership.open_limit_explanation)
        self.program.write(
            {"open_limit_earned": True, "earned_base": 4, "earned_factor": 2}
        )
        membership.invalidate_recordset()
        self.assertIn("4 + 2 × 0 % won", membership.open_limit_explanation)
        self.assertIn("= 4", membership.open_limit_explanation)

    def test_people_hand_over_their_own_decisions_only(self):
        Absence = self.env["partner.approval.absence"]
        today = self.program._get_today()

        def absence(user):
            return {"user_id": user.id, "date_from": today, "date_to": today}

        mine = Absence.with_user(self.manager).create(absence(self.manager))
        with self.assertRefused(AccessError):
            Absence.with_user(self.manager).create(
                {**absence(self.other_manager), "substitute_id": self.manager.id}
            )
        theirs = Absence.with_user(self.head).create(absence(self.other_manager))
        self.assertEqual(theirs.with_user(self.manager).user_id, self.other_manager)
        with self.assertRefused(AccessError):
            theirs.with_user(self.manager).substitute_id = self.manager
        with self.assertRefused(AccessError):
            mine.with_user(self.manager).user_id = self.other_manager
        mine.with_user(self.manager).unlink()

    def test_a_return_names_the_fields_to_correct(self):
        lead = self._another("Acme")
        phone = self.env.ref("partner_channel.registration_field_phone")
        wizard = self.env["crm.lead.registration.decide"].with_user(self.manager)
        wizard.create(
            {
                "lead_ids": [Command.set(lead.ids)],
                "remark": "Which number?",
                "field_ids": [Command.create({"field_id": phone.id})],
            }
        ).action_apply()
        self.assertEqual(lead._get_open_fields(), {"phone"})
        lead._submit_registration()
        lead._return_registration("All of it")

    def test_late_decisions_go_up_once_a_level(self):
        self.program.head_id = self.head
        lead = self._another("Acme")
        lead.team_id.user_id = self.other_manager
        lead._set_protected(
            {"date_escalation": "2020-01-01", "date_decision_due": "2020-01-01"}
        )
        cron = self.env.ref("partner_channel.ir_cron_escalate_decisions")
        with self.enter_registry_test_mode():
            for _again in range(3):
                cron.method_direct_trigger()
        self.assertEqual(lead.escalation_level, 2)
        told = lead.activity_ids.user_id
        self.assertIn(self.head, told)
        self.assertEqual(len(lead.activity_ids), len(told), "nobody twice")
