"""The plans the property test makes up: what may be combined, and how it is drawn."""

from decimal import Decimal
from typing import NamedTuple

from .terms import (
    AMOUNT,
    MARGIN,
    MARGINAL,
    PAYMENT,
    POSTING,
    PROSPECTIVE,
    RETROACTIVE,
    SPLIT,
    STEPS,
    UNIT,
    Band,
    PlanTerms,
    Terms,
)

D = Decimal
#: bounds and rates by what is measured
_BANDS = {
    AMOUNT: (Band(D(0), D(1000), D(10)), Band(D(1000), None, D(20))),
    MARGIN: (Band(D(0), D(600), D(10)), Band(D(600), None, D("12.5"))),
    UNIT: (Band(D(0), D(3), D("5.5")), Band(D(3), None, D(7))),
    STEPS: (Band(D(0), D(2), D(12)), Band(D(2), None, D(4))),
}
_RATES = {AMOUNT: D(5), MARGIN: D("7.5"), UNIT: D("9.99")}
#: name of what limits a plan → its caps and ceiling, and cap and floor per line
_LIMITS = {
    "": ({}, 0, 0, 0),
    "cap_deal": ({"cap_deal": D(30)}, 0, 0, 0),
    "cap_customer": ({"cap_customer": D(60)}, 0, 0, 0),
    "cap_period": ({"cap_period": D(45)}, 0, 0, 0),
    "cap_plan": ({"cap_plan": D(75)}, 0, 0, 0),
    "two caps": ({"cap_deal": D(40), "cap_plan": D(75)}, 0, 0, 0),
    "lines": ({}, 0, D(20), D(4)),
    "ceiling": ({}, D("6.5"), 0, 0),
}


class Choice(NamedTuple):
    """What a plan is made of."""

    basis: str = AMOUNT
    mode: str = ""
    scope: str = "document"
    limit: str = ""
    override: str = ""
    trigger: str = PAYMENT
    holdback: int = 0
    by_tier: bool = False
    bands_for_all: bool = False

    @property
    def is_sensible(self):
        """Whether Odoo takes such a plan, and one rule says what it comes to."""
        in_period = self.scope != "document"
        if self.mode in ("", STEPS):
            fits = not in_period and (self.mode != STEPS or self.basis != UNIT)
        else:
            fits = in_period or self.mode != PROSPECTIVE
        # what a cap leaves, once bands change the past, depends on the way there
        return fits and not (in_period and self.limit not in ("", "lines"))

    def make_plan(self, version):
        """Return a version of the plan; each pays two percent more."""
        caps, ceiling, cap_line, floor_line = _LIMITS[self.limit]
        more = D(2 * (version - 1))
        common = {
            "trigger": self.trigger,
            "upfront": D(30),
            "holdback": self.holdback,
            "cap_line": D(cap_line),
            "floor_line": D(floor_line),
        }
        paid = {**common, "basis": self.basis, "rate": _RATES[self.basis] + more}
        banded = self._get_bands(more)
        rules = [Terms("sold", **paid | banded)]
        if self.by_tier:
            gold = {**paid, "rate": _RATES[self.basis] + more + 1, "tier": "gold"}
            rules.insert(0, Terms("sold", **gold))
        rules.append(
            Terms("sourced", **paid | banded)
            if self.bands_for_all
            else Terms("sourced", D(3) + more, **common)
        )
        if self.override:
            of, mode = self.override.split()
            rules.append(
                Terms(
                    "sponsor",
                    (D(10) if of == "commission" else D("1.5")) + more,
                    trigger=self.trigger,
                    upfront=D(30),
                    holdback=self.holdback,
                    of_commission=of == "commission",
                    inside=mode == "inside",
                )
            )
        return PlanTerms(version, tuple(rules), caps, "quarter", D(ceiling))

    def _get_bands(self, more):
        if not self.mode:
            return {}
        bands = _BANDS[STEPS if self.mode == STEPS else self.basis]
        return {
            "rate": D(0) if self.basis != UNIT else D(1),
            "mode": self.mode,
            "scope": self.scope,
            "bands": tuple(band._replace(rate=band.rate + more) for band in bands),
        }


CHOICES = {
    "basis": (AMOUNT, AMOUNT, MARGIN, UNIT),
    "mode": ("", "", STEPS, MARGINAL, RETROACTIVE, PROSPECTIVE),
    "scope": ("document", "quarter", "year"),
    "limit": tuple(_LIMITS),
    "override": ("", "sale top", "sale inside", "commission top", "commission inside"),
    "trigger": (POSTING, PAYMENT, SPLIT),
    "holdback": (0, 0, 30),
    "by_tier": (False, False, True),
    "bands_for_all": (False, True),
}
