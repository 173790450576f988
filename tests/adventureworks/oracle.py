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
# Bounds of a reseller's year and what a part below each is paid; the last has no bound.
BOUNDS = ((Decimal(50_000), Decimal("0.03")), (Decimal(150_000), Decimal("0.05")))
ABOVE = Decimal("0.08")


def _rows(name):
    with gzip.open(DATA / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _round(amount):
    return amount.quantize(CENT, ROUND_HALF_UP)


def pay_year(sales):
    """Return what sales of a year are paid, each part at the rate of its band.

    A bound belongs to the band above it.

    >>> [int(pay_year(Decimal(sales))) for sales in (50_000, 50_100, 150_000, 160_000)]
    [1500, 1505, 6500, 7300]
    """
    paid = reached = Decimal(0)
    for bound, rate in BOUNDS:
        paid += max(min(sales, bound) - reached, 0) * rate
        reached = bound
    return paid + max(sales - reached, 0) * ABOVE


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
        #: {order: (day, reseller)}
        self.buyer_by_order = {}
        self._read()

    def _read(self):
        raw = defaultdict(Decimal)
        days = {}
        for row in _rows("fact_reseller_sales"):
            year, reseller = int(row["OrderDate"][:4]), int(row["ResellerKey"])
            amount = Decimal(row["SalesAmount"])
            raw[year, reseller, row["SalesOrderNumber"]] += amount
            days[row["SalesOrderNumber"]] = row["OrderDate"], reseller
            if self._wants(year, reseller):
                self.line_count += 1
                self.raw_by_year[year] += amount
                self.raw_by_year_reseller[year][reseller] += amount
        self._round_orders(raw)
        self.buyer_by_order = {order: days[order] for order in self.amount_by_order}

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

    def commission_by_bands(self):
        """Return {order: commission} by the bands of each reseller's year.

        An order is paid what the year comes to with it less what it came to before,
        in the order of the days, rounded once per order, half up.
        """
        reached, result = defaultdict(Decimal), {}
        for order in sorted(
            self.amount_by_order, key=lambda each: (self.buyer_by_order[each][0], each)
        ):
            day, reseller = self.buyer_by_order[order]
            before = reached[reseller, day[:4]]
            after = reached[reseller, day[:4]] = before + self.amount_by_order[order]
            result[order] = _round(pay_year(after) - pay_year(before))
        return result

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
