from datetime import date

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import PAYMENT, POSTING, CommissionCommon

APRIL = (date(2026, 4, 1), date(2026, 4, 30))
MAY = (date(2026, 5, 1), date(2026, 5, 31))


@tagged("post_install", "-at_install")
class TestOddPayments(CommissionCommon):
    """What an accountant meets now and then; each figure is worked out by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deal = cls._create_deal((cls.alpha_member, "sold", 100))

    def _state(self, period=APRIL, **kwargs):
        return self.Statement._create_statements(self.company, *period, **kwargs)

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
