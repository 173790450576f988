from odoo.fields import Command
from odoo.tests import tagged

from .common import PAYMENT, POSTING, CommissionCommon


@tagged("post_install", "-at_install")
class TestLedgerCompanies(CommissionCommon):
    """Two companies, two currencies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_plan(("sold", 10, PAYMENT), ("resale", 5, POSTING))
        cls.foreign = cls.setup_other_currency(
            "EUR", rates=[("2026-01-01", 2.0), ("2026-05-01", 4.0)]
        )

    def test_a_foreign_invoice_is_booked_at_the_rate_of_its_date(self):
        invoice = self._invoice_partner(
            self.alpha, 10.05, 10.05, currency_id=self.foreign.id
        )
        self.assertRecordValues(
            self.get_entries(invoice, "accrued"),
            [
                {
                    "currency_id": self.foreign.id,
                    "currency_rate": 2,
                    "base": 10.05,
                    "amount_currency": in_euro,
                    "amount": in_company,
                }
                # 1.005 rounds to 1.01; half of it is 0.505, so 0.51
                for in_euro, in_company in ((0.51, 0.26), (0.50, 0.25))
            ],
        )

    def test_a_credit_note_earns_no_exchange_difference(self):
        invoice = self._invoice_partner(self.alpha, 100, currency_id=self.foreign.id)
        note = self._credit(invoice, date="2026-05-20")
        self.assertEqual(note.invoice_currency_rate, 4)
        self.assert_books(0, 0)
        self.assertEqual(self.balance("accrued", field="amount"), 0)

    def test_an_exchange_difference_at_payment_earns_nothing(self):
        deal = self._create_deal((self.alpha_member, "sold", 100))
        pricelist = self.env["product.pricelist"].create(
            {"name": "Euro", "currency_id": self.foreign.id}
        )
        invoice = self._invoice_deal(deal, 100, pricelist_id=pricelist.id)
        self.assertEqual(invoice.currency_id, self.foreign)
        self._pay(invoice, 40, date="2026-05-10", currency_id=self.foreign.id)
        self.assert_books(10, 4)
        self._pay(invoice, date="2026-05-11", currency_id=self.currency.id)
        self.assertEqual(invoice.payment_state, "paid")
        self.assert_books(10, 10)
        self.assertEqual(self.balance("payable", field="amount"), 5)

    def test_a_currency_changed_in_draft_moves_the_commission(self):
        invoice = self._invoice_partner(self.alpha, 100)
        invoice.button_draft()
        invoice.currency_id = self.foreign
        invoice.action_post()
        entries = self.get_entries(invoice, "accrued")
        sums = {
            currency: sum(some.mapped("amount_currency"))
            for currency, some in entries.grouped("currency_id").items()
        }
        self.assertEqual(sums, {self.currency: 0, self.foreign: 5})

    def test_each_company_pays_by_its_own_plan(self):
        other = self.setup_other_company()["company"]
        program = self._create_program("Other", other)
        membership = self._create_membership(self.alpha, program)
        self._create_plan(("resale", 20, POSTING), program=program)
        mine = self._prepare_invoices([(self.alpha, [100])])
        theirs = self._prepare_invoices([(self.alpha, [100])], company=other)
        (mine | theirs).with_context(
            allowed_company_ids=(self.company | other).ids
        ).action_post()
        self.assert_books(5, 5, self.alpha_member)
        self.assert_books(20, 20, membership)
        self.assertEqual(self.get_entries(theirs).company_id, other)

    def test_an_order_of_one_company_pays_no_member_of_another(self):
        other = self.setup_other_company()["company"]
        program = self._create_program("Other", other)
        membership = self._create_membership(self.beta, program)
        self._create_plan(("sold", 20, POSTING), program=program)
        deal = self._create_deal(
            (self.alpha_member, "sold", 50), (membership, "sold", 50)
        )
        self._invoice_deal(deal, 100)
        self.assertFalse(self.Entry.search([("membership_id", "=", membership.id)]))
        self.assert_books(5, 0, self.alpha_member)

    def test_two_documents_of_two_currencies_in_one_posting(self):
        invoices = self._prepare_invoices([(self.alpha, [100])])
        invoices |= self._prepare_invoices(
            [(self.beta, [100])], currency_id=self.foreign.id
        )
        invoices.action_post()
        self.assertEqual(self.balance("accrued", self.alpha_member, field="amount"), 5)
        self.assertEqual(self.balance("accrued", self.beta_member, field="amount"), 2.5)

    def test_company_rounding_adds_up_in_a_large_document(self):
        prices = [0.37 * number for number in range(1, 30)]
        invoice = self._invoice_partner(
            self.alpha, *prices, currency_id=self.foreign.id
        )
        entries = self.get_entries(invoice, "accrued")
        base = sum(invoice.invoice_line_ids.mapped("price_subtotal"))
        self.assertAlmostEqual(
            sum(entries.mapped("amount_currency")), round(base * 0.05 + 1e-9, 2), 2
        )
        self.assertAlmostEqual(
            sum(entries.mapped("amount")),
            round(sum(entries.mapped("amount_currency")) / 2 + 1e-9, 2),
            2,
        )

    def test_a_line_without_product_earns_as_well(self):
        invoice = self._prepare_invoices([(self.alpha, [])])
        invoice.invoice_line_ids = [
            Command.create({"name": "Text only", "price_unit": 9, "tax_ids": []})
        ]
        invoice.action_post()
        self.assert_books(0.45, 0.45)
