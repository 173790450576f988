from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import PAYMENT, POSTING, CommissionCommon


@tagged("post_install", "-at_install")
class TestLimits(CommissionCommon):
    """Caps, floors and the ceiling of what a line costs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deal = cls._create_deal((cls.alpha_member, "sold", 100))

    def _plan(self, rule=None, **values):
        rule = {"role": "sold", "rate": 10, "trigger": PAYMENT, **(rule or {})}
        return self._create_plan(rule, **values)

    def _earn(self, *prices, deal=None, **values):
        invoice = self._invoice_deal(deal or self.deal, *prices, **values)
        return self.balance("accrued", moves=invoice)

    # === LINES === #

    def test_a_line_earns_at_most_its_cap_and_at_least_its_floor(self):
        self._plan({"cap_line": 50, "floor_line": 5})
        self.assertEqual(self._earn(1000, 10), 55)
        entries = self.Entry.search([], order="id")
        self.assertEqual(entries.mapped("limited_by"), ["cap_line", "floor"])

    def test_a_capped_line_is_credited_pro_rata(self):
        self._plan({"cap_line": 50})
        invoice = self._invoice_deal(self.deal, 1000)
        self._pay(invoice)
        self._pay(self._credit(invoice, 200))
        self.assert_books(40, 40)

    def test_line_caps_are_in_company_currency(self):
        other = self.setup_other_currency("EUR", rates=[("2020-01-01", 2.0)])
        self._plan({"cap_line": 50})
        invoice = self._invoice_deal(self.deal, 4000, post=False)
        invoice.currency_id = other
        invoice.invoice_line_ids.price_unit = 4000
        invoice.action_post()
        self.assert_books(100, 0)
        self.assertEqual(self.balance("accrued", field="amount"), 50)

    # === CAPS OF A PLAN === #

    def test_a_deal_earns_at_most_its_cap(self):
        self._plan(cap_deal=150)
        self.assertEqual(
            [self._earn(1000), self._earn(1000), self._earn(1000)], [100, 50, 0]
        )
        other = self._create_deal((self.alpha_member, "sold", 100))
        self.assertEqual(self._earn(1000, deal=other), 100)
        last = self.Entry.search([("limited_by", "=", "cap_deal")])
        self.assertEqual(last.mapped("amount"), [0, 50])

    def test_a_customer_earns_its_partner_at_most_its_cap(self):
        self._plan(cap_customer=150)
        other = self._create_deal((self.alpha_member, "sold", 100))
        self.assertEqual([self._earn(1000), self._earn(1000, deal=other)], [100, 50])

    def test_each_partner_has_a_cap_of_its_own(self):
        self._plan(cap_plan=150)
        other = self._create_deal((self.beta_member, "sold", 100))
        earned = [self._earn(1000), self._earn(1000), self._earn(1000, deal=other)]
        self.assertEqual(earned, [100, 50, 100])

    def test_a_cap_per_quarter_begins_anew(self):
        self._plan(cap_period=150, cap_period_kind="quarter")
        days = ("2026-01-01", "2026-03-31", "2026-04-01")
        self.assertEqual([self._earn(1000, date=day) for day in days], [100, 50, 100])

    def test_documents_posted_together_share_the_cap(self):
        self._plan(cap_plan=150)
        invoices = self._invoice_deal(self.deal, 1000, date="2026-03-12", post=False)
        invoices |= self._invoice_deal(self.deal, 1000, date="2026-03-11", post=False)
        invoices.action_post()
        earned = [self.balance("accrued", moves=invoice) for invoice in invoices]
        self.assertEqual(earned, [50, 100])
        self.assert_books(150, 0)

    def test_a_credit_note_gives_room_back(self):
        self._plan(cap_plan=150)
        invoice = self._invoice_deal(self.deal, 1500)
        self._credit(invoice)
        self.assertEqual(self._earn(1000), 100)
        self.assert_books(100, 0)

    def test_of_two_caps_the_tighter_holds(self):
        self._plan(cap_plan=150, cap_deal=120)
        other = self._create_deal((self.alpha_member, "sold", 100))
        self.assertEqual([self._earn(1500), self._earn(1000, deal=other)], [120, 30])

    def test_caps_of_an_active_plan_stay(self):
        plan = self._plan(cap_plan=150)
        with self.assertRaises(UserError):
            plan.cap_plan = 1000

    # === CEILING === #

    def test_all_who_are_paid_on_a_line_give_way_to_the_ceiling(self):
        self._create_plan(("sold", 20, POSTING), ("sourced", 10, POSTING), ceiling=15)
        deal = self._create_deal(
            (self.alpha_member, "sold", 100), (self.beta_member, "sourced", 100)
        )
        self._invoice_deal(deal, 1000)
        self.assert_books(100, 100, self.alpha_member)
        self.assert_books(50, 50, self.beta_member)
        self.assertEqual(set(self.Entry.search([]).mapped("limited_by")), {"ceiling"})

    def test_below_the_ceiling_nothing_changes(self):
        self._create_plan(("sold", 10, POSTING), ceiling=15)
        self._invoice_deal(self.deal, 1000)
        self.assert_books(100, 100)

    # === WHEN === #

    def test_a_part_on_invoicing_and_the_rest_as_the_customer_pays(self):
        self._plan({"trigger": "split", "upfront": 30})
        invoice = self._invoice_deal(self.deal, 1000)
        self.assert_books(100, 30)
        payment = self._pay(invoice, 500)
        self.assert_books(100, 65)
        self._pay(invoice)
        self.assert_books(100, 100)
        self.assertEqual(
            self.get_entries(invoice, "payable").mapped("cause"),
            ["posted", "paid", "paid"],
        )
        payment.action_draft()
        self.assert_books(100, 65)
        self.assertEqual(self.get_entries(invoice, "payable")[-1].cause, "unpaid")

    def test_a_part_on_invoicing_is_taken_back_with_the_invoice(self):
        self._plan({"trigger": "split", "upfront": 30})
        invoice = self._invoice_deal(self.deal, 1000)
        self._credit(invoice, 200)
        self.assert_books(80, 24)
        self._pay(invoice)
        self.assert_books(80, 80)

    def test_what_is_held_back_counts_days_later(self):
        self._plan({"holdback_days": 30})
        invoice = self._invoice_deal(self.deal, 1000)
        self._pay(invoice, date="2026-04-15")
        self.assert_books(100, 100)
        self.assertEqual(str(self.get_entries(invoice, "payable").date), "2026-05-15")
        self.Statement._create_statements(self.company, "2026-04-01", "2026-04-30")
        self.assertFalse(self.Statement.search([]))
        self.Statement._create_statements(self.company, "2026-05-01", "2026-05-31")
        self.assertEqual(self.Statement.search([]).amount_total, 100)

    def test_a_payment_undone_while_held_back_cancels_out(self):
        self._plan({"holdback_days": 300})
        invoice = self._invoice_deal(self.deal, 1000)
        self._pay(invoice, date="2026-04-15")
        invoice.line_ids.remove_move_reconcile()
        self.assertEqual(
            len(set(self.get_entries(invoice, "payable").mapped("date"))), 1
        )
