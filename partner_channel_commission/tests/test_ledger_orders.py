from odoo.fields import Command
from odoo.tests import tagged

from .common import PAYMENT, CommissionCommon


@tagged("post_install", "-at_install")
class TestLedgerOrders(CommissionCommon):
    """Down payments and discounts fall under the rule of what is ordered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hardware = cls.env["product.category"].create({"name": "Hardware"})
        part = cls.hardware.create({"name": "Box", "parent_id": cls.hardware.id})
        cls.box = cls._create_service("Box", part)
        cls._create_plan(
            {
                "role": "sold",
                "rate": 10,
                "trigger": PAYMENT,
                "product_categ_id": cls.hardware.id,
            }
        )
        cls.deal = cls._create_deal((cls.alpha_member, "sold", 100))
        cls.order = cls._create_order(cls.deal, 1000, product=cls.box)

    def _bill(self, **values):
        """Return a posted invoice of the order, made by Odoo's wizard."""
        before = self.order.invoice_ids
        self.env["sale.advance.payment.inv"].with_context(
            active_model="sale.order", active_ids=self.order.ids
        ).create(values).create_invoices()
        invoice = self.order.invoice_ids - before
        invoice.invoice_date = "2026-03-10"
        invoice.action_post()
        return invoice

    def _bill_part(self, percent):
        return self._bill(advance_payment_method="percentage", amount=percent)

    def _bill_rest(self):
        return self._bill(advance_payment_method="delivered")

    def test_a_down_payment_earns_by_the_category_of_the_order(self):
        self._pay(self._bill_part(30))
        self.assert_books(30, 30)
        rest = self._bill_rest()
        self.assert_books(100, 30)
        self._pay(rest, 350)
        self.assert_books(100, 65)
        self._pay(rest)
        self.assert_books(100, 100)

    def test_a_final_invoice_over_nothing_makes_nothing_payable(self):
        whole = self._bill_part(100)
        rest = self._bill_rest()
        self.assertEqual(rest.amount_total, 0)
        self.assert_books(100, 0)
        self._pay(whole)
        self.assert_books(100, 100)

    def test_a_discount_on_the_order_lowers_the_commission(self):
        self.env["sale.order.discount"].create(
            {
                "sale_order_id": self.order.id,
                "discount_type": "so_discount",
                "discount_percentage": 0.1,
            }
        ).action_apply_discount()
        invoice = self._bill_rest()
        self.assertEqual(invoice.amount_untaxed, 900)
        self._pay(invoice)
        self.assert_books(90, 90)

    def test_an_order_of_two_rules_leaves_its_down_payment_aside(self):
        self.order.order_line = [
            Command.create(
                {
                    "product_id": self.product.id,
                    "price_unit": 500,
                    "tax_ids": [Command.clear()],
                }
            )
        ]
        self._bill_part(30)
        self.assert_books(0, 0)
        self._bill_rest()
        self.assert_books(100, 0)
