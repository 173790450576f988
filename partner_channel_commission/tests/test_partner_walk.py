from odoo.tests import tagged

from .walk_common import PATIENCE, WalkCommon


@tagged("post_install", "-at_install")
class TestPartnerWalk(WalkCommon):
    """See, ask where it comes from, object, accept, send an invoice, see it paid.

    The partner's finance person in a real browser; the vendor's part is done by the
    vendor's own methods.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        first = str(cls.first_day)
        cls.invoice = cls._invoice_deal(cls.deal, 1500, date=first)
        cls._pay(cls.invoice, 400, date=first)
        cls._pay(cls.invoice, 600, date=str(cls.last_day))
        cls.statement = cls.Statement._create_statements(
            cls.company, cls.first_day, cls.last_day
        )
        cls.statement.action_send()

    def _walk(self, step, path):
        name = f"partner_channel_partner_{step}"
        self.start_tour(path, name, login=self.finance.login, timeout=PATIENCE)
        self.env.invalidate_all()

    def test_the_walk_of_a_partner(self):
        self.assertEqual(self.statement.amount_total, 100)
        self._walk("1_object", "/my/commissions")
        dispute = self.env["partner.commission.dispute"].search(
            [("statement_id", "=", self.statement.id)]
        )
        self.assertRecordValues(
            dispute,
            [
                {
                    "state": "open",
                    "amount": 40,
                    "comment": "It should be 45",
                    "opened_by_id": self.finance.id,
                }
            ],
        )
        self._walk("2_accept", "/my/statements")
        self._assert_invoice()
        bill = self.statement.bill_id
        bill.action_post()
        self._pay(bill, date=str(self.today()))
        self.assertEqual(self.statement.state, "paid")
        self._walk("3_paid", "/my/commissions")
        self.assertEqual(self.alpha_member.self_billing_date, self.today())
        self._bill_what_came_next()
        self._walk("4_self_bill", "/my/statements")

    def _assert_invoice(self):
        """The wrong invoice left nothing behind, the right one is the bill."""
        self.assertEqual(self.statement.accepted_by_id, self.finance)
        bills = self.env["account.move"].search(
            [("partner_id", "=", self.alpha.id), ("move_type", "=", "in_invoice")]
        )
        self.assertRecordValues(
            bills,
            [
                {
                    "id": self.statement.bill_id.id,
                    "state": "draft",
                    "ref": "R-17",
                    "amount_untaxed": 60,
                }
            ],
        )

    def _bill_what_came_next(self):
        """The customer pays the rest: 50, on a statement the vendor bills."""
        today = self.today()
        self._pay(self.invoice, 500, date=str(today))
        statement = self.Statement._create_statements(
            self.company, today.replace(day=1), today
        )
        self.assertEqual(statement.amount_total, 50)
        statement.action_send()
        statement.action_accept()
        statement.action_create_bill()
        statement.bill_id.action_post()


@tagged("post_install", "-at_install")
class TestPartnerWalkOnAPhone(TestPartnerWalk):
    """The same on a screen of 390 points."""

    browser_size = "390x844"
    touch_enabled = True
