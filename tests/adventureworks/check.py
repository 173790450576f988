"""The figures of a loaded database beside the oracle's."""

import datetime
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from . import channel
from .oracle import TIERS, Oracle, count_migrations, rank_quartiles

TIER_NAMES = ("Registered", *(name for name, _threshold in reversed(TIERS)))


class Row(NamedTuple):
    """One figure: what it should be and what the database says."""

    name: str
    expected: object
    found: object

    @property
    def agrees(self):
        """Whether the database says what it should."""
        return self.expected == self.found


def cents(amount):
    """Return a float of the database as the decimal it stands for.

    >>> cents(0.1 + 0.2)
    Decimal('0.30')
    """
    return Decimal(repr(round(amount, 2))).quantize(Decimal("0.01"))


def check(env, year=None, resellers=None):
    """Return the rows of the check table.

    :param env: environment in the company that was loaded
    :param int year: as it was loaded
    :param int resellers: as it was loaded
    """
    oracle = Oracle(year, resellers)
    moves = env["account.move"].search(
        [
            ("invoice_origin", "in", list(oracle.amount_by_order)),
            ("move_type", "=", "out_invoice"),
            ("state", "=", "posted"),
            ("company_id", "=", env.company.id),
        ]
    )
    rows = [
        *_check_invoices(env, oracle, moves),
        *_check_years(oracle, moves),
        *_check_tiers(env, oracle),
        *_check_migrations(env, oracle),
        *_check_commissions(env, oracle),
    ]
    env.flush_all()
    return rows


def _check_invoices(env, oracle, moves):
    lines = env["account.move.line"]._read_group(
        [("move_id", "in", moves.ids), ("display_type", "=", "product")],
        [],
        ["__count", "price_subtotal:sum", "balance:sum"],
    )
    [(count, subtotal, balance)] = lines
    yield Row("Invoices", len(oracle.amount_by_order), len(moves))
    yield Row("Lines", oracle.line_count, count)
    yield Row("Subtotals of the lines", oracle.amount, cents(subtotal))
    yield Row("Revenue in the general ledger", oracle.amount, -cents(balance))
    amounts = {move.invoice_origin: cents(move.amount_untaxed) for move in moves}
    differences = _count_differences(oracle.amount_by_order, amounts)
    yield Row("Invoices that differ", 0, differences)


def _check_years(oracle, moves):
    found = moves._read_group(
        [("id", "in", moves.ids)], ["invoice_date:year"], ["amount_untaxed_signed:sum"]
    )
    found = {day.year: cents(amount) for day, amount in found}
    for year, raw in sorted(oracle.raw_by_year.items()):
        # A part of the resellers may be a cent off: years are whole only as a whole.
        close = abs(found.get(year, 0) - raw) <= Decimal("0.01")
        expected = cents(float(raw))
        yield Row(f"Sales of {year}", expected, expected if close else found.get(year))


def _check_tiers(env, oracle):
    if not channel.find_program(env):
        return
    for year in sorted(oracle.raw_by_year):
        expected = oracle.tier_counts(year)
        found = channel.review_tiers(env, datetime.date(year + 1, 1, 1))
        yield Row(
            f"Partners in {', '.join(TIER_NAMES)} by the sales of {year}",
            tuple(expected[name] for name in TIER_NAMES),
            tuple(found.get(name, 0) for name in TIER_NAMES),
        )


def _check_migrations(env, oracle):
    """Quartiles of what the metric measures, from year to year."""
    if not channel.find_program(env):
        return
    years = sorted(oracle.raw_by_year)
    ranks = {year: rank_quartiles(channel.measure_year(env, year)) for year in years}
    for before, after in pairwise(years):
        yield Row(
            f"Stay, rise, fall, stop, begin by quartiles from {before} to {after}",
            oracle.migrations(before, after),
            count_migrations(ranks[before], ranks[after]),
        )


def _check_commissions(env, oracle):
    found = channel.read_commissions(env)
    if found is None:
        return
    if channel.pays_by_bands(env):
        name, expected = "Commission by bands", oracle.commission_by_bands()
    else:
        name = f"Commission of {channel.RATE} %"
        expected = oracle.commission_by_order(channel.RATE)
    found = {order: cents(amount) for order, amount in found.items()}
    yield Row(name, sum(expected.values()), sum(found.values()))
    yield Row("Commissions that differ", 0, _count_differences(expected, found))


def _count_differences(expected, found):
    """Count the orders whose amounts differ, those missing on a side included."""
    return sum(
        expected.get(order, 0) != found.get(order, 0) for order in {**expected, **found}
    )
