from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .common import CommissionCommon


@tagged("post_install", "-at_install")
class TestWayOfTheDeal(CommissionCommon, HttpCase):
    """From the seller's form to the vendor bill, in a real browser.

    Everybody does their own part, logged in as themselves; what lies between the
    parts (the order) is made by the salesperson's own methods.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_plan(("sourced", 10, "payment"))
        role = cls.env.ref("partner_channel_portal.portal_role_owner")
        cls.seller = cls._create_person("wanda.seller", "base.group_portal")
        cls.seller.partner_id.write(
            {"parent_id": cls.alpha.id, "portal_role_id": role.id}
        )
        cls.manager = cls._create_person(
            "walter.manager", "partner_channel.group_channel_head"
        )
        cls.accountant = cls._create_person(
            "wendy.accountant", "account.group_account_manager"
        )

    @classmethod
    def _create_person(cls, login, groups):
        return new_test_user(
            cls.env,
            login,
            groups=groups,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
            email=f"{login}@example.com",
        )

    def _order(self, deal):
        """Return the invoice of the deal's order, as draft."""
        deal.partner_id = self.customer
        order = self._create_order(deal, 1000)
        return order._create_invoices()

    def test_the_way_of_the_deal_in_a_browser(self):
        deal = self._register_and_approve()
        invoice = self._order(deal)
        self.start_tour(
            f"/odoo/customer-invoices/{invoice.id}",
            "partner_channel_way_3_invoice",
            login=self.accountant.login,
        )
        self.assert_books(100, 100, self.alpha_member)
        self._accept_and_bill()

    def _register_and_approve(self):
        self.start_tour(
            "/my/deals/new", "partner_channel_way_1_register", login=self.seller.login
        )
        deal = self.env["crm.lead"].search(
            [("registrant_id", "=", self.seller.partner_id.id)]
        )
        self.assertEqual(deal.registration_state, "submitted")

        self.start_tour(
            "/odoo/registrations",
            "partner_channel_way_2_approve",
            login=self.manager.login,
        )
        self.assertEqual(deal.registration_state, "approved")
        self.assertEqual(set(deal.claim_ids.mapped("state")), {"protected"})
        return deal

    def _accept_and_bill(self):
        today = fields.Date.context_today(self.Statement)
        statement = self.Statement._create_statements(
            self.company, today.replace(day=1), today
        )
        statement.action_send()
        self.start_tour(
            "/my/commissions", "partner_channel_way_4_accept", login=self.seller.login
        )
        self.assertEqual(statement.state, "accepted")
        self.assertEqual(statement.accepted_by_id, self.seller)

        self.start_tour(
            f"/odoo/commission-statements/{statement.id}",
            "partner_channel_way_5_bill",
            login=self.accountant.login,
        )
        self.assertEqual(statement.state, "billed")
        bill = statement.bill_id
        self.assertEqual((bill.partner_id, bill.amount_untaxed), (self.alpha, 100))
        bill.action_post()
        self._pay(bill, date=fields.Date.context_today(bill))
        self.assertEqual(statement.state, "paid")


@tagged("post_install", "-at_install")
class TestWayOfTheDealOnAPhone(TestWayOfTheDeal):
    """The same way on a screen of 390 points."""

    browser_size = "390x844"
    touch_enabled = True
