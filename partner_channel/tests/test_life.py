"""After the approval: next in line, handed on, taken back."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PartnerChannelCommon


@tagged("post_install", "-at_install")
class TestLife(PartnerChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.runner_up_policy = "next"
        cls.lead = cls._register(cls.northwind, registrant_id=cls.seller.partner_id.id)
        cls.lead._approve_registration()

    def _get_log(self, lead):
        return self.env["partner.registration.log"].search(
            [("lead_id", "=", lead.id)], order="sequence"
        )

    def _wait(self, membership, minutes=0, **values):
        """Register for the held customer and be refused."""
        lead = self._register(membership, **values)
        lead._set_protected(
            {"date_submitted": lead.date_submitted + timedelta(minutes=minutes)}
        )
        lead._reject_registration("conflict")
        return lead

    # === NEXT IN LINE === #

    def test_the_first_in_line_is_decided_again(self):
        fabrikam = self._create_membership("Fabrikam", manager=self.manager)
        late = self._wait(fabrikam, 5)
        first = self._wait(self.contoso, registrant_id=self.rival.partner_id.id)
        self.assertEqual((late | first).runner_up_lead_id, self.lead)
        self.lead._withdraw_registration()
        self.assertEqual(first.registration_state, "submitted")
        self.assertEqual(late.registration_state, "rejected")
        self.assertEqual(late.runner_up_lead_id, first, "waits for the first one now")
        self.assertEqual(first.activity_ids.user_id, self.other_manager)
        self.assertEqual(self._get_log(first)[-1].event, "offered")
        self.assertIn("has become free", first.message_ids[0].body)
        first._approve_registration()
        self.assertEqual(first.registration_state, "approved")

    def test_the_partner_never_learns_who_holds_the_customer(self):
        first = self._wait(self.contoso)
        self.lead._withdraw_registration()
        for message in first.message_ids.filtered(lambda m: not m.is_internal):
            self.assertNotIn("Northwind", message.body or "")
        with self.assertRaises(AccessError):
            first.with_user(self.rival).read(["runner_up_lead_id"])

    def test_expiry_and_loss_free_the_customer_as_well(self):
        first = self._wait(self.contoso)
        self.lead._expire_registrations()
        self.assertEqual(first.registration_state, "submitted")
        first._approve_registration()
        second = self._wait(self.northwind)
        self._lose(first)
        self.assertEqual(second.registration_state, "submitted")

    def test_a_partner_that_left_is_passed_over(self):
        fabrikam = self._create_membership("Fabrikam")
        first, second = self._wait(fabrikam), self._wait(self.contoso, 5)
        fabrikam.action_suspend()
        self.lead._withdraw_registration()
        self.assertEqual(first.registration_state, "rejected")
        self.assertEqual(second.registration_state, "submitted")

    def test_without_the_rule_nobody_waits(self):
        self.program.runner_up_policy = "off"
        first = self._wait(self.contoso)
        self.assertFalse(first.runner_up_lead_id)
        self.lead._withdraw_registration()
        self.assertEqual(first.registration_state, "rejected")

    def test_another_reason_puts_nobody_in_line(self):
        first = self._register(self.contoso)
        first._reject_registration("territory")
        self.assertFalse(first.runner_up_lead_id)

    # === HANDED ON === #

    def _transfer(self, leads, membership, user=None, **values):
        self.env["crm.lead.registration.transfer"].with_user(
            user or self.manager
        ).create(
            {
                "lead_ids": [Command.set(leads.ids)],
                "membership_id": membership.id,
                "reason": "Northwind left the region",
                **values,
            }
        ).action_apply()

    def test_a_deal_goes_to_another_partner_with_all_it_has(self):
        self.lead.message_subscribe(self.seller.partner_id.ids)
        end = self.lead.date_protection_end
        self._transfer(self.lead, self.contoso, registrant_id=self.rival.partner_id.id)
        lead = self.lead
        self.assertEqual(lead.membership_id, self.contoso)
        self.assertEqual(lead.partner_assigned_id, self.contoso.partner_id)
        self.assertEqual(lead.registrant_id, self.rival.partner_id)
        self.assertEqual(lead.user_id, self.other_manager)
        self.assertEqual(lead.date_protection_end, end)
        self.assertEqual(set(lead.claim_ids.mapped("state")), {"protected"})
        self.assertEqual(lead.deal_role_ids.membership_id, self.contoso)
        self.assertNotIn(self.seller.partner_id, lead.message_partner_ids)
        self.assertFalse(lead.with_user(self.seller).has_access("read"))
        self.assertTrue(lead.with_user(self.rival).has_access("read"))
        row = self._get_log(lead)[-1]
        self.assertEqual((row.event, row.user_id), ("transferred", self.manager))
        self.assertIn("left the region", row.note)

    def test_what_was_said_and_attached_does_not_go_along(self):
        self.lead.with_user(self.seller).sudo().message_post(
            body="Our price is 100", message_type="comment"
        )
        secret = self.env["ir.attachment"].with_user(self.seller).sudo()
        secret = secret.create(
            {
                "name": "offer.txt",
                "raw": b"100",
                "res_model": "crm.lead",
                "res_id": self.lead.id,
            }
        )
        self._transfer(self.lead, self.contoso, registrant_id=self.rival.partner_id.id)
        seen = self.env["mail.message"].with_user(self.rival)
        seen = seen.search([("model", "=", "crm.lead"), ("res_id", "=", self.lead.id)])
        self.assertFalse(seen.filtered(lambda m: "price" in (m.body or "")))
        self.assertNotEqual(secret.res_model, "crm.lead", "the file went along")
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            secret.with_user(self.rival).sudo(False).read(["name"])

    def test_both_partners_are_told_and_neither_learns_of_the_other(self):
        self._transfer(self.lead, self.contoso, registrant_id=self.rival.partner_id.id)
        notices = self.env["mail.notification"].search(
            [("res_partner_id", "in", (self.seller | self.rival).partner_id.ids)]
        )
        texts = {
            notice.res_partner_id: notice.mail_message_id.body for notice in notices
        }
        self.assertIn("handed it on", texts[self.seller.partner_id])
        self.assertNotIn("Contoso", texts[self.seller.partner_id])
        self.assertIn("handed to your company", texts[self.rival.partner_id])
        self.assertNotIn("Northwind", texts[self.rival.partner_id])

    def test_the_attribution_stays_where_the_rule_says_so(self):
        self._transfer(self.lead, self.contoso, has_roles=False)
        self.assertEqual(self.lead.deal_role_ids.membership_id, self.northwind)

    def test_the_decision_goes_to_the_new_manager(self):
        asked = self._register(
            self.northwind, partner_name="Zen", customer_vat="", website=""
        )
        other = self._register(
            self.northwind, partner_name="Yen", customer_vat="", website=""
        )
        self._transfer(asked | other, self.contoso)
        for lead in asked | other:
            self.assertEqual(lead.activity_ids.user_id, self.other_manager)

    def test_what_cannot_be_handed_on(self):
        with self.assertRaises(AccessError):
            self._transfer(self.lead, self.contoso, user=self.other_manager)
        with self.assertRefused(UserError, "does not work for"):
            self._transfer(
                self.lead, self.contoso, registrant_id=self.seller.partner_id.id
            )
        elsewhere = self._create_membership(
            "Abroad", program=self._create_program("X", company=self.other_company)
        )
        with self.assertRefused(UserError, "belongs to"):
            self.lead._transfer_registration(elsewhere, "why")
        self.contoso.action_suspend()
        with self.assertRefused(UserError, "only an active partner"):
            self._transfer(self.lead, self.contoso)
        self.contoso.action_activate()
        self.lead.action_set_won()
        with self.assertRefused(UserError, "stays with its partner"):
            self._transfer(self.lead, self.contoso)

    # === TAKEN BACK === #

    def _revert(self, leads, user=None, reason="Wrong customer"):
        self.env["crm.lead.registration.revert"].with_user(user or self.manager).create(
            {"lead_ids": [Command.set(leads.ids)], "reason": reason}
        ).action_apply()

    def test_an_approval_is_taken_back(self):
        submitted = self.lead.date_submitted
        self._revert(self.lead)
        lead = self.lead
        self.assertEqual((lead.registration_state, lead.type), ("submitted", "lead"))
        self.assertFalse(lead.date_protection_end or lead.deal_role_ids)
        self.assertEqual(set(lead.claim_ids.mapped("state")), {"pending"})
        self.assertEqual(lead.date_submitted, submitted, "the place in line stays")
        row = self._get_log(lead)[-1]
        self.assertEqual((row.event, row.note), ("reverted", "Wrong customer"))
        rival = self._register(self.contoso)
        rival._approve_registration()
        with self.assertRaises(UserError):
            lead._approve_registration()

    def test_a_rejection_and_an_expiry_are_taken_back_together(self):
        refused = self._register(
            self.northwind, partner_name="Zen", customer_vat="", website=""
        )
        refused._reject_registration("other")
        self.lead._expire_registrations()
        self._revert(refused | self.lead)
        self.assertEqual(
            (refused | self.lead).mapped("registration_state"), ["submitted"] * 2
        )
        self._revert(refused | self.lead)
        events = self._get_log(refused).mapped("event")
        self.assertEqual(events.count("reverted"), 1, "twice is once")
        (refused | self.lead)._approve_registration()

    def test_submitting_again_is_no_way_back(self):
        refused = self._register(
            self.northwind, partner_name="Zen", customer_vat="", website=""
        )
        refused._reject_registration("other")
        for lead in (refused, self.lead):
            with self.assertRefused(UserError, "cannot become"):
                lead.with_user(self.manager).action_registration_submit()

    def test_a_reason_and_a_manager_are_needed(self):
        with self.assertRefused(UserError, "Say why"):
            self._revert(self.lead, reason=" ")
        for user in (self.other_manager,):
            with self.assertRaises(AccessError):
                self._revert(self.lead, user=user)
        self.lead.action_set_won()
        with self.assertRaises(UserError):
            self._revert(self.lead)
