from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import PAYMENT, POSTING, CommissionCommon

JUNE = (date(2026, 6, 1), date(2026, 6, 30))


@tagged("post_install", "-at_install")
class TestPayout(CommissionCommon):
    """A statement is sent, accepted, billed and paid, in this order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._create_plan(("sold", 10, PAYMENT), ("resale", 5, POSTING))

    def _state(self, period=JUNE, **kwargs):
        return self.Statement._create_statements(self.company, *period, **kwargs)

    def _accepted(self):
        """Return an accepted statement of Alpha over 50.00."""
        self._invoice_partner(self.alpha, 1000, date="2026-06-10")
        statement = self._state()
        statement.action_send()
        statement.action_accept()
        return statement

    def test_a_statement_cannot_skip_the_partner(self):
        self._invoice_partner(self.alpha, 100, date="2026-06-01")
        statement = self._state()
        with self.assertRaisesRegex(UserError, "Draft.*cannot become.*Billed"):
            statement.action_create_bill()
        with self.assertRaises(AccessError):
            statement.state = "paid"

    def test_a_bill_has_a_line_for_each_rule_and_the_statements_total(self):
        product = self.env["product.product"].create(
            {
                "name": "Fees",
                "type": "service",
                "supplier_taxes_id": [Command.clear()],
                "property_account_expense_id": self.company_data[
                    "default_account_expense"
                ].id,
            }
        )
        self.company.channel_commission_product_id = product
        deal = self._create_deal((self.alpha_member, "sold", 100))
        self._pay(self._invoice_deal(deal, 300, date="2026-06-01"), date="2026-06-05")
        statement = self._accepted()
        statement.action_create_bill()
        bill = statement.bill_id
        self.assertRecordValues(
            bill,
            [
                {
                    "move_type": "in_invoice",
                    "state": "draft",
                    "partner_id": self.alpha.id,
                    "ref": statement.name,
                    "amount_untaxed": 80,
                    "currency_id": self.currency.id,
                    "company_id": self.company.id,
                }
            ],
        )
        self.assertEqual(
            sorted(bill.invoice_line_ids.mapped("price_subtotal")), [30, 50]
        )
        self.assertEqual(bill.invoice_line_ids.product_id, product)
        self.assertEqual(
            bill.invoice_line_ids.account_id,
            self.company_data["default_account_expense"],
        )
        self.assertEqual(statement.state, "billed")

    def test_bills_of_two_statements_in_two_currencies(self):
        foreign = self.setup_other_currency("EUR", rates=[("2026-01-01", 2.0)])
        self._invoice_partner(self.alpha, 100, date="2026-06-01")
        self._invoice_partner(self.beta, 200, date="2026-06-01", currency_id=foreign.id)
        statements = self._state()
        statements.action_send()
        statements.action_accept()
        statements.action_create_bill()
        self.assertEqual(
            {(s.bill_id.currency_id, s.bill_id.amount_untaxed) for s in statements},
            {(self.currency, 5), (foreign, 10)},
        )
        self.assertEqual(len(statements.bill_id), 2)

    def test_creating_bills_twice_makes_one(self):
        statement = self._accepted()
        statement.action_create_bill()
        bill = statement.bill_id
        statement.action_create_bill()
        self.assertEqual(statement.bill_id, bill)

    def test_paid_follows_the_bill_both_ways(self):
        statement = self._accepted()
        statement.action_create_bill()
        statement.bill_id.action_post()
        self.assertEqual(statement.state, "billed")
        self._pay(statement.bill_id, 20)
        self.assertEqual(statement.state, "billed")
        self._pay(statement.bill_id)
        self.assertEqual(statement.state, "paid")
        statement.bill_id.line_ids.remove_move_reconcile()
        self.assertEqual(statement.state, "billed")

    def test_a_cancelled_or_deleted_bill_may_be_made_anew(self):
        statement = self._accepted()
        for finish in ("button_cancel", "unlink"):
            statement.action_create_bill()
            bill = statement.bill_id
            getattr(bill, finish)()
            self.assertEqual(statement.state, "accepted")
            self.assertFalse(statement.bill_id)

    def test_sending_tells_the_people_who_see_money(self):
        finance = self._create_staff(self.alpha, "finance", "finance")
        self._create_staff(self.alpha, "seller", "seller")
        self._create_staff(self.beta, "rival", "finance")
        self._invoice_partner(self.alpha, 100, date="2026-06-01")
        statement = self._state()
        statement.action_send()
        message = statement.message_ids.filtered(lambda m: "is ready" in (m.body or ""))
        self.assertEqual(message.partner_ids, finance.partner_id)
        self.assertEqual(statement.date_sent, self.today())
