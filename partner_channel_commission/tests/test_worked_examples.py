from odoo.fields import Command
from odoo.tests import tagged

from .common import PAYMENT, POSTING, CommissionCommon


@tagged("post_install", "-at_install")
class TestWorkedExamples(CommissionCommon):
    """Figures other systems document, and faults they are known for.

    Spiff's marginal 1,100 and Intelitics' retroactive true-up are in
    ``test_period_bands``, Track360's 33 % and Euler's 50 in ``test_overrides``,
    FirstPromoter's steps in ``test_ways_to_pay``.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deal = cls._create_deal((cls.alpha_member, "sold", 100))

    # === NETSUITE === #

    def test_netsuite_credit_before_payment(self):
        # N1129338: invoice 1,000 at 10 %, credit 200, payment 800: eligible 80
        self._create_plan(("sold", 10, PAYMENT))
        invoice = self._invoice_deal(self.deal, 1000)
        note = self._credit(invoice, 200)
        self._pay(invoice, 800)
        self.assert_books(80, 80)
        payable = self.Entry.search([("book", "=", "payable")])
        self.assertFalse(payable.filtered(lambda entry: entry.amount < 0))
        self.assertFalse(self.get_entries(note, "payable"))

    def test_netsuite_credit_after_payment(self):
        # N1129338: 1,000 paid is 100; 200 refunded later is -20; net 80
        self._create_plan(("sold", 10, PAYMENT))
        invoice = self._invoice_deal(self.deal, 1000)
        self._pay(invoice)
        self.assert_books(100, 100)
        note = self._credit(invoice, 200)
        self._pay(note)
        self.assert_books(80, 80)
        self.assertEqual(self.get_entries(note, "payable").amount, -20)

    def test_netsuite_split_after_each_ones_own_plan(self):
        # N1169933: 10,000 × 10 % × 50 % = 500, the other at 15 % = 750
        other = self._create_program("Resellers", self.company)
        _gamma, member = self._create_member("Gamma", other)
        self._create_plan(("sold", 10, PAYMENT))
        self._create_plan(("sold", 15, PAYMENT), program=other)
        deal = self._create_deal((self.alpha_member, "sold", 50), (member, "sold", 50))
        self._invoice_deal(deal, 10000)
        self.assert_books(500, 0, self.alpha_member)
        self.assert_books(750, 0, member)

    def test_netsuite_part_at_billing_and_the_rest_at_collection(self):
        # section_0513020459: x % at billing, the rest at collection
        self._create_plan(
            {"role": "sold", "rate": 10, "trigger": "split", "upfront": 40}
        )
        invoice = self._invoice_deal(self.deal, 1000)
        self.assert_books(100, 40)
        self._pay(invoice, 250)
        self.assert_books(100, 55)

    # === CHECK POINT, HUBSPOT === #

    def test_of_several_benefits_only_the_highest(self):
        # Check Point's FAQ: of several discounts only the highest counts
        self._create_plan(
            {"role": "sold", "rate": 10, "trigger": POSTING, "stacking_group": "g"},
            {"role": "sourced", "rate": 15, "trigger": POSTING, "stacking_group": "g"},
        )
        deal = self._create_deal(
            (self.alpha_member, "sold", 100), (self.alpha_member, "sourced", 100)
        )
        self._invoice_deal(deal, 1000)
        self.assert_books(150, 150)

    def test_twenty_percent_for_36_months(self):
        # HubSpot's solutions programme: 20 % for 36 months
        self._create_plan(
            {"role": "sold", "rate": 20, "trigger": POSTING, "month_to": 36}
        )
        for day, earned in (("2023-01-15", 20), ("2026-01-14", 20), ("2026-01-15", 0)):
            invoice = self._invoice_deal(self.deal, 100, date=day)
            self.assertEqual(self.balance("accrued", moves=invoice), earned)

    # === FAULTS OF OCA'S COMMISSION === #

    def test_lines_are_not_rounded_to_nothing_one_by_one(self):
        # 30 lines of 0.04 at 10 % are 0.004 each; together 0.12
        self._create_plan(("sold", 10, POSTING))
        self._invoice_deal(self.deal, *[0.04] * 30)
        self.assert_books(0.12, 0.12)

    def test_no_amount_falls_between_two_bands(self):
        # OCA's sections include both bounds: 1000.005 lies between 1000 and 1000.01
        self._create_plan(
            {
                "role": "sold",
                "rate": 0,
                "trigger": POSTING,
                "band_mode": "retroactive",
                "band_ids": [
                    Command.create({"amount_from": 0, "amount_to": 1000, "rate": 10}),
                    Command.create({"amount_from": 1000, "rate": 20}),
                ],
            }
        )
        for price, earned in ((999.99, 100), (1000, 200), (1000.01, 200)):
            invoice = self._invoice_deal(self.deal, price)
            self.assertEqual(self.balance("accrued", moves=invoice), earned)

    def test_a_foreign_margin_keeps_to_one_currency(self):
        other = self.setup_other_currency("EUR", rates=[("2020-01-01", 4.0)])
        self.product.standard_price = 25
        self._create_plan(
            {"role": "sold", "rate": 10, "trigger": POSTING, "basis": "margin"}
        )
        invoice = self._invoice_deal(self.deal, 200, post=False)
        invoice.currency_id = other
        invoice.invoice_line_ids.price_unit = 200
        invoice.action_post()
        # 200 EUR less 25 × 4 = 100 EUR; OCA takes 175
        self.assert_books(10, 10)
        self.assertEqual(self.balance("accrued", field="amount"), 2.5)
