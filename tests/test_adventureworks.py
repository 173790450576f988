"""Real sales: the figures of AdventureWorks' resellers come out, to the cent."""

import datetime
import doctest
from decimal import Decimal

import pytest

from odoo.tests import TransactionCase, tagged

from .adventureworks import check, load, oracle, source
from .adventureworks.channel import find_program
from .adventureworks.oracle import Oracle

YEAR, RESELLERS = 2013, 100


@pytest.fixture(scope="module")
def whole():
    """The oracle of all resellers and years."""
    return Oracle()


def test_the_bands_of_all_years_come_to_what_is_written_down(whole):
    """Unrounded and a whole year at a time it is 3,890,394.4071."""
    assert sum(whole.commission_by_bands().values()) == Decimal("3890394.99")


@pytest.mark.parametrize("module", [source, check, load, oracle])
def test_examples_in_the_docstrings_hold(module):
    result = doctest.testmod(module)
    assert result.attempted and not result.failed


def test_the_data_is_complete(whole):
    assert len(whole.resellers) == 701
    assert len(whole.amount_by_order) == 3_796
    assert whole.line_count == 60_855


def test_the_sales_are_those_of_the_source_to_the_cent(whole):
    assert whole.amount == Decimal("80450596.98")
    years = {year: round(amount, 2) for year, amount in whole.raw_by_year.items()}
    assert years == {
        2010: Decimal("489328.58"),
        2011: Decimal("18192802.71"),
        2012: Decimal("28193631.53"),
        2013: Decimal("33574834.16"),
    }


@pytest.mark.parametrize(
    ("year", "counts"),
    [
        (2011, (450, 73, 53, 86, 39)),
        (2012, (300, 177, 82, 71, 71)),
        (2013, (212, 191, 105, 117, 76)),
    ],
)
def test_the_tiers_of_a_year_are_counted_right(whole, year, counts):
    found = whole.tier_counts(year)
    assert tuple(found[tier] for tier in check.TIER_NAMES) == counts


def test_the_migrations_by_quartiles_are_those_of_the_source(whole):
    """Quartiles of each year's active resellers, 2012 to 2013."""
    assert len(whole.quartiles(2012)) == 401
    assert whole.migrations(2012, 2013) == (192, 49, 70, 90, 178)


def test_every_order_is_worth_the_same_to_the_loader_and_to_the_oracle(whole):
    orders = source.read_orders()
    amounts = {order.name: sum(line.amount for line in order.lines) for order in orders}
    assert amounts == whole.amount_by_order
    rows = {
        (row["SalesOrderNumber"], int(row["SalesOrderLineNumber"])): row
        for row in source.read("fact_reseller_sales")
    }
    for order in orders:
        for line in order.lines:
            row = rows[order.name, line.number]
            assert abs(line.amount - Decimal(row["SalesAmount"])) <= Decimal("0.01")
            assert line.quantity == int(row["OrderQuantity"])
            shown = line.quantity * line.price * (1 - line.discount)
            assert abs(shown - line.amount) < Decimal("0.0001")


def test_a_part_of_the_data_has_the_same_cents_as_the_whole(whole):
    part = Oracle(YEAR, RESELLERS)
    assert len(part.amount_by_order) == 276
    assert part.line_count == 4_593
    for order, amount in part.amount_by_order.items():
        assert whole.amount_by_order[order] == amount


def load_part(env, **options):
    """Load one year of the first resellers.

    PostgreSQL is told what was loaded: where it knows the tables as empty, it joins the
    payments of an invoice row by row, and the load takes minutes instead of seconds.
    """

    def tell_planner():
        env.flush_all()
        env.cr.execute(
            "ANALYZE account_move, account_move_line, account_partial_reconcile, "
            "account_payment"
        )

    load.Loader(env, YEAR, RESELLERS, commit=tell_planner, **options).load()


@tagged("post_install", "-at_install")
class TestAdventureWorks(TransactionCase):
    """One year of the first 100 resellers, loaded once for all tests."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        load_part(cls.env)
        cls.oracle = Oracle(YEAR, RESELLERS)
        cls.program = find_program(cls.env)

    def test_every_figure_of_the_database_is_the_oracles(self):
        rows = check.check(self.env, YEAR, RESELLERS)
        self.assertEqual(len(rows), 9, "invoices, years, tiers and commissions")
        for row in rows:
            with self.subTest(row.name):
                self.assertEqual(row.found, row.expected)

    def test_the_figures_are_those_written_down(self):
        found = {row.name: row.found for row in check.check(self.env, YEAR, RESELLERS)}
        self.assertEqual(found["Lines"], 4_593)
        self.assertEqual(found["Sales of 2013"], Decimal("5716082.93"))
        self.assertEqual(found["Commission of 5 %"], Decimal("285804.23"))
        tiers = next(value for name, value in found.items() if "Silver" in name)
        self.assertEqual(tiers, (27, 22, 21, 17, 13))

    def test_what_is_due_at_posting_is_what_was_earned(self):
        sums = dict(
            self.env["partner.commission.entry"]._read_group(
                [("membership_id.program_id", "=", self.program.id)],
                ["book"],
                ["amount:sum"],
            )
        )
        self.assertAlmostEqual(sums["accrued"], sums["payable"], 2)

    def test_entries_explain_themselves_line_by_line(self):
        entries = self.env["partner.commission.entry"].search(
            [
                ("membership_id.program_id", "=", self.program.id),
                ("book", "=", "accrued"),
            ]
        )
        self.assertEqual(len(entries.move_line_id), self.oracle.line_count)
        bases = sum(check.cents(entry.base) for entry in entries)
        self.assertEqual(bases, self.oracle.amount)

    def test_a_tier_is_held_by_the_evidence_of_its_decision(self):
        day = datetime.date(YEAR + 1, 1, 1)
        reviews = self.program.membership_ids._review_tiers(day)
        promoted = reviews.filtered(lambda review: review.state == "applied")
        self.assertEqual(len(promoted), 73, "all but the 27 without sales")
        sales = self.oracle.raw_by_year_reseller[YEAR]
        for review in promoted:
            reseller = int(review.partner_id.ref.removeprefix("AW"))
            for measure in review.evidence:
                self.assertAlmostEqual(measure["value"], float(sales[reseller]), 1)

    def test_who_sells_nothing_for_a_year_falls_ninety_days_after_notice(self):
        """What was reached in 2013 holds through 2014; nobody sells in 2014."""
        self.program.grace_days = 90
        members = self.program.membership_ids
        members._review_tiers(datetime.date(2014, 1, 1))
        self.assertFalse(members._review_tiers(datetime.date(2014, 12, 31)))
        notices = members._review_tiers(datetime.date(2015, 1, 1))
        effective = datetime.date(2015, 4, 1)
        self.assertEqual(len(notices), 73)
        self.assertEqual(set(notices.mapped("state")), {"notice"})
        self.assertEqual(set(notices.mapped("date_effective")), {effective})
        self.assertFalse(members._review_tiers(datetime.date(2015, 3, 31)))
        self.assertEqual(members._review_tiers(effective), notices)
        self.assertEqual(set(members.grade_id.mapped("name")), {"Registered"})
        fallen = members.tier_change_ids.filtered(lambda row: row.direction == "down")
        self.assertEqual(len(fallen), 73)
        self.assertEqual(set(fallen.mapped("date_from")), {effective})

    def test_a_second_load_adds_nothing(self):
        models = ("account.move", "partner.membership", "partner.commission.entry")
        models += ("product.product", "product.category", "res.partner")
        before = [self.env[model].search_count([]) for model in models]
        load.Loader(self.env, YEAR, RESELLERS).load()
        after = [self.env[model].search_count([]) for model in models]
        self.assertEqual(after, before)


@tagged("post_install", "-at_install")
class TestBands(TransactionCase):
    """The same year, paid by three marginal bands of each reseller's purchases."""

    def test_each_order_is_paid_what_the_bands_of_its_year_say(self):
        load_part(self.env, bands=True)
        found = {row.name: row for row in check.check(self.env, YEAR, RESELLERS)}
        for row in found.values():
            with self.subTest(row.name):
                self.assertEqual(row.found, row.expected)
        self.assertEqual(found["Commission by bands"].found, Decimal("281614.06"))
        self.assertEqual(found["Commissions that differ"].found, 0)
        moves = self.env["partner.commission.entry"].search([]).move_id
        self.assertFalse(moves._sync_commission(), "a second run appends nothing")
