from odoo.fields import Command
from odoo.tests import tagged

from .common import PAYMENT, POSTING, CommissionCommon


@tagged("post_install", "-at_install")
class TestLedgerCredit(CommissionCommon):
    """Credit notes take back in proportion, whenever they come."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._create_plan(
            ("sold", 10, PAYMENT), ("sourced", 3, POSTING), ("resale", 5, POSTING)
        )
        cls.deal = cls._create_deal((cls.alpha_member, "sold", 100))

    def test_credit_before_payment_nets_80(self):
        """NetSuite: invoice 1,000 at 10 %; credit 200, payment 800: 80 eligible."""
        invoice = self._invoice_deal(self.deal, 1000)
        note = self._credit(invoice, 200)
        self.assert_books(80, 0)
        self._pay(invoice)
        self.assert_books(80, 80)
        self.assertEqual(self.balance("payable", moves=note), 0)

    def test_credit_after_payment_nets_80(self):
        """NetSuite: 1,000 paid makes 100; 200 refunded takes 20, net 80."""
        invoice = self._invoice_deal(self.deal, 1000)
        self._pay(invoice)
        note = self._credit(invoice, 200)
        self.assert_books(80, 100)
        self._pay(note)
        self.assert_books(80, 80)
        self.assertRecordValues(
            self.get_entries(note),
            [
                {"book": "accrued", "cause": "credited", "amount": -20, "base": -200},
                {"book": "payable", "cause": "credited", "amount": -20, "base": -200},
            ],
        )

    def test_a_credit_note_that_pays_another_invoice_settles_both(self):
        """What the customer is owed for one deal pays a part of the next."""
        first = self._invoice_deal(self.deal, 1000)
        self._pay(first)
        note = self._credit(first, 200)
        second = self._invoice_deal(self.deal, 500)
        self.assert_books(130, 100)
        (note | second).line_ids.filtered(
            lambda line: line.display_type == "payment_term"
        ).reconcile()
        self._pay(second)
        self.assertEqual(second.amount_residual, 0)
        self.assert_books(130, 130)
        note.line_ids.remove_move_reconcile()
        self.assertEqual(self.balance("payable", moves=note), 0)
        self.assertEqual(self.balance("payable", moves=second), 30)

    def test_a_full_credit_note_mirrors_its_invoice_line_by_line(self):
        invoice = self._invoice_deal(self.deal, 0.33, 0.33, 0.33)
        note = self._credit(invoice)
        self.assert_books(0, 0)
        self.assertEqual(
            [-entry.amount for entry in self.get_entries(note, "accrued")],
            self.get_entries(invoice, "accrued").mapped("amount"),
        )

    def test_reversing_and_cancelling_at_once_leaves_nothing(self):
        invoice = self._invoice_deal(self.deal, 1000)
        self._pay(invoice, 400)
        invoice._reverse_moves([{"invoice_date": "2026-05-01"}], cancel=True)
        self.assertEqual(invoice.payment_state, "reversed")
        self.assert_books(0, 0)

    def test_a_credit_note_uses_the_terms_of_its_invoice(self):
        invoice = self._invoice_deal(self.deal, 1000)
        self.plan.action_close()
        self._create_plan(("sold", 50, PAYMENT), name="Later")
        self.deal.deal_role_ids.unlink()
        note = self._credit(invoice, 200)
        self.assert_books(80, 0)
        self.assertEqual(self.get_entries(note).rule_id, self.plan.rule_ids[0])

    def test_a_credit_note_of_an_unattributed_invoice_takes_nothing(self):
        self.plan.action_close()
        invoice = self._invoice_partner(self.alpha, 1000)
        later = ("resale", 5, POSTING)
        self._create_plan(later, name="Later", date_from="2026-04-01")
        self._credit(invoice, date="2026-05-20")
        self.assertFalse(self.Entry.search([]))

    def test_a_free_credit_note_to_a_reseller_takes_back(self):
        invoice = self._invoice_partner(self.alpha, 1000)
        self._credit(invoice, 200, apply=False)
        self.assert_books(40, 40)

    def test_a_credit_note_line_takes_back_what_its_order_line_earned(self):
        category = self.env["product.category"].create({"name": "Hardware"})
        hardware = self._create_service("Box", category)
        self.plan.action_close()
        self._create_plan(
            {
                "role": "sold",
                "rate": 2,
                "trigger": PAYMENT,
                "product_categ_id": category.id,
                "sequence": 1,
            },
            ("sold", 10, PAYMENT),
            name="By category",
        )
        order = self._create_order(self.deal, 1000)
        order.order_line = [
            Command.create(
                {
                    "product_id": hardware.id,
                    "price_unit": 500,
                    "tax_ids": [Command.clear()],
                }
            )
        ]
        invoice = order._create_invoices()
        invoice.invoice_date = "2026-03-10"
        invoice.action_post()
        self.assert_books(110, 0)
        note = invoice._reverse_moves([{"invoice_date": "2026-04-01"}])
        note.invoice_line_ids.filtered(lambda line: line.price_unit == 1000).unlink()
        note.action_post()
        self.assert_books(100, 0)
