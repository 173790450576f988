from datetime import date, datetime

from odoo.exceptions import UserError
from odoo.tests import Form, freeze_time, tagged

from .common import POSTING, CommissionCommon

APRIL = (date(2026, 4, 1), date(2026, 4, 30))
MAY = (date(2026, 5, 1), date(2026, 5, 31))


@tagged("post_install", "-at_install")
class TestOddCases(CommissionCommon):
    """What an accountant meets now and then; each figure is worked out by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_plan(("resale", 5, POSTING))

    def _state(self, period=APRIL, **kwargs):
        return self.Statement._create_statements(self.company, *period, **kwargs)

    def _bill(self, statement):
        statement.action_send()
        statement.action_accept()
        statement.action_create_bill()
        return statement.bill_id

    # === WHERE AND WHEN === #

    def test_a_correction_counts_for_the_day_where_the_company_is(self):
        """At 20:00 UTC on 30 June it is July in Auckland, whoever resets it."""
        self.company.partner_id.tz = "Pacific/Auckland"
        self.env.user.tz = "America/Los_Angeles"
        invoice = self._invoice_partner(self.alpha, 1000, date="2026-06-10")
        with freeze_time(datetime(2026, 6, 30, 20)):
            invoice.button_draft()
        entry = self.get_entries(invoice, "accrued")[-1]
        self.assertEqual(entry.date, date(2026, 7, 1))

    def test_a_manual_amount_counts_for_the_day_where_the_company_is(self):
        self.company.partner_id.tz = "Pacific/Auckland"
        head = self._create_user("head", "partner_channel.group_channel_head")
        adjustment = self.env["partner.commission.adjustment"].create(
            {"membership_id": self.alpha_member.id, "amount": 5, "reason": "Goodwill"}
        )
        adjustment.action_request()
        with freeze_time(datetime(2026, 6, 30, 20)):
            adjustment.with_user(head).action_approve()
        entries = adjustment.booked_entry_ids
        self.assertEqual(set(entries.mapped("date")), {date(2026, 7, 1)})

    def test_the_last_day_of_a_period_ends_where_the_company_is(self):
        self.company.partner_id.tz = "Pacific/Auckland"
        self._invoice_partner(self.alpha, 1000, date="2026-06-10")
        wizard = self.env["partner.commission.statement.create"].create(
            {"date_from": "2026-06-01", "date_to": "2026-07-01"}
        )
        with freeze_time(datetime(2026, 6, 29, 20)), self.assertRaises(UserError):
            wizard.action_create()
        with freeze_time(datetime(2026, 6, 30, 20)):
            wizard.action_create()
        self.assertEqual(self.Statement.search([]).amount_total, 50)

    def test_the_currency_of_a_company_with_a_ledger_stays(self):
        self._invoice_partner(self.alpha, 1000)
        euro = self.setup_other_currency("EUR")
        with self.assertRaises(UserError):
            self.company.currency_id = euro

    # === THE PARTNER === #

    def test_an_archived_partner_without_address_and_bank_is_paid(self):
        self._invoice_partner(self.alpha, 1000, date="2026-04-10")
        self.alpha.write({"street": False, "city": False, "country_id": False})
        self.alpha.bank_ids.unlink()
        self.alpha.action_archive()
        bill = self._bill(self._state())
        bill.action_post()
        self.assertEqual((bill.partner_id, bill.amount_untaxed), (self.alpha, 50))
        self._pay(bill)
        self.assertEqual(bill.commission_statement_ids.state, "paid")

    def test_a_merged_partner_takes_its_money_along(self):
        self._invoice_partner(self.alpha, 1000, date="2026-04-10")
        statement = self._state()
        double = self.env["res.partner"].create({"name": "Alpha", "is_company": True})
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.alpha | double).ids, double)
        self.env.invalidate_all()
        self.assertEqual(self.Entry.search([]).partner_id, double)
        self.assertEqual(statement.partner_id, double)
        self.assert_books(50, 50, self.alpha_member)
        bill = self._bill(statement)
        self.assertEqual((bill.partner_id, bill.amount_untaxed), (double, 50))

    # === BILLS === #

    def test_a_price_that_includes_its_tax_pays_the_net_amount(self):
        """20 % in the price of the fee: the partner gets 50 and 10 of tax."""
        self._invoice_partner(self.alpha, 1000, date="2026-04-10")
        tax = self.env["account.tax"].create(
            {
                "name": "Included",
                "amount": 20,
                "type_tax_use": "purchase",
                "price_include_override": "tax_included",
            }
        )
        product = self._create_service("Fees")
        product.supplier_taxes_id = tax
        self.company.channel_commission_product_id = product
        bill = self._bill(self._state())
        self.assertEqual((bill.amount_untaxed, bill.amount_total), (50, 60))
        bill.action_post()

    def test_a_currency_of_three_decimals_is_billed_to_the_last(self):
        """1.235 of a dinar: what is stated is what is billed."""
        dinar = self.setup_other_currency("KWD", rounding=0.001)
        self._invoice_partner(self.alpha, 24.7, date="2026-04-10", currency_id=dinar.id)
        statement = self._state()
        self.assertEqual(statement.amount_total, 1.235)
        bill = self._bill(statement)
        self.assertEqual(bill.amount_untaxed, 1.235)
        bill.action_post()

    def test_a_refund_on_the_bill_pays_a_part_of_it(self):
        """The bill stays the statement's while it is not reversed as a whole."""
        self._invoice_partner(self.alpha, 1000, date="2026-04-10")
        statement = self._state()
        bill = self._bill(statement)
        bill.action_post()
        refund = bill._reverse_moves([{"invoice_date": "2026-05-02"}])
        refund.invoice_line_ids.price_unit = 20
        refund.action_post()
        lines = (bill | refund).line_ids.filtered(
            lambda line: line.display_type == "payment_term"
        )
        lines.reconcile()
        self.assertEqual((statement.state, statement.bill_id), ("billed", bill))
        self._pay(bill)
        self.assertEqual(statement.state, "paid")

    # === DISPUTES === #

    def test_a_line_billed_already_is_not_disputed(self):
        self._invoice_partner(self.alpha, 1000, date="2026-04-10")
        finance = self._create_staff(self.alpha, "finance", "finance")
        statement = self._state()
        self._bill(statement)
        with self.assertRaises(UserError):
            statement.with_user(finance)._portal_dispute(
                statement.entry_ids.id, "Too late"
            )
        self.assertFalse(statement.dispute_ids)

    def test_a_dispute_partly_accepted_and_then_the_invoice_credited(self):
        """50 stated and 10 given on top; the credit note takes the 50 back."""
        invoice = self._invoice_partner(self.alpha, 1000, date="2026-04-10")
        finance = self._create_staff(self.alpha, "finance", "finance")
        head = self._create_user("head", "partner_channel.group_channel_head")
        statement = self._state()
        statement.action_send()
        entry = statement.entry_ids
        statement.with_user(finance)._portal_dispute(entry.id, "It was 1,200")
        dispute = statement.dispute_ids
        dispute.write({"answer_draft": "You are right", "correction": 10})
        dispute.action_adjust()
        with freeze_time("2026-05-10"):
            dispute.adjustment_ids.with_user(head).action_approve()
        self.assert_books(60, 60)
        self._credit(invoice, date="2026-05-20")
        self.assert_books(10, 10)
        self.assertEqual(statement.amount_total, 50)
        # 10 - 50: nothing is billed, the minus is carried
        self.assertFalse(self._state(MAY))

    def test_an_answer_with_a_pending_adjustment_does_not_rest(self):
        """The partner's silence does not undo what the vendor has offered."""
        self._invoice_partner(self.alpha, 1000, date="2026-04-10")
        finance = self._create_staff(self.alpha, "finance", "finance")
        head = self._create_user("head", "partner_channel.group_channel_head")
        statement = self._state()
        statement.action_send()
        statement.with_user(finance)._portal_dispute(statement.entry_ids.id, "Wrong")
        dispute = statement.dispute_ids
        dispute.answer_draft = "Let me see"
        dispute.action_answer()
        dispute.correction = 10
        dispute.action_adjust()
        dispute._set_protected({"date_deadline": date(2026, 5, 1)})
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(
                "partner_channel_commission.ir_cron_close_disputes"
            ).method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(dispute.state, "answered")
        dispute.adjustment_ids.with_user(head).action_approve()
        self.assertEqual(dispute.state, "adjusted")

    def test_the_form_of_a_bill_opens(self):
        self._invoice_partner(self.alpha, 1000, date="2026-04-10")
        bill = self._bill(self._state())
        with Form(bill) as form:
            form.narration = "Seen"
        self.assertEqual(bill.amount_untaxed, 50)
