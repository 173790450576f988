import re
from unittest.mock import patch

from odoo.fields import Command
from odoo.sql_db import Cursor
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from .common import PAYMENT, POSTING, CommissionCommon

_OWN_TABLES = re.compile(r"partner_(commission|deal|membership|program)")


@tagged("post_install", "-at_install")
class TestPerformance(CommissionCommon):
    """What the ledger costs does not grow with the number of lines."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Without a payment and statistics PostgreSQL joins the payments of an invoice
        # row by row: Odoo's own look-up then takes minutes. What is counted here are
        # queries, whatever their plans.
        cls._pay(cls._invoice_partner(cls.customer, 1, 2, 3))
        cls.env.flush_all()
        cls.env.cr.execute(
            "ANALYZE account_payment, account_move, account_move_line, "
            "account_partial_reconcile"
        )
        cls._create_plan(("sold", 10, PAYMENT), ("resale", 5, POSTING))

    def _count(self, action):
        """Return the number of queries of an action, all of them flushed."""
        return len(self._record(action))

    def _record(self, action):
        """Return the statements of an action, all of them flushed."""
        statements = []
        execute = Cursor.execute

        def record(cursor, query, *args, **kwargs):
            statements.append(query.code if isinstance(query, SQL) else str(query))
            return execute(cursor, query, *args, **kwargs)

        self.env.flush_all()
        self.env.invalidate_all()
        with patch.object(Cursor, "execute", record):
            action()
            self.env.flush_all()
        return statements

    def _count_plain(self, action):
        """Return the number of queries of an action without the ledger."""
        move_class = type(self.env["account.move"])
        empty = self.env["account.move"]
        with (
            patch.object(move_class, "_sync_commission", lambda *args, **kwargs: None),
            patch.object(move_class, "_get_commission_documents", lambda move: empty),
            patch.object(move_class, "_sync_commission_bills", lambda move: None),
        ):
            return self._count(action)

    def _resell(self, count, lines=5):
        prices = [10.0 * number for number in range(1, lines + 1)]
        partners = [(self.alpha, prices), (self.beta, prices)]
        return self._prepare_invoices(partners * (count // 2))

    def _measure(self, prepare, *counts):
        """Return how many queries the ledger adds to actions of different size.

        Odoo itself needs a few queries more or less from run to run; so those on
        tables of the channel are counted, and the total must agree with them.

        :param prepare: function that takes a size and returns an action
        """
        for _time in range(2):
            self._count_plain(prepare(2))
            self._count(prepare(2))
        extra = []
        for count in counts:
            plain = self._count_plain(prepare(count))
            statements = self._record(prepare(count))
            own = [text for text in statements if _OWN_TABLES.search(text)]
            self.assertLessEqual(abs(len(statements) - plain - len(own)), 4)
            extra.append(len(own))
        return extra

    def _prepare_resale(self, count):
        return self._resell(count).action_post

    def test_posting_adds_the_same_few_queries_to_any_batch(self):
        self.assertEqual(self._measure(self._prepare_resale, 10, 50), [3, 3])
        moves = self.Entry.search([("book", "=", "payable")]).move_id
        self.assertTrue(moves)
        for move in moves:
            self.assertEqual(len(self.get_entries(move)), 10)

    def test_posting_deals_adds_the_same_few_queries_to_any_batch(self):
        deal = self._create_deal(
            (self.alpha_member, "sold", 50), (self.beta_member, "sold", 50)
        )

        def prepare(count):
            invoices = self.env["account.move"]
            for _number in range(count):
                invoices |= self._invoice_deal(deal, 1, 2, 3, 4, 5, post=False)
            return invoices.action_post

        self.assertEqual(self._measure(prepare, 3, 9), [3, 3])

    def test_posting_deals_of_those_who_left_adds_the_same_few_queries(self):
        self.program.runoff_months = 3
        deal = self._create_deal(
            (self.alpha_member, "sold", 50), (self.beta_member, "sold", 50)
        )
        for member, day in (
            (self.alpha_member, "2026-01-31"),
            (self.beta_member, "2025-12-09"),
        ):
            with freeze_time(f"{day} 12:00:00"):
                member.action_terminate()

        def prepare(count):
            invoices = self.env["account.move"]
            for _number in range(count):
                invoices |= self._invoice_deal(deal, 1, 2, 3, 4, 5, post=False)
            return invoices.action_post

        self.assertEqual(self._measure(prepare, 3, 9), [3, 3])
        earners = self.Entry.search([]).membership_id
        self.assertEqual(earners, self.alpha_member)

    def test_overrides_of_many_deals_add_the_same_few_queries(self):
        self.env["partner.commission.plan"].search([]).action_close()
        self._create_plan(
            ("sold", 10, POSTING),
            {"role": "sponsor", "rate": 5, "trigger": POSTING},
            name="With the distributor",
        )
        _sponsor, member = self._create_member("Wholesale", self.program)

        def prepare(count):
            invoices = self.env["account.move"]
            for _number in range(count):
                deal = self._create_deal((self.alpha_member, "sold", 100))
                deal.distributor_id = member
                invoices |= self._invoice_deal(deal, 100, post=False)
            return invoices.action_post

        few, many = self._measure(prepare, 3, 12)
        self.assertEqual(few, many)
        self.assertTrue(self.Entry.search([("membership_id", "=", member.id)]))

    def test_bands_caps_and_conditions_add_the_same_few_queries_to_any_batch(self):
        self.env["partner.commission.plan"].search([]).action_close()
        bands = [
            Command.create({"amount_from": 0, "amount_to": 1000, "rate": 5}),
            Command.create({"amount_from": 1000, "rate": 7}),
        ]
        rule = {"role": "resale", "trigger": POSTING, "rate": 0}
        self._create_plan(
            {**rule, "basis": "margin", "rate": 10, "line_amount_from": 45},
            {
                **rule,
                "sale_kind": "more",
                "month_to": 100,
                "arrears_to": 1000,
                "band_mode": "marginal",
                "band_scope": "year",
                "band_ids": bands,
            },
            {**rule, "rate": 5},
            name="All of it",
            cap_period=1e6,
            ceiling=90,
        )
        self.alpha_member.sponsor_id = self.beta_member
        for _time in range(2):
            self._count_plain(self._prepare_resale(2))
            self._count(self._prepare_resale(2))
        small, big = (
            self._count(self._prepare_resale(count))
            - self._count_plain(self._prepare_resale(count))
            for count in (4, 24)
        )
        # Odoo itself needs a few queries more or less
        self.assertLessEqual(big - small, 4)
        self.assertLessEqual(big, 30)

    def test_posting_what_no_partner_has_part_in_costs_one_query(self):
        def prepare(count):
            sales = [(self.customer, [1, 2, 3])] * count
            return self._prepare_invoices(sales).action_post

        self.assertEqual(self._measure(prepare, 5, 20), [1, 1])

    def test_posting_without_any_plan_costs_nothing(self):
        self.env["partner.commission.plan"].search([]).action_close()
        self.assertEqual(self._measure(self._prepare_resale, 10), [0])

    def test_paying_adds_few_queries_to_any_batch(self):
        deal = self._create_deal((self.alpha_member, "sold", 100))

        def prepare(count):
            invoices = self.env["account.move"]
            for _number in range(count):
                invoices |= self._invoice_deal(deal, 1, 2, 3)
            return lambda: self._pay(invoices, group_payment=True)

        self.assertEqual(self._measure(prepare, 2, 6), [2, 2])

    def test_the_number_of_entries_does_not_matter_to_a_statement(self):
        counts = []
        for date_to, lines in (
            ("2026-05-31", 1),
            ("2026-06-30", 2),
            ("2026-07-31", 40),
        ):
            for partner in (self.alpha, self.beta):
                self._invoice_partner(partner, *range(1, lines + 1), date=date_to)
            counts.append(
                self._count(
                    lambda day=date_to: self.Statement._create_statements(
                        self.company, day[:8] + "01", day
                    )
                )
            )
        self.assertEqual(self.Statement.search_count([]), 6)
        self.assertEqual(counts[1], counts[2])
