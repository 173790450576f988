from odoo.tests import tagged

from .walk_common import PATIENCE, WalkCommon


@tagged("post_install", "-at_install")
class TestAccountantWalk(WalkCommon):
    """Post, pay in two parts, credit, state, answer, bill, pay: in a real browser.

    After each step the books are what the step makes of them.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._invoice_deal(
            cls.deal, 1000, date=str(cls.first_day), post=False
        )
        cls.returned = cls._invoice_deal(cls.deal, 500, date=str(cls.first_day))
        cls._pay(cls.returned, date=str(cls.first_day))

    def _walk(self, step, record, user=None, path="customer-invoices"):
        self.start_tour(
            f"/odoo/{path}/{record.id}" if record else f"/odoo/{path}",
            f"partner_channel_accountant_{step}",
            login=(user or self.accountant).login,
            timeout=PATIENCE,
        )
        self.env.invalidate_all()

    def _assert_books(self, accrued, payable, moves=None):
        self.assert_books(accrued, payable, self.alpha_member, moves)

    def test_the_walk_of_an_accountant(self):
        self._post_and_pay()
        self._credit_what_was_returned()
        statement = self._state()
        dispute = self._dispute(statement)
        self._bill_the_rest(statement)
        self._settle(statement, dispute)

    def _post_and_pay(self):
        self._walk("1_post", self.invoice)
        self._assert_books(100, 0, self.invoice)
        self._walk("2_part", self.invoice)
        self._assert_books(100, 40, self.invoice)
        self._walk("3_rest", self.invoice)
        self._assert_books(100, 100, self.invoice)

    def _credit_what_was_returned(self):
        self._assert_books(150, 150)
        self._walk("4_credit", self.returned)
        note = self.returned.reversal_move_ids
        self.assertEqual((note.state, note.amount_untaxed), ("posted", 500))
        self._assert_books(-50, -50, note)
        self._assert_books(100, 100)

    def _state(self):
        self._walk("5_create", None, path="commission-statements")
        statement = self.Statement.search(
            [("membership_id", "=", self.alpha_member.id)]
        )
        self.assertRecordValues(
            statement,
            [{"state": "draft", "amount_total": 100, "date_to": self.today()}],
        )
        return statement

    def _dispute(self, statement):
        """Send the statement; a partner objects to a line, the manager answers."""
        self._walk("6_send", statement, path="commission-statements")
        self.assertEqual(statement.state, "sent")
        self._assert_books(100, 100)
        line = statement.entry_ids.filtered(lambda each: each.amount_currency == 40)
        theirs = statement.with_user(self.finance)
        self.assertEqual(theirs._portal_dispute(line.id, "It should be 45"), "")
        dispute = self.env["partner.commission.dispute"].search(
            [("statement_id", "=", statement.id)]
        )
        self.assertEqual((dispute.amount, statement.amount_disputed), (40, 40))
        self._walk("7_answer", dispute, self.manager, "commission-disputes")
        self.assertRecordValues(
            dispute,
            [
                {
                    "state": "answered",
                    "answer": "The first payment was 400, see your bank.",
                    "correction": 0,
                }
            ],
        )
        self.assertIn(dispute.answer, statement.message_ids[0].body)
        return dispute

    def _bill_the_rest(self, statement):
        statement.with_user(self.finance)._portal_accept()
        self._walk("8_bill", statement, path="commission-statements")
        bill = statement.bill_id
        self.assertRecordValues(
            bill,
            [
                {
                    "partner_id": self.alpha.id,
                    "amount_untaxed": 60,
                    "amount_residual": 0,
                    "state": "posted",
                }
            ],
        )
        self.assertEqual(statement.state, "paid")
        (total,) = self.Entry.with_user(self.finance)._get_portal_totals()
        self.assertEqual((total["payable"], total["paid"]), (40, 60))

    def _settle(self, statement, dispute):
        self._walk("9_refuse", dispute, self.manager, "commission-disputes")
        self.assertEqual((dispute.state, dispute.is_held), ("refused", True))
        self._walk("10_rest_bill", statement, path="commission-statements")
        self.assertRecordValues(
            dispute.bill_id,
            [{"amount_untaxed": 40, "amount_residual": 0, "state": "posted"}],
        )
        (total,) = self.Entry.with_user(self.finance)._get_portal_totals()
        self.assertEqual((total["payable"], total["paid"]), (0, 100))
        self.assertFalse(self.env["partner.commission.liability"].search([]))
        self._assert_books(100, 100)


@tagged("post_install", "-at_install")
class TestAccountantWalkOnAPhone(TestAccountantWalk):
    """The same on a screen of 390 points."""

    browser_size = "390x844"
    touch_enabled = True
