"""Documents and what is earned on them, as plain values in exact fractions."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction as F
from typing import NamedTuple

from .terms import MARGIN, UNIT, PlanTerms, Terms

CENT = Decimal("0.01")
MONTHS = {"month": 1, "quarter": 3, "year": 12}


class Line(NamedTuple):
    """A line of a document; a credit note's is below zero."""

    amount: Decimal
    quantity: Decimal
    cost: Decimal


class Document(NamedTuple):
    """What Odoo says of a document.

    :param origin: the invoice a credit note reverses
    :param lines: ``{number: Line}``; a credit note has the numbers of its invoice
    :param per_company: units of its currency per unit of the company's, at its date
    :param paid: what payments have settled, own credit notes do not count
    """

    key: str
    origin: str
    state: str
    day: date
    per_company: Decimal
    lines: dict
    total: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)
    deal: str = ""


class Share(NamedTuple):
    """What one partner earns on one line.

    :param raw: before an override inside is taken off
    :param via: the partner an override is paid for
    """

    line: int
    member: str
    role: str
    part: F
    plan: PlanTerms
    number: int
    rate: F
    base: F
    quantity: F
    cost: F
    raw: F = F(0)
    exact: F = F(0)
    via: str = ""

    @property
    def terms(self) -> Terms:
        return self.plan.rules[self.number]

    @property
    def chain(self):
        return self.line, self.member, self.role

    @property
    def rule(self):
        return self.plan.version, self.number

    @property
    def measure(self):
        """What is paid on: money of the document, or units."""
        if self.terms.basis == UNIT:
            return self.quantity
        return self.base - self.cost if self.terms.basis == MARGIN else self.base

    @property
    def sign(self):
        return -1 if self.base < 0 else 1


def round_cents(amount):
    """Return a fraction in whole cents, a half away from zero."""
    cents = abs(amount) * 100
    whole, rest = divmod(cents.numerator, cents.denominator)
    whole += 2 * rest >= cents.denominator
    rounded = Decimal(whole).scaleb(-2).quantize(CENT, ROUND_HALF_UP)
    return -rounded if amount < 0 else rounded


def first_day(day, kind):
    """Return the first day of the month, quarter or year of a day."""
    length = MONTHS[kind]
    return date(day.year, (day.month - 1) // length * length + 1, 1)


def last_day(start, kind):
    """Return the last day of the period that begins at a day."""
    month = start.month - 1 + MONTHS[kind]
    after = date(start.year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(after.toordinal() - 1)


def months_between(start, day):
    """Return the full months between two days."""
    months = (day.year - start.year) * 12 + day.month - start.month
    return max(months - (day.day < start.day), 0)


def is_loss(shares):
    """Return whether the margins of a document go the other way than its sales."""
    net = sum((share.measure for share in shares), F(0))
    sales = sum((share.base for share in shares), F(0))
    return bool(shares) and shares[0].terms.basis == MARGIN and net * sales < 0
