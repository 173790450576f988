"""What a plan pays, in words of the property test: no Odoo, nothing of the product."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

POSTING, PAYMENT, SPLIT = "posting", "payment", "split"
AMOUNT, MARGIN, UNIT = "amount", "margin", "unit"
MARGINAL, RETROACTIVE, PROSPECTIVE = "marginal", "retroactive", "prospective"
STEPS = "month"


class Band(NamedTuple):
    """``[low, high)`` pays ``rate``; ``high`` None has no end."""

    low: Decimal
    high: Decimal | None
    rate: Decimal


@dataclass(frozen=True)
class Terms:
    """One rule: what one role in a sale is paid.

    :param rate: percent; an amount per unit where ``basis`` is ``unit``
    :param tier: only partners of this tier, empty for all
    :param of_commission: an override counts on the other's commission, not the sale
    """

    role: str
    rate: Decimal
    basis: str = AMOUNT
    bands: tuple = ()
    mode: str = ""
    scope: str = "document"
    trigger: str = PAYMENT
    upfront: Decimal = Decimal(0)
    holdback: int = 0
    cap_line: Decimal = Decimal(0)
    floor_line: Decimal = Decimal(0)
    of_commission: bool = False
    inside: bool = False
    tier: str = ""

    @property
    def counts_period(self):
        """Whether what else was sold decides the band."""
        return bool(self.bands) and self.mode != STEPS and self.scope != "document"

    @property
    def at_once(self):
        """Which part is payable on posting."""
        if self.trigger == SPLIT:
            return self.upfront / 100
        return Decimal(self.trigger == POSTING)


@dataclass(frozen=True)
class PlanTerms:
    """One version of a plan.

    :param caps: ``{cap_deal | cap_customer | cap_period | cap_plan: company money}``
    :param cap_kind: month, quarter or year of ``cap_period``
    :param ceiling: percent of a line all who are paid on it get at most
    """

    version: int
    rules: tuple
    caps: dict = field(default_factory=dict, hash=False)
    cap_kind: str = "quarter"
    ceiling: Decimal = Decimal(0)

    def find(self, role, tier):
        """Return ``(number, Terms)`` of the first rule for a partner, or None."""
        for number, rule in enumerate(self.rules):
            if rule.role == role and rule.tier in ("", tier):
                return number, rule
        return None


class Party(NamedTuple):
    """Who takes part in a sale at the moment it is posted."""

    member: str
    role: str
    share: Decimal
    tier: str
    sponsor: str = ""
    sponsor_tier: str = ""
