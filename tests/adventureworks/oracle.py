"""What a database loaded with AdventureWorks must show, worked out without Odoo.

Nothing here is shared with the loader but the files: every figure is summed again from
the source's own amounts, with ``decimal`` and the standard library only.
"""

import csv
import gzip
from collections import Counter, defaultdict
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data" / "adventureworks"
CENT = Decimal("0.01")
# Lowest yearly sales of each tier, highest tier first.
TIERS = (("Platinum", 150_000), ("Gold", 50_000), ("Silver", 10_000), ("Certified", 0))


def _rows(name):
    with gzip.open(DATA / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _round(amount):
    return amount.quantize(CENT, ROUND_HALF_UP)


def rank_quartiles(sales):
    """Return {key: quartile} of those with sales, 1 the lowest.

    >>> rank_quartiles({"a": 1, "b": 2, "c": 3, "d": 4, "e": 0})
    {'a': 1, 'b': 2, 'c': 3, 'd': 4}
    """
    ranked = sorted((key for key in sales if sales[key]), key=lambda k: (sales[k], k))
    return {key: 1 + 4 * rank // len(ranked) for rank, key in enumerate(ranked)}


def count_migrations(before, after):
    """Return the numbers of who stayed, rose, fell, stopped and began.

    >>> count_migrations({"a": 1, "b": 2, "c": 3}, {"a": 1, "b": 3, "d": 1})
    (1, 1, 0, 1, 1)
    """
    common = before.keys() & after.keys()
    steps = [after[key] - before[key] for key in common]
    return (
        sum(step == 0 for step in steps),
        sum(step > 0 for step in steps),
        sum(step < 0 for step in steps),
        len(before.keys() - after.keys()),
        len(after.keys() - before.keys()),
    )


class Oracle:
    """Figures of a part of the data.

    :param int year: only this calendar year
    :param int resellers: only the first so many resellers
    """

    def __init__(self, year=None, resellers=None):
        keys = sorted(int(row["ResellerKey"]) for row in _rows("dim_reseller"))
        self.resellers = set(keys[:resellers])
        self.year = year
        self.line_count = 0
        self.raw_by_year = Counter()
        self.raw_by_year_reseller = defaultdict(Counter)
        self.amount_by_order = {}
        self._read()

    def _read(self):
        raw = defaultdict(Decimal)
        for row in _rows("fact_reseller_sales"):
            year, reseller = int(row["OrderDate"][:4]), int(row["ResellerKey"])
            amount = Decimal(row["SalesAmount"])
            raw[year, reseller, row["SalesOrderNumber"]] += amount
            if self._wants(year, reseller):
                self.line_count += 1
                self.raw_by_year[year] += amount
                self.raw_by_year_reseller[year][reseller] += amount
        self._round_orders(raw)

    def _wants(self, year, reseller):
        return reseller in self.resellers and self.year in (None, year)

    def _round_orders(self, raw):
        """An order's cents: the year's rounded running total after less before it."""
        before = defaultdict(Decimal)
        for year, reseller, order in sorted(raw):
            after = before[year] + raw[year, reseller, order]
            if self._wants(year, reseller):
                self.amount_by_order[order] = _round(after) - _round(before[year])
            before[year] = after

    @property
    def amount(self):
        """Sales in whole cents."""
        return sum(self.amount_by_order.values())

    def commission_by_order(self, percent):
        """Return {order: commission}, rounded once per order, half up.

        :param Decimal percent: of the untaxed amount
        """
        return {
            order: _round(amount * Decimal(percent) / 100)
            for order, amount in self.amount_by_order.items()
        }

    def tier_counts(self, year):
        """Return a Counter of tiers by the sales of a calendar year.

        :param int year: the year whose sales count
        """
        sales = self.raw_by_year_reseller[year]
        return Counter(self._tier(sales.get(key, 0)) for key in self.resellers)

    def quartiles(self, year):
        """Return {reseller: quartile}, 1 the lowest, of those who sold in a year.

        :param int year: the year whose sales count
        """
        return rank_quartiles(self.raw_by_year_reseller[year])

    def migrations(self, before, after):
        """Return who stayed, rose, fell, stopped and began, by quartiles.

        :param int before: first year
        :param int after: second year
        """
        return count_migrations(self.quartiles(before), self.quartiles(after))

    @staticmethod
    def _tier(amount):
        if not amount:
            return "Registered"
        return next(tier for tier, threshold in TIERS if amount >= threshold)
