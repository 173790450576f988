"""What keeps commissions below their rate: caps, floors, groups, the ceiling."""

from decimal import Decimal
from typing import NamedTuple

from .commission_math import EXACT, HUNDRED, ONE, ZERO

#: caps that count what is in the books
CUMULATIVE = {"cap_deal", "cap_customer", "cap_period", "cap_plan"}


class Cap(NamedTuple):
    """The most a plan pays one membership for something.

    :param name: ``cap_deal``, ``cap_customer``, ``cap_period`` or ``cap_plan``
    :param amount: in company currency
    :param period: name of the period of ``cap_period``
    """

    name: str
    amount: Decimal
    period: str = ""


class Limits:
    """What the caps of the plans leave for one document.

    :param left: ``{key: company currency}``, shared by the documents of a batch and
        used up as they are computed
    :param get_keys: function that returns the keys that hold for a share
    """

    def __init__(self, left, get_keys):
        self.left = left
        self.get_keys = get_keys

    def clamp(self, shares, old, changed):
        """Return shares whose rise over what is booked fits in what is left.

        :param old: what each share has earned in the books
        :param changed: indexes of the shares that count
        """
        return [
            self._clamp(share, old[index]) if index in changed else share
            for index, share in enumerate(shares)
        ]

    def use_up(self, shares, booked):
        """Take off what is left what a document adds to the books."""
        known = {share.chain: share.exact for share in booked}
        for share in shares:
            rise = share.exact - known.get(share.chain, ZERO)
            for key in self.get_keys(share):
                self.left[key] -= rise * sign_of(share) / share.currency_rate

    def give_back(self, direct, overriding, final):
        """Free what overrides inside and the ceiling have left of what was used.

        :param direct: shares when those that are no override were clamped
        :param overriding: shares when the overrides were
        :param final: what the document earns in the end
        """
        for own, above, share in zip(direct, overriding, final, strict=True):
            used = above if share.via_id else own
            unused = sign_of(share) * (used.exact - share.exact) / share.currency_rate
            if unused:
                for key in self.get_keys(share):
                    self.left[key] += unused

    def _clamp(self, share, old):
        keys = self.get_keys(share)
        if not keys or share.earned is None:
            return share
        sign = sign_of(share)
        rise, limit = sign * (share.exact - old), None
        for key in keys:
            room = max(self.left[key], ZERO) * share.currency_rate
            if rise > room:
                rise, limit = room, key[0]
        for key in keys:
            self.left[key] -= rise / share.currency_rate
        if not limit:
            return share
        earned = (old + sign * rise).quantize(EXACT)
        return share._replace(earned=earned, limited_by=limit)


def sign_of(share):
    """Return -1 for a share of what is given back, else 1."""
    return -1 if share.base < 0 else 1


def limit_line(share, pay, exact):
    """Return the commission of a line within cap and floor, and which of them holds.

    :param pay: :class:`.earning.Pay`
    :param exact: the commission before
    """
    sign, limit = sign_of(share), None
    amount = sign * exact
    floor = pay.floor_line * share.currency_rate * share.share / HUNDRED
    if ZERO < amount < floor:
        amount, limit = floor, "floor"
    cap = pay.cap_line * share.currency_rate
    if cap and amount > cap:
        amount, limit = cap, "cap_line"
    return sign * amount, limit


def drop_stacked(shares, rules):
    """Leave of rules that do not add up the one that pays a partner most."""
    keys = [_get_stack(share, rules) for share in shares]
    if not any(keys):
        return shares
    best = {}
    for index, key in enumerate(keys):
        if key and abs(shares[index].exact) > abs(
            shares[best.setdefault(key, index)].exact
        ):
            best[key] = index
    return [
        share._replace(earned=ZERO, limited_by="stacked")
        if keys[index] and best[keys[index]] != index
        else share
        for index, share in enumerate(shares)
    ]


def _get_stack(share, rules):
    """Return what of a line does not add up for a partner, None for all the rest."""
    rule = rules.get(share.rule_id)
    group = rule and rule.pay and rule.pay.group
    return (share.move_line_ref, share.partner_id, group) if group else None


def keep_ceiling(shares, rules, changed):
    """Return shares that together stay below the strictest ceiling of their plans.

    The ceiling is a percentage of the untaxed line, over all who are paid on it;
    they give way in proportion.

    :param changed: indexes of the shares that may be lowered
    """
    lines = {}
    for index, share in enumerate(shares):
        lines.setdefault(share.move_line_ref, []).append(index)
    result = list(shares)
    for places in lines.values():
        ceilings = [rules[shares[place].rule_id].ceiling for place in places]
        ceiling = min((each for each in ceilings if each), default=None)
        if ceiling is not None:
            _lower(result, places, ceiling, changed)
    return result


def _lower(shares, places, ceiling, changed):
    """Lower the shares of one line in place."""
    first = shares[places[0]]
    sign = sign_of(first)
    limit = abs(first.base) * ceiling / HUNDRED
    movable = [place for place in places if place in changed]
    fixed = sum((sign * shares[p].exact for p in places if p not in changed), ZERO)
    asked = sum((sign * shares[place].exact for place in movable), ZERO)
    if asked <= 0 or fixed + asked <= limit:
        return
    part = min(max(limit - fixed, ZERO) / asked, ONE)
    for place in movable:
        share = shares[place]
        earned = (share.exact * part).quantize(EXACT)
        shares[place] = share._replace(earned=earned, limited_by="ceiling")
