from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import PAYMENT, CommissionCommon


@tagged("post_install", "-at_install")
class TestBands(CommissionCommon):
    """Bands over one document, and what makes them faulty."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deal = cls._create_deal((cls.alpha_member, "sold", 100))

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

    def test_marginal_bands_pay_each_part_at_its_rate(self):
        self._rule(
            band_mode="marginal", band_ids=self._bands((0, 1000, 10), (1000, 0, 20))
        )
        invoice = self._invoice_deal(self.deal, 900, 600)
        # 1,000 at 10 % and 500 at 20 %
        self.assert_books(200, 0)
        self.assertEqual(self.get_entries(invoice).mapped("amount_currency"), [120, 80])

    def test_half_a_cent_across_a_bound_is_rounded_up(self):
        # 666.67 at 10 % and 0.04 at 20 %: 66.675 over lines no rate of which is even
        self._rule(
            band_mode="marginal",
            band_scope="month",
            band_ids=self._bands((0, 1000, 10), (1000, 0, 20)),
        )
        self._invoice_deal(self.deal, 333.33)
        invoice = self._invoice_deal(self.deal, 220.07, 220.07, 226.57)
        self.assertEqual(self.balance("accrued", moves=invoice), 66.68)

    def test_retroactive_bands_pay_all_at_the_band_reached(self):
        self._rule(
            band_mode="retroactive", band_ids=self._bands((0, 1000, 10), (1000, 0, 20))
        )
        self._invoice_deal(self.deal, 999.99)
        self.assert_books(100, 0)
        self._invoice_deal(self.deal, 1000)
        self.assert_books(300, 0)

    def test_bands_are_in_company_currency(self):
        other = self.setup_other_currency("EUR", rates=[("2020-01-01", 2.0)])
        self._rule(
            band_mode="retroactive", band_ids=self._bands((0, 1000, 10), (1000, 0, 20))
        )
        for price, earned in ((1998, 199.8), (2000, 400)):
            invoice = self._invoice_deal(self.deal, price, post=False)
            invoice.currency_id = other
            invoice.invoice_line_ids.price_unit = price
            invoice.action_post()
            self.assertEqual(self.balance("accrued", moves=invoice), earned)

    def test_bands_per_unit(self):
        self._rule(
            basis="unit",
            band_mode="marginal",
            band_ids=self._bands((0, 10, 1), (10, 0, 2)),
        )
        self._invoice_quantity(15, 3)
        self.assert_books(20, 0)

    def test_a_credit_note_on_bands_takes_back_pro_rata(self):
        self._rule(
            band_mode="marginal", band_ids=self._bands((0, 1000, 10), (1000, 0, 20))
        )
        invoice = self._invoice_deal(self.deal, 1500)
        self._pay(invoice)
        self._pay(self._credit(invoice, 150))
        self.assert_books(180, 180)
        self._pay(self._credit(invoice))
        self.assert_books(0, 0)

    def test_faulty_bands_are_refused(self):
        # OCA pays 0 for an amount in a gap between two sections
        for bands, words in (
            ([(0, 900, 10), (1000, 0, 20)], "No band covers amounts from 900"),
            ([(0, 1100, 10), (1000, 0, 20)], "Two bands cover amounts from 1000"),
            ([(100, 0, 10)], "begin at 0"),
            ([(0, 1000, 10)], "No band covers amounts from 1000 on"),
            ([], "begin at 0"),
        ):
            with self.assertRaisesRegex(ValidationError, words):
                self._rule(band_mode="marginal", band_ids=self._bands(*bands))

    def test_a_gap_made_behind_the_rules_back_is_found_when_activating(self):
        plan = self._create_plan(
            {
                "role": "sold",
                "trigger": PAYMENT,
                "rate": 0,
                "band_mode": "marginal",
                "band_ids": self._bands((0, 1000, 10), (1000, 0, 20)),
            },
            activate=False,
        )
        plan.rule_ids.band_ids[0].amount_to = 900
        with self.assertRaisesRegex(ValidationError, "from 900"):
            plan.action_activate()

    def test_a_new_version_copies_the_bands(self):
        plan = self._rule(
            band_mode="marginal", band_ids=self._bands((0, 1000, 10), (1000, 0, 20))
        )
        version = plan.browse(plan.action_new_version()["res_id"])
        self.assertEqual(version.rule_ids.band_ids.mapped("rate"), [10, 20])
