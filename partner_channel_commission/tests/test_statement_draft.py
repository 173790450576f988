from datetime import date

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import PAYMENT, POSTING, CommissionCommon

JUNE = (date(2026, 6, 1), date(2026, 6, 30))
JULY = (date(2026, 7, 1), date(2026, 7, 31))
AUGUST = (date(2026, 8, 1), date(2026, 8, 31))


@tagged("post_install", "-at_install")
class TestStatementDraft(CommissionCommon):
    """A draft follows the ledger, also down to nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_plan(("sold", 10, PAYMENT), ("resale", 5, POSTING))

    def _state(self, period=JUNE):
        return self.Statement._create_statements(self.company, *period)

    def _bounce(self, run=True):
        """Return a draft statement over 100.00 whose payment bounces."""
        deal = self._create_deal((self.alpha_member, "sold", 100))
        invoice = self._invoice_deal(deal, 1000, date="2026-06-01")
        self.payment = self._pay(invoice, date="2026-06-05")
        statement = self._state()
        self.assertEqual(statement.amount_total, 100)
        if run:
            self._undo()
        return statement

    def _undo(self):
        with freeze_time("2026-06-20"):
            self.payment.action_draft()

    def test_a_draft_is_lowered_to_nothing_when_the_payment_bounces(self):
        statement = self._bounce()
        self.assertEqual(self._state(), statement)
        self.assertEqual(statement.amount_total, 0)
        with self.assertRaisesRegex(UserError, "nothing to pay out"):
            statement.action_send()
        self.assertFalse(self._state(), "a second run finds nothing to do")

    def test_what_a_draft_owes_meets_what_is_earned_next(self):
        statement = self._bounce()
        owed = self._invoice_partner(self.alpha, 400, date="2026-06-02")
        self.assertEqual(self._state().amount_total, 20)
        with freeze_time("2026-06-25"):
            owed.button_cancel()
            self._state()
        self.assertEqual(statement.amount_total, 0)
        self._invoice_partner(self.alpha, 600, date="2026-07-10")
        self.assertEqual(self._state(JULY), statement)
        self.assertRecordValues(
            statement, [{"amount_total": 30, "date_from": JUNE[0], "date_to": JULY[1]}]
        )
        self.assertIn("2026-07-31", statement.name)
        statement.action_send()

    def test_an_empty_draft_leaves_a_later_statement_alone(self):
        statement = self._bounce(run=False)
        self._invoice_partner(self.alpha, 600, date="2026-07-10")
        july = self._state(JULY)
        self.assertEqual(july.amount_total, 30)
        self._undo()
        self._state()
        self.assertFalse(self._state(JULY))
        self.assertEqual((statement.date_to, july.date_to), (JUNE[1], JULY[1]))
        self._invoice_partner(self.alpha, 100, date="2026-08-10")
        self.assertEqual(self._state(AUGUST), statement)
        self.assertEqual((statement.amount_total, july.amount_total), (5, 30))
