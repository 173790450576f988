"""What each book should hold for a document, from its lines and its payments."""

from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import NamedTuple

from .commission_math import (
    EXACT,
    HUNDRED,
    ONE,
    ZERO,
    commission,
    round_and_allot,
    round_half_up,
)

ACCRUED = "accrued"
PAYABLE = "payable"


class LineShare(NamedTuple):
    """One partner's commission on one invoice line: the facts, frozen.

    The names are those of the ledger's columns. ``move_line_ref`` is the id of
    the line and outlives it; ``move_line_id`` is empty once the line is gone.
    ``base`` is signed, in the currency of the document; ``rate`` and ``share``
    are percents; ``currency_rate`` is the document's currency per unit of the
    company's.

    ``upfront`` is the percentage payable on posting where the trigger is ``split``.
    ``quantity``, ``cost`` and ``discount`` are those of the line, signed as the base
    is. ``earned`` is the exact commission, None where it is the plain percentage;
    ``limited_by`` tells what kept it lower. ``period_start`` is the first day of the
    period whose bands decide, ``via_id`` the membership an override is paid for.
    """

    move_id: int
    move_line_ref: int
    move_line_id: int | None
    membership_id: int
    partner_id: int
    role: str
    share: Decimal
    lead_id: int | None
    plan_id: int
    rule_id: int
    rate: Decimal
    currency_id: int
    currency_rate: Decimal
    product_id: int | None
    label: str
    order_ref: str | None
    trigger: str
    base: Decimal
    upfront: Decimal = ZERO
    quantity: Decimal = ZERO
    cost: Decimal = ZERO
    discount: Decimal = ZERO
    limited_by: str | None = None
    period_start: date | None = None
    via_id: int | None = None
    earned: Decimal | None = None

    @property
    def chain(self):
        """What the entries of one line, partner and role have in common."""
        return self.move_line_ref, self.membership_id, self.role

    @property
    def key(self):
        """The chain in one currency: amounts with one key may be added up."""
        return *self.chain, self.currency_id

    @property
    def facts(self):
        """The facts that are copied on an entry, by column."""
        return dict(zip(FACTS, _get_facts(self), strict=True))

    @property
    def exact(self):
        """The commission before rounding, in the currency of the document."""
        if self.earned is None:
            return commission(self.base, self.rate, self.share)
        return self.earned

    @property
    def payable_at_once(self):
        """Which part does not wait for the customer's payment, 0 to 1."""
        if self.trigger == "split":
            return self.upfront / HUNDRED
        return ONE if self.trigger == "posting" else ZERO

    def scaled(self, part, **values):
        """Return the share of a part of the line.

        :param part: factor, negative for the opposite document
        :param values: further changes, such as the base where it is known
        """
        return self._replace(
            **{
                "base": self.base * part,
                "quantity": (self.quantity * part).quantize(MEASURE),
                "cost": (self.cost * part).quantize(MEASURE),
                "discount": (self.discount * part).quantize(MEASURE),
                "earned": (self.exact * part).quantize(EXACT),
                **values,
            }
        )


#: quantities and costs are kept with so many decimals
MEASURE = Decimal("1E-6")

#: columns of an entry that hold a fact; the trigger is the rule's
FACTS = (
    *LineShare._fields[: LineShare._fields.index("trigger")],
    "quantity",
    "cost",
    "discount",
    "limited_by",
    "period_start",
    "via_id",
)
_get_facts = attrgetter(*FACTS)


class Amounts(NamedTuple):
    """Amounts of one key in one book.

    ``base`` and ``amount_currency`` are in the currency of the document,
    ``amount`` is in the company's. ``earned`` is the exact commission before
    rounding, in the book of what is earned.
    """

    base: Decimal = ZERO
    amount_currency: Decimal = ZERO
    amount: Decimal = ZERO
    earned: Decimal = ZERO

    def __sub__(self, other):
        return Amounts(
            self.base - other.base,
            self.amount_currency - other.amount_currency,
            self.amount - other.amount,
            self.earned - other.earned,
        )

    @property
    def is_money(self):
        """Whether it is worth an entry in the payable book."""
        return bool(self.amount_currency or self.amount)


class Position(NamedTuple):
    """Where one key stands in one book.

    :param line_share: the facts of the last entry
    :param amounts: sum of the entries
    :param revision: number of the last entry
    :param last_date: latest day an entry counts for
    """

    line_share: LineShare
    book: str
    amounts: Amounts
    revision: int
    last_date: date | None = None


class Delta(NamedTuple):
    """What is to be appended to a book; a true-up changes the rate, not the base."""

    line_share: LineShare
    book: str
    amounts: Amounts
    revision: int
    position: Position | None
    is_true_up: bool = False

    @property
    def is_undo(self):
        """Whether it takes back some of what the line earns."""
        share = self.line_share
        return self.amounts.amount_currency * (share.exact or share.base) < 0


def compute_targets(line_shares, settled, unit, company_unit, reduced=ZERO):
    """Return what the books should hold for one posted document.

    Amounts are rounded once per partner and rule, then allotted to the lines. A
    document that is reduced earns less on the same base: the base says what was
    invoiced.

    :param line_shares: all :class:`LineShare` of the document
    :param settled: part of the document that is settled, 0 to 1
    :param reduced: part of the document that was credited by hand, 0 to 1
    :param unit: smallest amount of the document's currency
    :param company_unit: smallest amount of the company's currency
    :return: ``{(key, book): (line_share, Amounts)}``
    """
    groups, targets = {}, {}
    for line_share in line_shares:
        group = groups.setdefault((line_share.membership_id, line_share.rule_id), [])
        group.append(line_share)
    for group in groups.values():
        earned = ONE - reduced
        at_once = group[0].payable_at_once
        due = earned * at_once + min(settled, earned) * (ONE - at_once)
        parts = {ACCRUED: earned, PAYABLE: due}
        for book, part in parts.items():
            base_part = ONE if book == ACCRUED else part
            amounts = _compute_amounts(group, part, base_part, unit, company_unit)
            if book == ACCRUED:
                amounts = [
                    value._replace(earned=share.exact)
                    for share, value in zip(group, amounts, strict=True)
                ]
            for line_share, value in zip(group, amounts, strict=True):
                targets[line_share.key, book] = line_share, value
    return targets


def _compute_amounts(group, part, base_part, unit, company_unit):
    """Return the :class:`Amounts` of lines that are rounded together.

    :param part: which part of each commission counts, 0 to 1
    :param base_part: which part of each base is shown with it
    """
    in_document = round_and_allot([share.exact * part for share in group], unit)
    in_company = round_and_allot(
        [
            amount / share.currency_rate
            for share, amount in zip(group, in_document, strict=True)
        ],
        company_unit,
    )
    bases = [round_half_up(share.base * base_part, unit) for share in group]
    return list(map(Amounts, bases, in_document, in_company))


def compute_deltas(targets, positions):
    """Return what to append so that the books hold their targets.

    :param targets: see :func:`compute_targets`
    :param positions: what the books hold, a list of :class:`Position`
    :return: list of :class:`Delta`; empty when the books are right
    """
    booked, revisions, deltas = {}, {}, []
    for position in positions:
        booked[position.line_share.key, position.book] = position
        chain = position.line_share.chain, position.book
        revisions[chain] = max(position.revision, revisions.get(chain, 0))
    rerated = set()
    gone = {
        place: (position.line_share, Amounts())
        for place, position in booked.items()
        if place not in targets
    }
    for (key, book), (line_share, target) in {**gone, **targets}.items():
        position = booked.get((key, book))
        amounts = target - (position.amounts if position else Amounts())
        if position and amounts.earned and not amounts.base:
            rerated.add(key)
        if amounts.is_money or (book == ACCRUED and (amounts.base or amounts.earned)):
            chain = line_share.chain, book
            revisions[chain] = revisions.get(chain, 0) + 1
            deltas.append(Delta(line_share, book, amounts, revisions[chain], position))
    return [
        delta._replace(is_true_up=True) if delta.line_share.key in rerated else delta
        for delta in deltas
    ]
