from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from ..models.deal.deal_decision_mixin import REGISTRATION_MOVES
from .common import PartnerChannelCommon


@tagged("post_install", "-at_install")
class TestRegistration(PartnerChannelCommon):
    def test_a_registration_is_a_lead_of_the_partner(self):
        lead = self._register(self.northwind, submit=False)
        self.assertRecordValues(
            lead,
            [
                {
                    "registration_state": "draft",
                    "type": "lead",
                    "partner_assigned_id": self.northwind.partner_id.id,
                    "user_id": self.manager.id,
                    "company_id": self.company.id,
                }
            ],
        )

    @freeze_time("2026-11-20 15:00:00")
    def test_submitting_sets_the_deadline_in_working_days(self):
        """Friday afternoon and two working days give Tuesday evening."""
        lead = self._register(self.northwind)
        self.assertEqual(lead.registration_state, "submitted")
        self.assertEqual(lead.date_decision_due.date(), date(2026, 11, 24))
        self.assertFalse(lead.is_decision_late)
        self.assertEqual(lead.activity_ids.user_id, self.manager)

    def test_late_decisions_are_found(self):
        lead = self._register(self.northwind)
        lead._set_protected({"date_decision_due": "2020-01-01 10:00:00"})
        Lead = self.env["crm.lead"].with_user(self.head)
        late = Lead.search([("is_decision_late", "=", True)])
        self.assertIn(lead, late)
        self.assertTrue(lead.is_decision_late)
        self.assertNotIn(lead, Lead.search([("is_decision_late", "=", False)]))

    @freeze_time("2026-11-20 12:00:00")
    def test_approval_protects_for_the_programs_days(self):
        lead = self._register(self.northwind)
        lead.with_user(self.manager).action_registration_approve()
        self.assertRecordValues(
            lead,
            [
                {
                    "registration_state": "approved",
                    "type": "opportunity",
                    "date_protection_end": date(2027, 2, 18),
                }
            ],
        )
        self.assertEqual(set(lead.claim_ids.mapped("state")), {"protected"})
        self.assertRecordValues(
            lead.deal_role_ids,
            [{"membership_id": self.northwind.id, "role": "sourced", "share": 100}],
        )
        self.assertFalse(lead.activity_ids, "the decision is off the desk")

    def test_returned_needs_a_remark_and_can_be_submitted_again(self):
        lead = self._register(self.northwind)
        with self.assertRaises(UserError):
            lead._return_registration("  ")
        lead._return_registration("Who decides there?")
        self.assertEqual(lead.registration_state, "returned")
        self.assertEqual(lead.registration_remark, "Who decides there?")
        self.assertFalse(lead.claim_ids.filtered(lambda c: c.state != "released"))
        lead._submit_registration()
        self.assertEqual(lead.registration_state, "submitted")
        self.assertEqual(
            lead.registration_remark, "Who decides there?", "until the decision"
        )
        lead._approve_registration()
        self.assertFalse(lead.registration_remark)

    def test_rejected_needs_a_reason_and_is_final(self):
        lead = self._register(self.northwind)
        with self.assertRaises(UserError):
            lead._reject_registration(False)
        lead._reject_registration("customer", "We know them")
        self.assertEqual(lead.registration_reason, "customer")
        with self.assertRaises(UserError) as refused:
            lead._approve_registration()
        self.assertIn("Rejected", str(refused.exception))

    def test_the_wizard_decides_for_several(self):
        leads = self._register(self.northwind) | self._register(
            self.northwind, partner_name="Else", customer_vat="", website=""
        )
        wizard = (
            self.env["crm.lead.registration.decide"]
            .with_user(self.manager)
            .with_context(active_model="crm.lead", active_ids=leads.ids)
            .create(
                {"decision": "reject", "reason": "territory", "remark": "Not yours"}
            )
        )
        wizard.action_apply()
        self.assertEqual(leads.mapped("registration_state"), ["rejected"] * 2)

    def test_every_action_twice_is_one_action(self):
        lead = self._register(self.northwind)
        lead._submit_registration()
        lead._approve_registration()
        lead._approve_registration()
        lead._withdraw_registration()
        lead._withdraw_registration()
        events = self.env["partner.registration.log"].search(
            [("lead_id", "=", lead.id)], order="sequence"
        )
        self.assertEqual(events.mapped("event"), ["submitted", "approved", "withdrawn"])

    def test_each_state_allows_exactly_its_moves(self):
        states = [
            s
            for s, _label in self.env["crm.lead"]
            ._fields["registration_state"]
            .selection
        ]
        lead = self._register(self.northwind, submit=False)
        for source in states:
            for target in REGISTRATION_MOVES:
                if source == target:
                    continue
                lead._set_protected({"registration_state": source})
                with self.subTest(source=source, target=target):
                    if source in REGISTRATION_MOVES[target]:
                        lead._move_to("registration_state", target, REGISTRATION_MOVES)
                        self.assertEqual(lead.registration_state, target)
                    else:
                        with self.assertRaises(UserError):
                            lead._move_to(
                                "registration_state", target, REGISTRATION_MOVES
                            )

    def test_winning_and_losing_the_opportunity_end_the_registration(self):
        won = self._register(self.northwind)
        lost = self._register(
            self.northwind, partner_name="Else", customer_vat="", website=""
        )
        (won | lost)._approve_registration()
        won.action_set_won()
        self._lose(lost)
        self.assertEqual(won.registration_state, "won")
        self.assertEqual(lost.registration_state, "lost")
        self.assertEqual(set(lost.claim_ids.mapped("state")), {"released"})
        lost.action_restore()
        self.assertEqual(lost.registration_state, "approved")
        self.assertEqual(set(lost.claim_ids.mapped("state")), {"protected"})

    def test_only_an_active_partner_registers(self):
        self.northwind.action_suspend()
        with self.assertRaises(UserError) as refused:
            self._register(self.northwind)
        self.assertIn("Suspended", str(refused.exception))

    def test_a_registration_without_customer_is_refused(self):
        lead = self._register(self.northwind, submit=False)
        lead.write({"partner_name": "  ", "customer_vat": "", "website": ""})
        with self.assertRaises(UserError):
            lead._submit_registration()

    def test_protected_fields_cannot_be_written_by_hand(self):
        lead = self._register(self.northwind, submit=False)
        for values in (
            {"registration_state": "approved"},
            {"date_protection_end": "2099-01-01"},
            {"membership_id": self.contoso.id},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                lead.with_user(self.head).write(values)
        with self.assertRaises(AccessError):
            self.env["crm.lead"].with_user(self.head).create(
                {
                    "name": "Mine",
                    "registration_state": "approved",
                    "membership_id": self.northwind.id,
                }
            )
        copy = lead.copy()
        self.assertFalse(copy.registration_state)
        self.assertFalse(copy.membership_id)

    def test_a_registration_stays_with_its_partner(self):
        leads = self._register(self.northwind) | self._register(
            self.northwind, partner_name="Else", customer_vat="", website=""
        )
        leads.partner_assigned_id = self.northwind.partner_id
        for partner in (self.contoso.partner_id, self.env["res.partner"]):
            with self.subTest(partner=partner.name), self.assertRaises(UserError):
                leads.partner_assigned_id = partner

    def test_a_submitted_registration_cannot_be_deleted_nor_merged_away(self):
        lead = self._register(self.northwind)
        with self.assertRaises(UserError):
            lead.unlink()
        self._register(self.northwind, submit=False).unlink()

    def test_protection_ends_at_night_and_frees_the_customer(self):
        lead = self._register(self.northwind)
        kept = self._register(
            self.northwind, partner_name="Else", customer_vat="", website=""
        )
        (lead | kept)._approve_registration()
        lead._set_protected({"date_protection_end": "2020-01-01"})
        cron = self.env.ref("partner_channel.ir_cron_expire_registrations")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
            cron.method_direct_trigger()
        self.assertEqual(lead.registration_state, "expired")
        self.assertEqual(kept.registration_state, "approved")
        rival = self._register(self.contoso)
        rival._approve_registration()
        self.assertEqual(rival.registration_state, "approved")

    def test_the_jobs_run_for_the_system_only(self):
        for user in (self.seller, self.manager):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    self.env["crm.lead"].with_user(user)._cron_expire_registrations()
                with self.assertRaises(AccessError):
                    self.env["partner.tier.review"].with_user(user)._cron_review_tiers()
