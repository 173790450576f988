"""What the parties to one document earn on its lines, by the rules that pay them.

Everything here is exact and in the document's currency; amounts of a rule are in the
company's. A document is computed as a whole, since margins are netted, caps hold for
all partners of a line, and an override depends on what others earn.
"""

from decimal import Decimal
from typing import NamedTuple

from .bands import Span, get_effective_rate
from .commission_math import EXACT, HUNDRED, ONE, ZERO
from .limits import CUMULATIVE, drop_stacked, keep_ceiling, limit_line
from .overrides import add_overrides

AMOUNT, MARGIN, UNIT, DEAL = "amount", "margin", "unit", "deal"


class Pay(NamedTuple):
    """How a rule pays, beyond a plain percentage.

    :param basis: what is paid on: ``amount`` and ``margin`` by percent, ``unit`` an
        amount for each unit, ``deal`` an amount for the deal
    :param fixed: amount per unit or deal, in the company's currency
    :param bands: :class:`.bands.Band` tuple; their rates take the place of the rule's
    :param mode: how bands pay, or ``month`` for steps by the customer's age
    :param scope: ``document`` or the name of a period
    :param cap_line: most and ``floor_line`` least for a line, in company currency
    :param override_base: ``sale`` or ``commission`` of the partner it is paid for;
        ``inside`` takes it from that partner's commission
    """

    basis: str = AMOUNT
    fixed: Decimal = ZERO
    margin_floor: bool = True
    net_of_discount: bool = False
    group: str = ""
    bands: tuple = ()
    mode: str = ""
    scope: str = "document"
    cap_line: Decimal = ZERO
    floor_line: Decimal = ZERO
    override_base: str = ""
    inside: bool = False

    @property
    def earns(self):
        """Whether it pays anything at all."""
        return bool(self.fixed or any(band.rate for band in self.bands))

    @property
    def has_bands(self):
        """Whether the rate depends on how much is sold."""
        return bool(self.bands) and self.mode != "month"


PLAIN = Pay()


def earn(shares, rules, spans=None, limits=None):
    """Return the shares of one document with what each earns.

    :param shares: :class:`LineShare` list of the document
    :param rules: ``{rule_id: Rule}``
    :param spans: ``{group: Span}`` of rules with bands over a period, see
        :func:`get_group`
    :param limits: :class:`.limits.Limits` of the document, None where nothing but
        the line limits
    """
    groups = {get_group(share) for share in shares}
    result = _earn_groups(shares, rules, groups, spans or {})
    result = drop_stacked(result, rules)
    old = [ZERO] * len(shares)
    return _finish_document(result, rules, old, limits)


def rerate(shares, rules, spans, limits=None):
    """Return the shares of a booked document after its bands have changed.

    What has nothing to do with the bands stays as it is booked.

    :param shares: :class:`LineShare` list as booked
    :param spans: ``{group: Span}`` of what changed
    """
    moving = [share for share in shares if share.limited_by != "stacked"]
    result = _earn_groups(moving, rules, set(spans), spans)
    by_chain = {share.chain: share for share in result}
    result = [_keep_cap(share, by_chain.get(share.chain, share)) for share in shares]
    return _finish_document(result, rules, [share.exact for share in shares], limits)


def _keep_cap(booked, rerated):
    """Return a share re-rated, unless a cap held it lower when it was booked."""
    held = booked.limited_by in CUMULATIVE
    return booked if held and abs(rerated.exact) >= abs(booked.exact) else rerated


def _finish_document(shares, rules, old, limits):
    """Return shares within their limits, with the overrides on them.

    :param old: what each share has earned in the books
    """
    changed = {
        index
        for index, share in enumerate(shares)
        if share.earned is None or share.exact != old[index] or not old[index]
    }
    if limits:
        shares = limits.clamp(shares, old, changed)
    overriding = add_overrides(shares, rules, changed)
    if overriding is not shares and limits:
        added = {i for i, share in enumerate(overriding) if share.via_id}
        overriding = limits.clamp(overriding, old, added & changed)
    result = keep_ceiling(overriding, rules, changed)
    if limits:
        limits.give_back(shares, overriding, result)
    return result


def _earn_groups(shares, rules, wanted, spans):
    """Return shares with what those of the wanted groups earn by themselves."""
    groups = {}
    for index, share in enumerate(shares):
        group = get_group(share)
        if group in wanted and not share.via_id:
            groups.setdefault(group, []).append(index)
    result = list(shares)
    for group, places in groups.items():
        rule = rules.get(group[1])
        pay = rule and rule.pay or PLAIN
        some = [shares[place] for place in places]
        for place, share in zip(
            places, _earn_group(some, pay, spans.get(group)), strict=True
        ):
            result[place] = share
    return result


def get_group(share):
    """Return what is computed together: one partner's sales by one rule."""
    return share.membership_id, share.rule_id, share.role


def get_measure(share, basis):
    """Return what a rule measures of a share: money or units, signed."""
    if basis == MARGIN:
        return share.base - share.cost
    return share.quantity if basis == UNIT else share.base


def _earn_group(shares, pay, span):
    """Return shares of one partner and rule with what they earn."""
    measures = [get_measure(share, pay.basis) for share in shares]
    if pay.basis == MARGIN and pay.margin_floor and _is_loss(shares, measures):
        return [share._replace(earned=ZERO, limited_by="loss") for share in shares]
    if pay.basis == DEAL:
        rates = _get_deal_rates(shares, pay)
    elif pay.has_bands:
        rates = _get_band_rates(shares, measures, pay, span)
    elif pay.basis == UNIT:
        rates = [pay.fixed * share.currency_rate for share in shares]
    else:
        rates = [share.rate / HUNDRED for share in shares]
    result = []
    for share, measure, rate in zip(shares, measures, rates, strict=True):
        exact = measure * rate * share.share / HUNDRED
        result.append(_finish(share, pay, exact, rate))
    return result


def _finish(share, pay, exact, rate):
    """Return a share with what it earns, less what the partner had already."""
    values = {"limited_by": None}
    if pay.net_of_discount and share.discount:
        part = share.discount * share.share / HUNDRED
        sign = -1 if share.base < 0 else 1
        exact = sign * max(sign * (exact - part), ZERO)
        values["limited_by"] = "discount"
    exact, limit = limit_line(share, pay, exact)
    values["limited_by"] = limit or values["limited_by"]
    if pay.has_bands and pay.basis != UNIT:
        shown = (rate * HUNDRED).quantize(Decimal("0.0001"))
        values["rate"] = min(max(shown, ZERO), HUNDRED)
    return share._replace(earned=exact.quantize(EXACT), **values)


def _is_loss(shares, margins):
    """Return whether the margins of a document go the other way than its sales."""
    return sum(margins, ZERO) * sum((share.base for share in shares), ZERO) < 0


def _get_deal_rates(shares, pay):
    """Return the part of each unit of base of an amount for the whole deal."""
    whole = sum((share.base for share in shares), ZERO)
    if not whole:
        return [ZERO] * len(shares)
    return [pay.fixed * share.currency_rate / abs(whole) for share in shares]


def _get_band_rates(shares, measures, pay, span):
    """Return what is paid for each unit measured; the bands are in company money."""
    in_money = pay.basis != UNIT
    first = shares[0]
    if span is None:
        total = sum(measures, ZERO) / (first.currency_rate if in_money else ONE)
        span = Span(ZERO, total, abs(total))
    rate = get_effective_rate(pay.mode, pay.bands, span)
    rate = rate / HUNDRED if in_money else rate * first.currency_rate
    return [rate] * len(shares)
