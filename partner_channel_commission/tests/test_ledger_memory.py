from odoo.fields import Command
from odoo.tests import tagged

from .common import PAYMENT, POSTING, CommissionCommon


@tagged("post_install", "-at_install")
class TestLedgerMemory(CommissionCommon):
    """A document posted again keeps the terms it was first posted on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._create_plan(("sold", 10, PAYMENT), ("resale", 5, PAYMENT))
        cls.deal = cls._create_deal((cls.alpha_member, "sold", 100))

    def _repost(self, invoice):
        invoice.button_draft()
        self.assert_books(0, 0, moves=invoice)
        invoice.action_post()

    def test_a_closed_plan_still_pays_what_was_posted_under_it(self):
        invoice = self._invoice_deal(self.deal, 1000)
        self._pay(invoice)
        self.plan.action_close()
        self._repost(invoice)
        self.assert_books(100, 100)

    def test_a_promotion_does_not_change_an_old_invoice(self):
        program = self._create_program("Resellers", self.company)
        gold, entry_tier = program.grade_ids.sorted("sequence")
        _partner, member = self._create_member("Gamma", program)
        rule = {
            "role": "sold",
            "rate": 10,
            "trigger": PAYMENT,
            "grade_ids": [Command.set(entry_tier.ids)],
        }
        self._create_plan(rule, program=program)
        invoice = self._invoice_deal(self._create_deal((member, "sold", 100)), 1000)
        self.assert_books(100, 0, member)
        member.sudo()._set_tier(gold, self.today())
        self._repost(invoice)
        self.assert_books(100, 0, member)

    def test_a_deleted_order_line_is_remembered(self):
        invoice = self._invoice_deal(self.deal, 1000)
        order = invoice.invoice_line_ids.sale_line_ids.order_id
        order._action_cancel()
        order.action_draft()
        order.order_line.unlink()
        self._pay(invoice)
        self._pay(self._credit(invoice, 200))
        self.assert_books(80, 80)
        invoice.button_draft()
        invoice.action_post()
        self.assert_books(80, 80)

    def test_a_terminated_reseller_keeps_what_it_bought(self):
        invoice = self._invoice_partner(self.alpha, 1000)
        self._pay(invoice)
        self.alpha_member.action_terminate()
        self._repost(invoice)
        self.assert_books(50, 50)

    def test_an_invoice_that_goes_to_a_customer_is_no_resale_any_more(self):
        invoice = self._invoice_partner(self.alpha, 1000)
        invoice.button_draft()
        invoice.partner_id = self.customer
        invoice.action_post()
        self.assert_books(0, 0)

    def test_a_role_removed_in_draft_keeps_the_first_share(self):
        invoice = self._invoice_deal(self.deal, 1000)
        invoice.button_draft()
        self.deal.deal_role_ids.unlink()
        invoice.action_post()
        self.assert_books(100, 0)

    def test_a_role_that_went_to_another_partner_goes_with_it(self):
        invoice = self._invoice_deal(self.deal, 1000)
        invoice.button_draft()
        self.deal.deal_role_ids.membership_id = self.beta_member
        invoice.action_post()
        self.assert_books(0, 0, self.alpha_member)
        self.assert_books(100, 0, self.beta_member)

    def test_a_line_changed_in_draft_keeps_its_rate(self):
        invoice = self._invoice_deal(self.deal, 1000)
        self.plan.action_close()
        self._create_plan(("sold", 50, PAYMENT), ("resale", 5, POSTING), name="Later")
        invoice.button_draft()
        invoice.invoice_line_ids.price_unit = 3000
        invoice.action_post()
        self.assert_books(300, 0)
        self.assertEqual(
            self.get_entries(invoice).rule_id, self.plan.rule_ids.sorted()[0]
        )
