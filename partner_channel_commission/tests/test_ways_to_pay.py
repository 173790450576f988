from odoo.fields import Command
from odoo.tests import tagged

from .common import PAYMENT, POSTING, CommissionCommon


@tagged("post_install", "-at_install")
class TestWaysToPay(CommissionCommon):
    """Margin, units, deals, steps, and discounts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deal = cls._create_deal((cls.alpha_member, "sold", 100))
        cls.product.standard_price = 70

    def _rule(self, **values):
        rule = {"role": "sold", "trigger": PAYMENT, "rate": 0, **values}
        return self._create_plan(rule)

    def _bands(self, *bands):
        """Return commands of ``(from, below, rate)``."""
        names = ("amount_from", "amount_to", "rate")
        return [Command.create(dict(zip(names, band, strict=True))) for band in bands]

    def _invoice_quantity(self, quantity, price, deal=None):
        invoice = self._invoice_deal(deal or self.deal, price, post=False)
        invoice.invoice_line_ids.quantity = quantity
        invoice.action_post()
        return invoice

    # === MARGIN === #

    def test_margin_is_what_is_left_of_the_price(self):
        self._rule(basis="margin", rate=20)
        invoice = self._invoice_quantity(10, 100)
        self.assert_books(60, 0)
        self.assertRecordValues(
            self.get_entries(invoice),
            [{"base": 1000, "cost": 700, "quantity": 10, "rate": 20}],
        )
        self._pay(invoice, 500)
        self.assert_books(60, 30)

    def test_margins_of_a_document_are_netted(self):
        self._rule(basis="margin", rate=20)
        # 100 - 70 and 50 - 70: 10 together
        self._invoice_deal(self.deal, 100, 50)
        self.assert_books(2, 0)

    def test_a_loss_pays_nothing_or_takes_by_choice(self):
        plan = self._rule(basis="margin", rate=20)
        invoice = self._invoice_deal(self.deal, 50)
        self.assert_books(0, 0)
        self.assertEqual(self.get_entries(invoice).limited_by, "loss")
        plan.action_close()
        self._rule(basis="margin", rate=20, margin_floor=False)
        self._invoice_deal(self.deal, 50)
        self.assert_books(-4, 0)

    def test_cost_is_taken_at_the_first_posting(self):
        self._rule(basis="margin", rate=20)
        invoice = self._invoice_deal(self.deal, 100)
        self.product.standard_price = 10
        self._pay(invoice)
        self.assert_books(6, 6)
        invoice.button_draft()
        invoice.invoice_line_ids.price_unit = 120
        invoice.action_post()
        self.assertEqual(self.balance("accrued"), 10)

    def test_a_margin_in_foreign_currency_has_its_cost_converted(self):
        # OCA's commission subtracts the cost in company currency from a price in
        # the invoice's
        other = self.setup_other_currency("EUR", rates=[("2020-01-01", 2.0)])
        self._rule(basis="margin", rate=20)
        invoice = self._invoice_deal(self.deal, 200, post=False)
        invoice.currency_id = other
        invoice.invoice_line_ids.price_unit = 200
        invoice.action_post()
        # 200 - 70 × 2 = 60 EUR, 12 EUR, 6 in company currency
        self.assert_books(12, 0)
        self.assertEqual(self.balance("accrued", field="amount"), 6)

    def test_a_credit_note_takes_its_part_of_the_margin(self):
        self._rule(basis="margin", rate=20)
        invoice = self._invoice_quantity(10, 100)
        self._pay(invoice)
        self.product.standard_price = 0
        note = self._credit(invoice, 20)
        self.assertEqual(self.balance("accrued"), 60 * (1 - note.amount_total / 1000))
        self._credit(invoice)
        self.assertEqual(self.balance("accrued"), 0, "no more than was earned")

    # === UNITS, DEALS === #

    def test_an_amount_per_unit(self):
        self._rule(basis="unit", fixed_amount=2.5)
        invoice = self._invoice_quantity(3, 100)
        self._pay(invoice, 100)
        self.assert_books(7.5, 2.5)
        self._credit(invoice)
        self.assertEqual(self.balance("accrued"), 0)

    def test_units_are_the_products_own(self):
        self._rule(basis="unit", fixed_amount=2)
        invoice = self._invoice_deal(self.deal, 100, post=False)
        invoice.invoice_line_ids.product_uom_id = self.env.ref("uom.product_uom_dozen")
        invoice.action_post()
        self.assert_books(24, 0)

    def test_an_amount_per_unit_in_foreign_currency(self):
        other = self.setup_other_currency("EUR", rates=[("2020-01-01", 2.0)])
        self._rule(basis="unit", fixed_amount=5)
        invoice = self._invoice_deal(self.deal, 200, post=False)
        invoice.currency_id = other
        invoice.action_post()
        self.assert_books(10, 0)
        self.assertEqual(self.balance("accrued", field="amount"), 5)

    def test_an_amount_per_deal_is_paid_once_and_shared(self):
        self._rule(basis="deal", fixed_amount=500)
        deal = self._create_deal(
            (self.alpha_member, "sold", 60), (self.beta_member, "sold", 40)
        )
        invoice = self._invoice_deal(deal, 30, 70)
        self.assert_books(300, 0, self.alpha_member)
        self.assert_books(200, 0, self.beta_member)
        self._invoice_deal(deal, 1000)
        self.assert_books(300, 0, self.alpha_member)
        self._pay(invoice)
        self.assert_books(300, 300, self.alpha_member)
        self._invoice_deal(self.deal, 10)
        self.assertEqual(self.balance("accrued", self.alpha_member), 800)

    def test_a_cancelled_first_invoice_leaves_the_amount_to_the_next(self):
        self._rule(basis="deal", fixed_amount=500)
        self._invoice_deal(self.deal, 10).button_cancel()
        self.assert_books(0, 0)
        self._invoice_deal(self.deal, 20)
        self.assert_books(500, 0)

    def test_two_invoices_of_a_deal_posted_together_pay_once(self):
        self._rule(basis="deal", fixed_amount=500)
        invoices = self._invoice_deal(self.deal, 10, post=False)
        invoices |= self._invoice_deal(self.deal, 20, post=False)
        invoices.action_post()
        self.assert_books(500, 0)

    # === STEPS === #

    def test_forty_percent_for_three_months_then_twenty(self):
        # FirstPromoter's changelog: "first 3 months 40 %, then 20 %"
        self._rule(band_mode="month", band_ids=self._bands((0, 3, 40), (3, 0, 20)))
        for day, earned in (
            ("2026-01-15", 40),
            ("2026-04-14", 40),
            ("2026-04-15", 20),
            ("2028-01-01", 20),
        ):
            invoice = self._invoice_deal(self.deal, 100, date=day)
            self.assertEqual(self.balance("accrued", moves=invoice), earned)

    def test_recurring_for_two_months(self):
        self._rule(band_mode="month", band_ids=self._bands((0, 2, 40), (2, 0, 0)))
        for day, earned in (("2026-01-15", 40), ("2026-03-15", 0)):
            invoice = self._invoice_deal(self.deal, 100, date=day)
            self.assertEqual(self.balance("accrued", moves=invoice), earned)
        self.assertFalse(self.get_entries(invoice))

    # === DISCOUNTS AND COMMISSIONS === #

    def test_a_discount_given_is_taken_off_the_commission(self):
        self._rule(rate=15, net_of_discount=True)
        for discount, earned in ((0, 150), (10, 35), (20, 0)):
            invoice = self._invoice_deal(self.deal, 1000, post=False)
            invoice.invoice_line_ids.discount = discount
            invoice.action_post()
            # 15 % of 900 are 135, less the 100 given; of 800 120, less 200
            self.assertEqual(self.balance("accrued", moves=invoice), earned)
        self.assertEqual(self.get_entries(invoice).limited_by, "discount")

    def test_rules_of_one_group_do_not_add_up(self):
        self._create_plan(
            {"role": "sold", "rate": 10, "trigger": POSTING, "stacking_group": "a"},
            {"role": "sourced", "rate": 12, "trigger": POSTING, "stacking_group": "a"},
            {"role": "influenced", "rate": 1, "trigger": POSTING},
        )
        deal = self._create_deal(
            (self.alpha_member, "sold", 100),
            (self.alpha_member, "sourced", 100),
            (self.alpha_member, "influenced", 100),
        )
        invoice = self._invoice_deal(deal, 1000)
        self.assert_books(130, 130)
        stacked = self.get_entries(invoice).filtered("limited_by")
        self.assertEqual((stacked.role, stacked.amount), ("sold", 0))
