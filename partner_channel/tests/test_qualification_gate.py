"""No way to an opportunity past the gate, and the head's leave to pass."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .qualification_case import QualificationCase


@tagged("post_install", "-at_install")
class TestQualificationGate(QualificationCase):
    def test_a_registration_is_approved_once_it_is_qualified(self):
        with self.assertRefused(UserError, "asks for", "Partner Answers"):
            self.lead.with_user(self.manager).action_registration_approve()
        self._sign()
        with self.assertRefused(UserError, "Qualified by the Partner"):
            self.lead._approve_registration()
        self._answer_vendor()
        self.sheet._qualify()
        self.assertEqual(self.sheet.vendor_score, 50.0)
        with self.assertRefused(UserError, "scores 50 of 100", "asks for 60"):
            self.lead._approve_registration()
        self.assertEqual(self.lead.registration_state, "submitted")
        self.program.qualification_threshold = 50
        self.lead.with_user(self.manager).action_registration_approve()
        self.assertEqual(
            (self.lead.registration_state, self.lead.type), ("approved", "opportunity")
        )

    def test_an_answer_that_rules_out_is_told(self):
        self.program.qualification_threshold = 0
        self._sign()
        self._answer_vendor()
        self._row("Need named").write({"value_yesno": "no"})
        self.sheet._qualify()
        with self.assertRefused(UserError, "“Need named” rules it out"):
            self.lead._approve_registration()

    def test_the_own_step_is_waited_for(self):
        self.program.write(
            {"qualification_threshold": 0, "qualification_own_step": True}
        )
        self._qualify()
        with self.assertRefused(UserError, "Confirmed"):
            self.lead._approve_registration()
        self._row("Called").write({"value_yesno": "yes"})
        self.sheet._confirm()
        self.lead._approve_registration()
        self.assertEqual(self.lead.registration_state, "approved")

    def test_other_programs_go_on_as_before(self):
        self.program.qualification_required = False
        self.lead._approve_registration()
        self.assertEqual(self.lead.registration_state, "approved")
        lead = self.env["crm.lead"].create({"name": "Own", "type": "lead"})
        lead.convert_opportunity(self.env["res.partner"])
        self.assertEqual(lead.type, "opportunity", "of no partner")

    def test_every_way_to_an_opportunity_is_closed(self):
        lead = self._given()
        wizard = self.env["crm.lead2opportunity.partner"].with_context(
            active_model="crm.lead", active_ids=lead.ids, active_id=lead.id
        )
        ways = (
            lambda: lead.convert_opportunity(self.env["res.partner"]),
            lambda: lead.write({"type": "opportunity"}),
            lambda: wizard.create({"name": "convert"}).action_apply(),
        )
        for number, way in enumerate(ways):
            with self.subTest(number), self.assertRefused(UserError, "Not begun"):
                way()
        self.assertEqual(lead.type, "lead")
        self.program.qualification_threshold = 50
        lead.action_qualification()
        self._qualify(lead.qualification_id)
        for user in (self.manager, self.env.user):
            self.assertFalse(lead.with_user(user)._find_qualification_problems())
        wizard.create({"name": "convert"}).action_apply()
        self.assertEqual(lead.type, "opportunity")

    def test_one_of_two_does_not_slip_through(self):
        leads = self._given() | self._given(name="Second")
        leads[0].action_qualification()
        self.program.qualification_threshold = 0
        self._qualify(leads[0].qualification_id)
        with self.assertRefused(UserError, "“Second”"):
            leads.convert_opportunity(self.env["res.partner"])
        self.assertEqual(leads.mapped("type"), ["lead", "lead"])

    def test_the_head_lets_a_deal_through_with_a_reason(self):
        wizard = self.env["crm.lead.qualification.waive"]
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            wizard.with_user(self.manager).create(
                {"lead_ids": self.lead.ids, "reason": "x"}
            )
        with self.assertRefused(AccessError, "head of channel"):
            self.lead.with_user(self.manager)._waive_qualification("x")
        with self.assertRefused(UserError, "Say why"):
            self.lead.with_user(self.head)._waive_qualification(" ")
        other = self._register(
            self.contoso, partner_name="Zen", customer_vat="", website=""
        )
        wizard.with_user(self.head).create(
            {"lead_ids": (self.lead | other).ids, "reason": "Known customer"}
        ).action_apply()
        for lead in self.lead | other:
            self.assertEqual(lead.qualification_waived_by_id, self.head)
            row = self.env["partner.registration.log"].search(
                [("lead_id", "=", lead.id)], order="sequence desc", limit=1
            )
            self.assertEqual(
                (row.event, row.note, row.user_id),
                ("qualification_waived", "Known customer", self.head),
            )
            lead._approve_registration()
            self.assertEqual(lead.registration_state, "approved")

    def test_the_leave_is_for_the_partner_it_was_given_for(self):
        self.lead.with_user(self.head)._waive_qualification("Known customer")
        self.lead._transfer_registration(self.contoso, "Left")
        self.assertFalse(self.lead.qualification_waived_by_id)
        with self.assertRefused(UserError, "asks for"):
            self.lead._approve_registration()

    def test_nobody_is_approved_automatically_past_it(self):
        self.program.write({"auto_approve": True, "auto_amount_max": 100_000})
        cron = self.env.ref("partner_channel.ir_cron_evaluate_registrations")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.lead.registration_state, "submitted")

    def test_leads_that_wait_do_not_stop_odoos_assignment(self):
        team = self.env["crm.team"].create({"name": "North"})
        stopped = self._given(team_id=team.id, user_id=False)
        free = self.env["crm.lead"].create(
            {"name": "Own", "type": "lead", "team_id": team.id, "user_id": False}
        )
        found = self.env["crm.lead"].search(team._get_lead_to_assign_domain())
        self.assertIn(free, found)
        self.assertNotIn(stopped, found)
