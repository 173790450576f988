from odoo import fields
from odoo.tests import tagged

from .common import PAYMENT, POSTING, CommissionCommon


@tagged("post_install", "-at_install")
class TestLedger(CommissionCommon):
    """What is earned, and what becomes payable as the customer pays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._create_plan(
            ("sold", 10, PAYMENT), ("sourced", 3, POSTING), ("resale", 5, POSTING)
        )
        cls.deal = cls._create_deal((cls.alpha_member, "sold", 100))

    # === EARNING === #

    def test_a_posted_invoice_is_earned_and_not_yet_payable(self):
        invoice = self._invoice_deal(self.deal, 1000)
        self.assert_books(100, 0)
        entry = self.get_entries(invoice)
        self.assertRecordValues(
            entry,
            [
                {
                    "cause": "posted",
                    "book": "accrued",
                    "date": fields.Date.to_date("2026-03-10"),
                    "partner_id": self.alpha.id,
                    "membership_id": self.alpha_member.id,
                    "role": "sold",
                    "lead_id": self.deal.id,
                    "move_line_id": invoice.invoice_line_ids.id,
                    "move_line_ref": invoice.invoice_line_ids.id,
                    "customer_id": self.customer.id,
                    "product_id": self.product.id,
                    "label": "Licence",
                    "order_ref": invoice.invoice_origin,
                    "plan_id": self.plan.id,
                    "rate": 10,
                    "share": 100,
                    "base": 1000,
                    "amount": 100,
                    "company_id": self.company.id,
                }
            ],
        )

    def test_a_draft_earns_nothing(self):
        self._invoice_deal(self.deal, 1000, post=False)
        self.assert_books(0, 0)

    def test_trigger_posting_is_payable_at_once(self):
        invoice = self._invoice_partner(self.alpha, 300, 200)
        self.assert_books(25, 25)
        self.assertEqual(set(self.get_entries(invoice).mapped("role")), {"resale"})

    def test_an_order_without_partner_earns_nothing(self):
        deal = self._create_deal()
        self._invoice_deal(deal, 1000)
        self.assertFalse(self.Entry.search([]))

    def test_amounts_are_rounded_once_per_document_and_allotted(self):
        # 3 × 0.33 at 10 % is 0.099: rounded by line it would be 0.09
        invoice = self._invoice_deal(self.deal, 0.33, 0.33, 0.33)
        self.assert_books(0.10, 0)
        self.assertEqual(
            self.get_entries(invoice).mapped("amount_currency"), [0.04, 0.03, 0.03]
        )

    def test_two_partners_split_as_their_shares_say(self):
        deal = self._create_deal(
            (self.alpha_member, "sold", 60), (self.beta_member, "sold", 40)
        )
        invoice = self._invoice_deal(deal, 1000)
        self._pay(invoice, 500)
        self.assert_books(60, 30, self.alpha_member)
        self.assert_books(40, 20, self.beta_member)

    def test_one_partner_in_two_roles_is_paid_for_both(self):
        deal = self._create_deal(
            (self.alpha_member, "sold", 100), (self.alpha_member, "sourced", 100)
        )
        self._invoice_deal(deal, 1000)
        self.assert_books(130, 30)

    def test_two_documents_in_one_posting_are_kept_apart(self):
        other = self._create_deal((self.beta_member, "sold", 100))
        invoices = self._invoice_deal(self.deal, 1000, post=False)
        invoices |= self._invoice_deal(other, 10, 20, post=False)
        invoices.action_post()
        self.assert_books(100, 0, self.alpha_member)
        self.assert_books(3, 0, self.beta_member)

    # === PAYMENTS === #

    def test_paying_in_two_parts_makes_two_entries_dated_by_payment(self):
        tax = self.company_data["default_tax_sale"]
        invoice = self._invoice_deal(self.deal, 1000, tax=tax)
        total = invoice.amount_total
        self.assertGreater(total, 1000)
        self._pay(invoice, total / 4, date="2026-04-02")
        self.assert_books(100, 25)
        self._pay(invoice, date="2026-05-03")
        self.assert_books(100, 100)
        self.assertRecordValues(
            self.get_entries(invoice, "payable"),
            [
                {"cause": "paid", "amount_currency": 25, "base": 250, "date": day}
                if first
                else {"cause": "paid", "amount_currency": 75, "base": 750, "date": day}
                for first, day in (
                    (True, fields.Date.to_date("2026-04-02")),
                    (False, fields.Date.to_date("2026-05-03")),
                )
            ],
        )

    def test_a_payment_registered_late_counts_after_what_was_booked_before(self):
        invoice = self._invoice_deal(self.deal, 1000)
        self._pay(invoice, 600, date="2026-05-03")
        self._pay(invoice, date="2026-04-02")
        self.assertEqual(
            self.get_entries(invoice, "payable").mapped(
                lambda e: (str(e.date), e.amount)
            ),
            [("2026-05-03", 60), ("2026-05-03", 40)],
        )

    def test_unreconciling_takes_the_payable_back(self):
        invoice = self._invoice_deal(self.deal, 1000)
        self._pay(invoice, 400)
        invoice.line_ids.remove_move_reconcile()
        self.assert_books(100, 0)
        last = self.get_entries(invoice, "payable")[-1]
        self.assertRecordValues(
            last, [{"cause": "unpaid", "amount": -40, "date": self.today()}]
        )

    def test_a_bounced_payment_takes_the_payable_back(self):
        invoice = self._invoice_deal(self.deal, 1000)
        payment = self._pay(invoice)
        self.assert_books(100, 100)
        # Odoo leaves the invoice "paid" here; no money came in
        payment.action_draft()
        self.assert_books(100, 0)
        payment.action_post()
        self.assert_books(100, 100)
        payment.action_cancel()
        self.assert_books(100, 0)

    def test_an_overpayment_pays_no_more_than_was_earned(self):
        invoice = self._invoice_deal(self.deal, 1000)
        self._pay(invoice, 1500)
        self.assert_books(100, 100)

    def test_a_write_off_counts_as_settled(self):
        invoice = self._invoice_deal(self.deal, 1000)
        self._pay(
            invoice,
            990,
            payment_difference_handling="reconcile",
            writeoff_account_id=self.company_data["default_account_expense"].id,
        )
        self.assert_books(100, 100)

    def test_one_payment_of_two_invoices_pays_both(self):
        invoices = self._invoice_deal(self.deal, 1000)
        invoices |= self._invoice_deal(self.deal, 500)
        self._pay(invoices, group_payment=True)
        self.assert_books(150, 150)

    # === EDGES === #

    def test_a_document_over_nothing_does_not_fail(self):
        invoice = self._invoice_deal(self.deal, 100, -100)
        self.assertEqual(invoice.amount_total, 0)
        self.assert_books(0, 0)

    def test_negative_lines_lower_the_commission(self):
        invoice = self._invoice_deal(self.deal, 1000, -100)
        self._pay(invoice, 450)
        self.assert_books(90, 45)

    def test_a_down_payment_and_the_rest_earn_the_whole_once(self):
        order = self._create_order(self.deal, 1000)
        for method, values in (
            ("percentage", {"amount": 30}),
            ("delivered", {}),
        ):
            wizard = (
                self.env["sale.advance.payment.inv"]
                .with_context(active_model="sale.order", active_ids=order.ids)
                .create({"advance_payment_method": method, **values})
            )
            wizard.create_invoices()
            order.invoice_ids.filtered(lambda move: move.state == "draft").action_post()
        self.assertEqual(len(order.invoice_ids), 2)
        self.assert_books(100, 0)

    def test_syncing_twice_in_a_row_appends_nothing(self):
        invoices = self._invoice_deal(self.deal, 1000) | self._invoice_deal(
            self.deal, 7
        )
        self._pay(invoices[0], 333.33)
        count = self.Entry.search_count([])
        for _time in range(2):
            self.assertFalse(invoices._sync_commission())
        self.assertEqual(self.Entry.search_count([]), count)
