"""How much of what an invoice earned its credit notes take back."""

from .commission_math import EXACT, ONE, ZERO, commission, round_half_up
from .earning import get_group


def spread(shares, whole, base):
    """Return what a credit line takes back that belongs to no invoice line.

    It lowers every line of the invoice in proportion. The ledger has one entry for
    a line, partner and role: where the invoice pays one of them by several rules,
    the amounts are added up and put under the rule that pays most.

    :param shares: :class:`LineShare` list of the invoice
    :param whole: untaxed total of the invoice
    :param base: untaxed amount of the credit line, signed
    :return: list of :class:`LineShare` with an exact, unrounded ``base``
    """
    if not whole:
        return []
    groups = {}
    for share in shares:
        groups.setdefault((share.membership_id, share.role), []).append(share)
    result = []
    for group in groups.values():
        leading = max(group, key=lambda share: abs(share.exact))
        exact = sum((share.exact for share in group), ZERO)
        per_unit = commission(ONE, leading.rate, leading.share)
        if leading.earned is not None or not per_unit:
            lines = sum((share.base for share in group), ZERO)
            part = base * lines / whole
        else:
            part = base * exact / per_unit / whole
        earned = (exact * base / whole).quantize(EXACT)
        result.append(leading.scaled(ZERO, base=part, earned=earned))
    return result


def follow(shares, mirrored, groups):
    """Return the shares of a booked credit note after its invoice was re-rated.

    :param shares: :class:`LineShare` list as booked
    :param mirrored: what it would take back of the invoice as that is rated now
    :param groups: what was re-rated, see :func:`.earning.get_group`
    """
    by_chain = {share.chain: share for share in mirrored if share.base}
    return [
        _follow_one(share, by_chain[share.chain])
        if share.chain in by_chain and (share.via_id or get_group(share) in groups)
        else share
        for share in shares
    ]


def _follow_one(share, now):
    earned = (now.exact * share.base / now.base).quantize(EXACT)
    return share._replace(earned=earned, rate=now.rate, limited_by=now.limited_by)


def cap(shares, earned, taken, unit):
    """Return the shares of a credit note, which takes back no more than is left.

    :param shares: :class:`LineShare` list the credit note asks for
    :param earned: those of its invoice
    :param taken: those of the invoice's other credit notes
    :param unit: smallest amount of the currency
    """
    total, left, asked = _sums(earned), _sums([*earned, *taken]), _sums(shares)
    parts = {}
    for key, amount in asked.items():
        origin = total.get(key, ZERO)
        sign = -1 if origin < 0 else 1
        # what adds to the invoice, or is in another currency, has no limit here
        if amount * origin < 0:
            parts[key] = min(max(sign * left[key], ZERO) / abs(amount), ONE)
    capped = []
    for share in shares:
        part = parts.get(_purse(share), ONE)
        base = round_half_up(share.base * part, unit)
        capped.append(share.scaled(part, base=base))
    return [share for share in capped if share.base]


def _purse(share):
    """Return what of an invoice's commission may be set off against each other."""
    return share.membership_id, share.role, share.rule_id, share.currency_id


def _sums(shares):
    result = {}
    for share in shares:
        result[_purse(share)] = result.get(_purse(share), ZERO) + share.exact
    return result
