from datetime import date, datetime

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .common import PAYMENT, POSTING, CommissionCommon

APRIL = (date(2026, 4, 1), date(2026, 4, 30))
MAY = (date(2026, 5, 1), date(2026, 5, 31))


@tagged("post_install", "-at_install")
class TestOddCases(CommissionCommon):
    """What an accountant meets now and then; each figure is worked out by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deal = cls._create_deal((cls.alpha_member, "sold", 100))

    def _state(self, period=APRIL, **kwargs):
        return self.Statement._create_statements(self.company, *period, **kwargs)

    def _bill(self, statement):
        statement.action_send()
        statement.action_accept()
        statement.action_create_bill()
        return statement.bill_id

    # === PAYMENTS === #

    def test_a_foreign_invoice_paid_in_parts_and_in_another_currency(self):
        """1,000 EUR at 2 EUR a unit, 10 %: 100 EUR are 50. The rate is 4 when paid."""
        self._create_plan(("sold", 10, PAYMENT))
        euro = self.setup_other_currency(
            "EUR", rates=[("2026-01-01", 2.0), ("2026-04-01", 4.0)]
        )
        invoice = self._invoice_deal(self.deal, 1000, post=False)
        invoice.currency_id = euro
        invoice.invoice_line_ids.price_unit = 1000
        invoice.action_post()
        self._pay(invoice, 400)
        self.assert_books(100, 40)
        self.assertEqual(self.balance("payable", field="amount"), 20)
        # 75 of the company's currency are 300 EUR on that day
        self._pay(invoice, 75, currency_id=self.currency.id)
        self.assert_books(100, 70)
        self._pay(invoice)
        self.assert_books(100, 100)
        self.assertEqual(self.balance("payable", field="amount"), 50)

    def test_one_payment_of_several_invoices_that_is_too_small(self):
        """1,200 for invoices over 1,000 and 500: 120 are due, where Odoo put them."""
        self._create_plan(("sold", 10, PAYMENT))
        first = self._invoice_deal(self.deal, 1000, date="2026-03-01")
        second = self._invoice_deal(self.deal, 500, date="2026-03-02")
        self._pay(first | second, 1200, group_payment=True)
        self.assert_books(150, 120)
        for invoice in first | second:
            paid = invoice.amount_total - invoice.amount_residual
            due = self.balance("payable", moves=invoice)
            self.assertAlmostEqual(due, paid / 10)

    def test_an_early_payment_discount_counts_as_settled(self):
        """2 % off within ten days: 980 settle 1,000, as a write-off does."""
        self._create_plan(("sold", 10, PAYMENT))
        term = self.env["account.payment.term"].create(
            {
                "name": "2/10",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 10,
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100, "nb_days": 30}
                    )
                ],
            }
        )
        invoice = self._invoice_deal(self.deal, 1000, post=False)
        invoice.invoice_payment_term_id = term
        invoice.action_post()
        payment = self._pay(invoice, date="2026-03-15")
        self.assertEqual(payment.amount, 980)
        self.assert_books(100, 100)

    def test_what_is_undone_in_a_locked_period_counts_today(self):
        self._create_plan(("sold", 10, PAYMENT))
        invoice = self._invoice_deal(self.deal, 1000)
        self._pay(invoice)
        self.company.fiscalyear_lock_date = APRIL[1]
        with freeze_time("2026-05-20"):
            invoice.line_ids.remove_move_reconcile()
        self.assert_books(100, 0)
        entry = self.get_entries(invoice, "payable")[-1]
        self.assertEqual(entry.date, date(2026, 5, 20))

    # === LINES === #

    def test_sections_notes_nothing_gifts_and_deductions(self):
        """1,000 - 200, beside nothing, a gift of 300 and words: 10 % of 800."""
        self._create_plan(("sold", 10, POSTING))
        invoice = self._invoice_deal(self.deal, 1000, -200, 0, 300, post=False)
        invoice.invoice_line_ids[-1].discount = 100
        invoice.invoice_line_ids = [
            Command.create({"display_type": kind, "name": "Words"})
            for kind in ("line_section", "line_note")
        ]
        invoice.action_post()
        self.assert_books(80, 80)
        self.assertEqual(
            sorted(self.get_entries(invoice, "accrued").mapped("amount")), [-20, 100]
        )
        self._credit(invoice)
        self.assert_books(0, 0)

    def test_a_gift_leaves_nothing_net_of_its_discount(self):
        self._create_plan(
            {
                "role": "sold",
                "rate": 10,
                "trigger": POSTING,
                "net_of_discount": True,
            }
        )
        invoice = self._invoice_deal(self.deal, 1000, 500, post=False)
        invoice.invoice_line_ids[0].discount = 100
        invoice.action_post()
        self.assert_books(50, 50)

    # === PLANS AND LIMITS === #

    def test_a_cap_reached_exactly_lowers_nothing(self):
        self._create_plan(("sold", 10, POSTING), cap_plan=100)
        first = self._invoice_deal(self.deal, 1000)
        self.assertFalse(self.get_entries(first, "accrued").limited_by)
        second = self._invoice_deal(self.deal, 1000)
        entry = self.get_entries(second, "accrued")
        self.assertEqual((entry.amount, entry.limited_by), (0, "cap_plan"))
        self.assert_books(100, 100)

    def test_a_cap_below_the_floor_holds(self):
        rule = {"role": "sold", "rate": 10, "trigger": POSTING}
        self._create_plan({**rule, "floor_line": 60, "cap_line": 50})
        self._invoice_deal(self.deal, 100)
        self.assert_books(50, 50)

    def test_a_floor_is_taken_back_pro_rata(self):
        rule = {"role": "sold", "rate": 10, "trigger": POSTING}
        self._create_plan({**rule, "floor_line": 5})
        invoice = self._invoice_deal(self.deal, 20)
        self.assert_books(5, 5)
        self._credit(invoice, 8)
        self.assert_books(3, 3)

    def test_a_tier_changed_within_the_period(self):
        """10 % before and 20 % after the promotion, whatever is paid or credited."""
        rules = [
            {
                "role": "sold",
                "rate": rate,
                "trigger": PAYMENT,
                "grade_ids": [Command.set(grade.ids)],
            }
            for rate, grade in ((10, self.entry_tier), (20, self.gold))
        ]
        self._create_plan(*rules)
        before = self._invoice_deal(self.deal, 1000, date="2026-04-05")
        self.alpha_member.sudo()._set_tier(self.gold, self.today())
        after = self._invoice_deal(self.deal, 1000, date="2026-04-20")
        self._pay(before | after)
        self.assertEqual(self.balance("payable", moves=before), 100)
        self.assertEqual(self.balance("payable", moves=after), 200)
        self._pay(self._credit(before, 500))
        self.assert_books(250, 250)

    def test_a_plan_closed_while_invoices_are_open(self):
        plan = self._create_plan(("sold", 10, PAYMENT))
        invoice = self._invoice_deal(self.deal, 1000)
        plan.action_close()
        self._pay(invoice, 400)
        self._credit(invoice, 500)
        self.assert_books(50, 40)
        late = self._invoice_deal(self.deal, 1000)
        self.assertFalse(self.get_entries(late))

    def test_held_back_until_the_last_day_of_the_month(self):
        """Paid on 31 March, held back 30 days: 30 April is still April's."""
        rule = {"role": "sold", "rate": 10, "trigger": PAYMENT}
        self._create_plan({**rule, "holdback_days": 30})
        self._pay(self._invoice_deal(self.deal, 1000), date="2026-03-31")
        self.assertEqual(self._state().amount_total, 100)

    def test_a_hold_released_after_the_statement_went_out(self):
        rule = {"role": "sold", "rate": 10, "trigger": PAYMENT}
        self._create_plan({**rule, "hold_suspended": True}, ("resale", 5, POSTING))
        invoice = self._invoice_deal(self.deal, 1000)
        self.alpha_member.action_suspend()
        self._pay(invoice)
        self._invoice_partner(self.alpha, 200, date="2026-04-10")
        april = self._state()
        april.action_send()
        self.assertEqual(april.amount_total, 10)
        self.alpha_member.action_activate()
        self.assertEqual(self.balance("payable"), 110)
        may = self._state(MAY)
        self.assertEqual((april.amount_total, may.amount_total), (10, 100))

    # === WHERE AND WHEN === #

    def test_a_correction_counts_for_the_day_where_the_company_is(self):
        """At 20:00 UTC on 30 June it is July in Auckland, whoever resets it."""
        self.company.partner_id.tz = "Pacific/Auckland"
        self.env.user.tz = "America/Los_Angeles"
        self._create_plan(("resale", 5, POSTING))
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
        self._create_plan(("resale", 5, POSTING))
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
        self._create_plan(("resale", 5, POSTING))
        self._invoice_partner(self.alpha, 1000)
        euro = self.setup_other_currency("EUR")
        with self.assertRaises(UserError):
            self.company.currency_id = euro

    # === THE PARTNER === #

    def test_an_archived_partner_without_address_and_bank_is_paid(self):
        self._create_plan(("resale", 5, POSTING))
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
        self._create_plan(("resale", 5, POSTING))
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
        self._create_plan(("resale", 5, POSTING))
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
        self._create_plan(("resale", 5, POSTING))
        dinar = self.setup_other_currency("KWD", rounding=0.001)
        self._invoice_partner(
            self.alpha, 24.7, date="2026-04-10", currency_id=dinar.id
        )
        statement = self._state()
        self.assertEqual(statement.amount_total, 1.235)
        bill = self._bill(statement)
        self.assertEqual(bill.amount_untaxed, 1.235)
        bill.action_post()

    def test_a_refund_on_the_bill_pays_a_part_of_it(self):
        """The bill stays the statement's while it is not reversed as a whole."""
        self._create_plan(("resale", 5, POSTING))
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
        self._create_plan(("resale", 5, POSTING))
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
        self._create_plan(("resale", 5, POSTING))
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
        self._create_plan(("resale", 5, POSTING))
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
        self._create_plan(("resale", 5, POSTING))
        self._invoice_partner(self.alpha, 1000, date="2026-04-10")
        bill = self._bill(self._state())
        with Form(bill) as form:
            form.narration = "Seen"
        self.assertEqual(bill.amount_untaxed, 50)
