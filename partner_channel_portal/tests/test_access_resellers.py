from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .common import ChannelPortalMixin


@tagged("post_install", "-at_install")
class TestResellersMethods(TransactionCase, ChannelPortalMixin):
    """Odoo's public methods of assigned leads, which write as superuser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpChannel()
        cls.deal = cls._create_deals(cls.seller)
        cls._end_memberships()
        cls.ordinary = cls.env["crm.lead"].create(
            {
                "name": "Ordinary lead",
                "type": "lead",
                "partner_assigned_id": cls.alpha.id,
            }
        )

    def get_attempts(self, lead):
        """Return the public methods that write on a lead as superuser."""
        won = self.env["crm.stage"].search([("is_won", "=", True)], limit=1)
        details = {
            "expected_revenue": 10**9,
            "probability": 100,
            "priority": "3",
            "date_deadline": False,
            "activity_date_deadline": False,
        }
        return {
            "interested": lead.partner_interested,
            "declined": lead.partner_desinterested,
            "details": lambda: lead.update_lead_portal(details),
            "contact": lambda: lead.update_contact_details_from_portal(
                {"partner_name": "Other"}
            ),
            "stage": lambda: lead.update_stage_from_portal(won.id),
        }

    def assert_all_refused(self, deal, user):
        before = deal.read(["type", "stage_id", "partner_name", "expected_revenue"])
        for name, attempt in self.get_attempts(self.as_user(deal, user)).items():
            with (
                self.subTest(method=name, user=user.login),
                self.assertRaises(UserError),
                mute_logger("odoo.models"),
            ):
                attempt()
        deal.invalidate_recordset()
        after = deal.read(["type", "stage_id", "partner_name", "expected_revenue"])
        self.assertEqual(before, after)

    def test_reseller_methods_cannot_decide_a_registration(self):
        deal = self.deal
        self.assert_all_refused(deal, self.seller)
        deal._submit_registration()
        self.assert_all_refused(deal, self.seller)
        self.assert_all_refused(deal, self.owner)

    def test_reseller_methods_obey_role_and_membership(self):
        deal = self._create_deals(self.seller, submit=True)
        deal._approve_registration()
        for name in ("seller2", "norole", "viewer", "finance", "rival"):
            self.assert_all_refused(deal, getattr(self, name))
        self.assert_all_refused(self.suspended_deal, self.suspended)
        self.assert_all_refused(self.terminated_deal, self.terminated)
        mine = self.as_user(deal, self.seller)
        mine.update_contact_details_from_portal({"phone": "+49 30 1"})
        self.assertEqual(deal.phone, "+49 30 1")
        with self.assertRaises(AccessError):
            self.get_attempts(mine)["stage"]()

    def test_odoos_short_form_is_no_way_around_the_registration(self):
        values = {"contact_name": "A", "description": "B", "title": "C"}
        for user in (self.seller, self.viewer, self.suspended):
            count = self.env["crm.lead"].search_count([])
            answer = self.env["crm.lead"].with_user(user).create_opp_portal(values)
            self.assertIn("errors", answer)
            self.assertEqual(self.env["crm.lead"].search_count([]), count)

    def test_reseller_methods_work_on_ordinary_leads(self):
        for name in ("seller", "norole"):
            lead = self.as_user(self.ordinary, getattr(self, name))
            lead.update_contact_details_from_portal({"phone": f"+49 {name}"})
            self.assertEqual(self.ordinary.phone, f"+49 {name}")
