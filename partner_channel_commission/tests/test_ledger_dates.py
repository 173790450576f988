from datetime import date

from odoo.tests import freeze_time, tagged

from .common import PAYMENT, POSTING, CommissionCommon

APRIL = (date(2026, 4, 1), date(2026, 4, 30))
OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))
NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))


@tagged("post_install", "-at_install")
class TestLedgerDates(CommissionCommon):
    """An undo and its repetition fall into one period: nothing is due twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_plan(("sold", 10, PAYMENT), ("resale", 5, POSTING))
        cls.deal = cls._create_deal((cls.alpha_member, "sold", 100))

    def _state(self, period):
        return self.Statement._create_statements(self.company, *period)

    def _pay_out(self, period=APRIL):
        statement = self._state(period)
        statement.action_send()
        return statement

    @freeze_time("2026-11-27")
    def test_an_invoice_matched_again_is_not_due_again(self):
        invoice = self._invoice_deal(self.deal, 1000)
        self._pay(invoice)
        self._pay_out()
        terms = (invoice | invoice._get_counterparts()).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        invoice.line_ids.remove_move_reconcile()
        terms.reconcile()
        self.assert_books(100, 100)
        self.assertFalse(self._state(OCTOBER))
        self.assertFalse(self._state(NOVEMBER))

    @freeze_time("2026-11-27")
    def test_an_invoice_reset_and_posted_again_is_not_due_again(self):
        invoice = self._invoice_deal(self.deal, 1000)
        self._pay(invoice)
        self._pay_out()
        invoice.button_draft()
        invoice.action_post()
        self.assert_books(100, 100)
        self.assertFalse(self._state(OCTOBER))
        self.assertFalse(self._state(NOVEMBER))

    @freeze_time("2026-11-27")
    def test_a_refund_matched_again_is_not_taken_back_twice(self):
        invoice = self._invoice_deal(self.deal, 1000)
        self._pay(invoice)
        note = self._credit(invoice, 200)
        refund = self._pay(note, date="2026-05-25").move_id
        terms = (note | refund).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        note.line_ids.remove_move_reconcile()
        terms.reconcile()
        self.assert_books(80, 80)
        self.assertEqual(self._state(OCTOBER).amount_total, 80)

    @freeze_time("2026-11-27")
    def test_a_future_invoice_taken_back_leaves_this_month_alone(self):
        self._invoice_partner(self.alpha, 1000, date="2026-11-01")
        later = self._invoice_partner(self.alpha, 3000, date="2027-01-15")
        later.button_draft()
        self.assert_books(50, 50)
        self.assertEqual(self._state(NOVEMBER).amount_total, 50)

    @freeze_time("2026-11-27")
    def test_a_future_payment_undone_leaves_this_month_alone(self):
        paid = self._invoice_deal(self.deal, 1500, date="2026-11-01")
        self._pay(paid, date="2026-11-05")
        invoice = self._invoice_deal(self.deal, 1000, date="2026-11-01")
        self._pay(invoice, date="2026-12-20")
        invoice.line_ids.remove_move_reconcile()
        self.assertEqual(self._state(NOVEMBER).amount_total, 150)
