"""What cannot be taken back, and who does not stand in for anybody."""

from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import PartnerChannelInvoicingCommon


@tagged("post_install", "-at_install")
class TestGuards(PartnerChannelInvoicingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._register(cls.northwind)

    def test_a_draft_has_no_decision_to_take_back(self):
        draft = self._register(self.contoso, submit=False)
        with self.assertRefused(UserError, "never submitted"):
            draft._revert_decision("Wrong")

    def test_what_is_invoiced_stays_decided(self):
        self.lead._approve_registration()
        customer = self.env["res.partner"].create({"name": "Acme", "is_company": True})
        self._invoice(customer, 100, "2026-03-01", lead=self.lead)
        with self.assertRefused(UserError, "is invoiced"):
            self.lead._revert_decision("Wrong")
        self.assertEqual(self.lead.registration_state, "approved")

    def test_what_was_won_stays_decided(self):
        self.lead._approve_registration()
        self.lead.action_set_won()
        self.lead.stage_id = self.env.ref("crm.stage_lead1")
        self.assertEqual(self.lead.registration_state, "approved", "opened again")
        with self.assertRefused(UserError, "was won"):
            self.lead._revert_decision("Wrong")

    def test_what_was_lost_before_the_decision_is_not_protected(self):
        self._lose(self.lead)
        with self.assertRefused(UserError, "is lost"):
            self.lead._approve_registration()
        self.lead.action_unarchive()
        self.lead._approve_registration()
        self.assertEqual(self.lead.registration_state, "approved")

    def test_what_was_won_before_the_decision_is_won_with_it(self):
        both = self.lead | self._register(
            self.northwind, partner_name="Zen Ltd", customer_vat="", website=""
        )
        both.stage_id = self.env["crm.stage"].search([("is_won", "=", True)], limit=1)
        self.assertEqual(set(both.mapped("registration_state")), {"submitted"})
        both._approve_registration()
        self.assertEqual(set(both.mapped("registration_state")), {"won"})
        self.assertTrue(all(both.mapped("date_attribution_frozen")))

    def test_nobody_removes_rows_of_the_log(self):
        rows = self.env["partner.registration.log"].sudo().search([])
        self.assertTrue(rows)
        with self.assertRefused(AccessError, "cannot be deleted"):
            rows[0].unlink()

    def test_who_is_no_manager_stands_in_for_nobody(self):
        """Named before it lost its role, or switched off: the head decides."""
        absence = self.env["partner.approval.absence"].create(
            {
                "user_id": self.other_manager.id,
                "substitute_id": self.manager.id,
                "date_from": date(2028, 1, 1),
                "date_to": date(2028, 1, 31),
            }
        )

        def find():
            return absence._get_stand_in(
                self.other_manager, date(2028, 1, 10), self.head
            )

        self.assertEqual(find(), self.manager)
        self.manager.group_ids = self.env.ref("base.group_user")
        self.assertEqual(find(), self.head)
