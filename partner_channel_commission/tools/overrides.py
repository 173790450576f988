"""Overrides: what a sponsor or a channel manager earns on the sales of others."""

from .commission_math import EXACT, HUNDRED, ONE, ZERO

SPONSOR, MANAGER = "sponsor", "manager"
OVERRIDE_ROLES = [
    (SPONSOR, "Override of the sponsor or distributor"),
    (MANAGER, "Override of the channel manager"),
]


def add_overrides(shares, rules, changed):
    """Return shares with what the overrides among them earn.

    On top an override adds to what the line costs; inside it is taken from the
    commission of the partner it is paid for.

    :param shares: :class:`LineShare` list of a document, all else computed
    :param rules: ``{rule_id: Rule}``
    :param changed: indexes of the shares that are computed; overrides on others stay
    """
    places = [index for index, share in enumerate(shares) if share.via_id]
    if not places:
        return shares
    result = list(shares)
    taken = {}
    for place in places:
        share = shares[place]
        targets = [
            index
            for index, other in enumerate(shares)
            if other.move_line_ref == share.move_line_ref
            and other.membership_id == share.via_id
            and not other.via_id
        ]
        if not changed.intersection(targets):
            continue
        changed.add(place)
        earned = _compute(share, [shares[target] for target in targets], rules)
        result[place] = share._replace(earned=earned, limited_by=None)
        if rules[share.rule_id].pay and rules[share.rule_id].pay.inside:
            for target in targets:
                taken[target] = taken.get(target, ZERO) + earned
    _take_inside(result, taken, changed)
    return result


def _compute(share, others, rules):
    """Return what one override earns on the shares of the other partner."""
    pay = rules[share.rule_id].pay
    if pay and pay.override_base == "commission":
        measure = sum((other.exact for other in others), ZERO)
    else:
        part = max(other.share for other in others)
        measure = share.base * part / HUNDRED
    return (measure * share.rate / HUNDRED).quantize(EXACT)


def _take_inside(shares, taken, changed):
    """Lower, in place, the shares whose override is inside.

    :param taken: ``{index: amount}`` the overrides take from all targets of theirs
    """
    lines = {}
    for index in taken:
        share = shares[index]
        lines.setdefault((share.move_line_ref, share.membership_id), []).append(index)
    for places in lines.values():
        movable = [place for place in places if place in changed]
        whole = sum((shares[place].exact for place in movable), ZERO)
        if not whole:
            continue
        part = max(ONE - taken[places[0]] / whole, ZERO)
        for place in movable:
            share = shares[place]
            earned = (share.exact * part).quantize(EXACT)
            shares[place] = share._replace(earned=earned, limited_by="inside")
