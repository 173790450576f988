from odoo.fields import Command
from odoo.tests import tagged

from .common import PAYMENT, POSTING, CommissionCommon


@tagged("post_install", "-at_install")
class TestLedgerGoodwill(CommissionCommon):
    """Credit notes that do not mirror an invoice: other lines, no reference, late."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._create_plan(("sold", 10, PAYMENT), ("sourced", 3, POSTING))
        cls.deal = cls._create_deal((cls.alpha_member, "sold", 100))
        cls.goodwill = cls._create_service("Goodwill")

    def _match(self, *moves):
        lines = self.env["account.move"].union(*moves).line_ids
        lines.filtered(
            lambda line: line.display_type == "payment_term" and not line.reconciled
        ).reconcile()

    def _credit_goodwill(self, invoice, amount, **values):
        """Return a posted credit note over something that was never sold."""
        note = invoice._reverse_moves([{"invoice_date": "2026-05-20"}])
        note.invoice_line_ids = [
            Command.clear(),
            Command.create(
                {
                    "product_id": self.goodwill.id,
                    "price_unit": amount,
                    "tax_ids": [Command.clear()],
                }
            ),
        ]
        note.action_post()
        return note

    def _credit_by_hand(self, amount, partner=None):
        """Return a posted credit note without any reference."""
        note = self._prepare_invoices(
            [(partner or self.customer, [amount])], move_type="out_refund"
        )
        note.action_post()
        return note

    # === LINES OF NO INVOICE LINE === #

    def test_goodwill_before_the_payment_takes_its_part_back(self):
        invoice = self._invoice_deal(self.deal, 1000)
        note = self._credit_goodwill(invoice, 200)
        self._match(invoice, note)
        self.assert_books(80, 0)
        self._pay(invoice)
        self.assert_books(80, 80)

    def test_goodwill_after_the_payment_takes_its_part_back(self):
        invoice = self._invoice_deal(self.deal, 1000)
        self._pay(invoice)
        self._pay(self._credit_goodwill(invoice, 200))
        self.assert_books(80, 80)

    def test_goodwill_is_spread_over_lines_and_partners(self):
        deal = self._create_deal(
            (self.alpha_member, "sold", 60),
            (self.beta_member, "sold", 40),
            (self.beta_member, "sourced", 100),
        )
        invoice = self._invoice_deal(deal, 700, 400, -100)
        self._credit_goodwill(invoice, 200)
        self.assert_books(48, 0, self.alpha_member)
        self.assert_books(32 + 24, 24, self.beta_member)

    def test_goodwill_on_lines_of_two_rates_takes_the_mean(self):
        category = self.env["product.category"].create({"name": "Hardware"})
        hardware = self._create_service("Box", category)
        self.plan.action_close()
        rule = {"role": "sold", "rate": 2, "trigger": PAYMENT, "sequence": 1}
        self._create_plan(
            {**rule, "product_categ_id": category.id},
            ("sold", 10, PAYMENT),
            name="Two rates",
        )
        order = self._create_order(self.deal, 1000)
        order.order_line = [
            Command.create(
                {
                    "product_id": hardware.id,
                    "price_unit": 1000,
                    "tax_ids": [Command.clear()],
                }
            )
        ]
        invoice = order._create_invoices()
        invoice.invoice_date = "2026-03-10"
        invoice.action_post()
        self.assert_books(120, 0)
        self._credit_goodwill(invoice, 200)
        self.assert_books(108, 0)
        self._credit(invoice)
        self.assert_books(0, 0)

    # === NO REFERENCE === #

    def test_a_credit_note_by_hand_reduces_the_invoice_it_is_matched_with(self):
        invoice = self._invoice_deal(self.deal, 1000)
        note = self._credit_by_hand(200)
        self._match(invoice, note)
        self.assert_books(80, 0)
        self._pay(invoice)
        self.assert_books(80, 80)
        self.assertFalse(self.get_entries(note))
        self.assertRecordValues(
            self.get_entries(invoice, "accrued"),
            [
                {"cause": "posted", "amount": 100, "base": 1000},
                {"cause": "credited", "amount": -20, "base": 0},
            ],
        )

    def test_a_credit_note_by_hand_reduces_what_pays_on_posting(self):
        invoice = self._invoice_deal(
            self._create_deal((self.alpha_member, "sourced", 100)), 1000
        )
        self._match(invoice, self._credit_by_hand(200))
        self.assert_books(24, 24)

    def test_a_reduction_taken_away_is_earned_again(self):
        invoice = self._invoice_deal(self.deal, 1000)
        note = self._credit_by_hand(1000)
        self._match(invoice, note)
        self.assert_books(0, 0)
        note.button_draft()
        self.assert_books(100, 0)
        note.action_post()
        self.assert_books(0, 0)
        note.button_cancel()
        self._pay(invoice)
        self.assert_books(100, 100)

    def test_a_reduced_invoice_is_taken_back_and_posted_again(self):
        invoice = self._invoice_deal(self.deal, 1000)
        self._match(invoice, self._credit_by_hand(200))
        invoice.button_draft()
        self.assert_books(0, 0)
        invoice.action_post()
        self.assert_books(80, 0)

    def test_a_refund_of_one_order_pays_the_invoice_of_another(self):
        order = self._create_order(self.deal, 1000)
        first = order._create_invoices()
        first.invoice_date = "2026-03-10"
        first.action_post()
        self._pay(first)
        order.order_line.product_uom_qty = 0.5
        refund = order._create_invoices(final=True)
        refund.invoice_date = "2026-04-01"
        refund.action_post()
        self.assertFalse(refund.reversed_entry_id)
        other = self._create_deal((self.beta_member, "sold", 100))
        second = self._invoice_deal(other, 500)
        self._match(refund, second)
        self.assert_books(50, 50, self.alpha_member)
        self.assert_books(50, 50, self.beta_member)

    def test_a_refund_of_the_same_order_pays_nothing(self):
        order = self._create_order(self.deal, 1000)
        invoice = order._create_invoices()
        invoice.invoice_date = "2026-03-10"
        invoice.action_post()
        order.order_line.product_uom_qty = 0.5
        refund = order._create_invoices(final=True)
        refund.invoice_date = "2026-04-01"
        refund.action_post()
        self._match(refund, invoice)
        self.assert_books(50, 0)
        self._pay(invoice)
        self.assert_books(50, 50)

    # === LATE, TOO MUCH, VOID === #

    def test_an_invoice_attributed_late_brings_its_credit_note_along(self):
        for role, payable in (("sold", 80), ("sourced", 24)):
            deal = self._create_deal()
            invoice = self._invoice_deal(deal, 1000)
            self._credit(invoice, 200)
            self.assertFalse(self.get_entries(invoice))
            deal.deal_role_ids = [
                Command.create({"membership_id": self.beta_member.id, "role": role})
            ]
            self._pay(invoice)
            documents = invoice | invoice.reversal_move_ids
            self.assert_books(payable, payable, self.beta_member, documents)

    def test_a_credit_note_takes_back_no_more_than_was_earned(self):
        invoice = self._invoice_deal(self.deal, 1000)
        self._pay(invoice)
        self._pay(self._credit(invoice, 1500))
        self.assert_books(0, 0)

    def test_several_credit_notes_take_back_no_more_than_was_earned(self):
        invoice = self._invoice_deal(self.deal, 1000)
        self._pay(invoice)
        for accrued in (40, 0, 0):
            self._pay(self._credit(invoice, 600))
            self.assert_books(accrued, accrued)

    def test_a_credit_note_of_a_cancelled_invoice_takes_nothing(self):
        invoice = self._invoice_deal(self.deal, 1000)
        self._pay(invoice, 400)
        note = self._credit(invoice, 200)
        self.assert_books(80, 40)
        invoice.button_cancel()
        self.assert_books(0, 0)
        self.assertEqual(self.get_entries(note)[-1].cause, "reset")
        invoice.button_draft()
        invoice.action_post()
        self.assert_books(80, 0)
