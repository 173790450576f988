from datetime import date

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import PAYMENT, POSTING, CommissionCommon

JUNE = (date(2026, 6, 1), date(2026, 6, 30))


@tagged("post_install", "-at_install")
class TestPayoutBill(CommissionCommon):
    """A statement is paid out by one bill, over what was accepted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_plan(("sold", 10, PAYMENT), ("resale", 5, POSTING))

    def _state(self, period=JUNE):
        return self.Statement._create_statements(self.company, *period)

    def _accepted(self, *partners):
        """Return accepted statements over 50.00 each."""
        for partner in partners or (self.alpha,):
            self._invoice_partner(partner, 1000, date="2026-06-10")
        statements = self._state()
        statements.action_send()
        statements.action_accept()
        return statements

    def _billed(self):
        statement = self._accepted()
        statement.action_create_bill()
        statement.bill_id.action_post()
        return statement

    def _count_bills(self, statements):
        return self.env["account.move"].search_count(
            [("ref", "in", statements.mapped("name")), ("move_type", "=", "in_invoice")]
        )

    # === WHAT IT BOOKS === #

    def _set_purchase_tax(self, **values):
        """Have commissions billed with a purchase tax of 20 %."""
        tax = self.env["account.tax"].create(
            {
                "name": "Bill tax",
                "amount": 20,
                "type_tax_use": "purchase",
                "company_id": self.company.id,
                **values,
            }
        )
        product = self.company._get_channel_commission_product()
        product.supplier_taxes_id = tax

    def _get_balances(self, bill):
        """Return the balances of the commission, of the tax and of what is owed."""
        by_kind = bill.line_ids.grouped("display_type")
        return {
            kind: sum(by_kind[kind].mapped("balance"))
            for kind in ("product", "tax", "payment_term")
        }

    def test_a_bill_books_the_commission_and_the_tax_on_it(self):
        self._set_purchase_tax(price_include_override="tax_excluded")
        statements = self._accepted(self.alpha, self.beta)
        statements.action_create_bill()
        for bill in statements.bill_id:
            self.assertEqual(
                self._get_balances(bill),
                {"product": 50, "tax": 10, "payment_term": -60},
            )
            self.assertEqual(bill.date, bill.invoice_date)

    def test_a_tax_included_in_prices_comes_on_top_as_well(self):
        """What was stated is net, however the product's taxes are entered."""
        self._set_purchase_tax(price_include_override="tax_included")
        statement = self._accepted()
        statement.action_create_bill()
        self.assertEqual(
            self._get_balances(statement.bill_id),
            {"product": 50, "tax": 10, "payment_term": -60},
        )

    def test_a_tax_included_by_a_group_of_taxes_comes_on_top_as_well(self):
        """Its part is for no use of its own, so it is found as none for purchases."""
        values = {"type_tax_use": "none", "price_include_override": "tax_included"}
        self._set_purchase_tax(**values)
        product = self.company._get_channel_commission_product()
        part = product.supplier_taxes_id
        self._set_purchase_tax(
            name="Bill taxes",
            amount_type="group",
            children_tax_ids=[Command.set(part.ids)],
        )
        statement = self._accepted()
        statement.action_create_bill()
        self.assertEqual(
            self._get_balances(statement.bill_id),
            {"product": 50, "tax": 10, "payment_term": -60},
        )

    # === ONE BILL === #

    def test_a_paid_statement_gets_no_second_bill(self):
        statement = self._billed()
        bill = statement.bill_id
        self._pay(bill)
        statement.action_create_bill()
        self.assertEqual((statement.state, statement.bill_id), ("paid", bill))
        self.assertEqual(self._count_bills(statement), 1)

    def test_bills_for_a_mixed_selection_are_made_where_one_is_missing(self):
        statements = self._accepted(self.alpha, self.beta)
        first, second = statements
        first.action_create_bill()
        first.bill_id.action_post()
        self._pay(first.bill_id)
        statements.action_create_bill()
        self.assertEqual(statements.mapped("state"), ["paid", "billed"])
        self.assertEqual(self._count_bills(statements), 2)
        self.assertTrue(second.bill_id)

    def test_a_billed_statement_cannot_be_accepted_again(self):
        statement = self._billed()
        bill = statement.bill_id
        with self.assertRaisesRegex(UserError, "cannot become.*Accepted"):
            statement.action_accept()
        self._pay(bill)
        with self.assertRaisesRegex(UserError, "cannot become.*Accepted"):
            statement.action_accept()
        self.assertEqual((statement.state, statement.bill_id), ("paid", bill))

    # === THE AMOUNT === #

    def test_a_bill_over_another_amount_is_not_posted(self):
        statement = self._accepted()
        statement.action_create_bill()
        bill = statement.bill_id
        bill.invoice_line_ids.price_unit = 60
        with self.assertRaisesRegex(UserError, "60.00 without taxes.*50.00"):
            bill.action_post()
        bill.invoice_line_ids.price_unit = 50
        bill.invoice_line_ids.tax_ids = self.company_data["default_tax_purchase"]
        bill.action_post()
        self.assertGreater(bill.amount_total, 50)
        self.assertEqual(bill.state, "posted")

    # === TAKEN BACK === #

    def test_a_reversed_bill_frees_its_statement(self):
        statement = self._billed()
        bill = statement.bill_id
        bill._reverse_moves([{"invoice_date": "2026-07-20"}], cancel=True)
        self.assertEqual(bill.payment_state, "reversed")
        self.assertEqual((statement.state, len(statement.bill_id)), ("accepted", 0))
        statement.action_create_bill()
        self.assertNotEqual(statement.bill_id, bill)

    def test_a_reversal_undone_gives_the_bill_back(self):
        statement = self._billed()
        bill = statement.bill_id
        bill._reverse_moves([{"invoice_date": "2026-07-20"}], cancel=True)
        bill.line_ids.remove_move_reconcile()
        self.assertEqual((statement.state, statement.bill_id), ("billed", bill))

    def test_a_reversal_is_not_undone_beside_another_bill(self):
        statement = self._billed()
        bill = statement.bill_id
        bill._reverse_moves([{"invoice_date": "2026-07-20"}], cancel=True)
        statement.action_create_bill()
        with self.assertRaisesRegex(UserError, "is paid out by"):
            bill.line_ids.remove_move_reconcile()

    def test_a_cancelled_bill_is_not_posted_beside_another(self):
        statement = self._billed()
        old = statement.bill_id
        old.button_cancel()
        statement.action_create_bill()
        old.button_draft()
        with self.assertRaisesRegex(UserError, "is paid out by"):
            old.action_post()
        self.assertEqual(old.commission_payout_id, statement)

    def test_a_cancelled_bill_posted_again_is_the_bill_again(self):
        statement = self._billed()
        bill = statement.bill_id
        bill.button_cancel()
        self.assertFalse(statement.bill_id)
        bill.button_draft()
        bill.action_post()
        self.assertEqual((statement.state, statement.bill_id), ("billed", bill))
        self._pay(bill)
        self.assertEqual(statement.state, "paid")

    def test_a_copy_of_a_bill_is_a_bill_of_its_own(self):
        statement = self._billed()
        copy = statement.bill_id.copy()
        self.assertFalse(copy.commission_payout_id)

    def test_a_bill_taken_back_stays_with_those_who_see_money(self):
        statement = self._billed()
        bill = statement.bill_id
        bill._reverse_moves([{"invoice_date": "2026-07-20"}], cancel=True)
        for role, sees in (("seller", False), ("finance", True)):
            person = self._create_staff(self.alpha, role, role)
            found = self.env["account.move"].with_user(person).search([])
            self.assertEqual(bill in found, sees, role)

    def test_a_bill_stays_with_the_statement_it_was_made_for(self):
        """Taken off, it could be posted over any amount."""
        bill = self._billed().bill_id
        other = self._accepted(self.beta)
        for target in (False, other.id):
            with self.assertRaises(UserError):
                bill.write({"commission_payout_id": target})
        bill.write({"commission_payout_id": bill.commission_payout_id.id})
