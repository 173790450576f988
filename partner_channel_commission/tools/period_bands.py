"""Where documents stand in a period whose sum decides the band."""

import math

from .bands import Span
from .commission_math import ONE, ZERO
from .earning import UNIT, get_group, get_measure
from .memory import in_force


def get_key(share):
    """Return what is summed up together, None without bands over a period."""
    if not share.period_start:
        return None
    return *get_group(share), share.period_start


def sum_measures(shares, rules):
    """Return ``{key: company currency or units}`` of the shares of one document."""
    sums = {}
    for share in shares:
        key = get_key(share)
        if key:
            basis = rules[share.rule_id].pay.basis
            rate = ONE if basis == UNIT else share.currency_rate
            sums[key] = sums.get(key, ZERO) + get_measure(share, basis) / rate
    return sums


def find_touched(shares, positions):
    """Return the keys whose sum changes by what is to be booked.

    :param shares: ``{move_id: [LineShare]}`` to be booked
    :param positions: ``{move_id: [Position]}`` in the books
    """
    touched = set()
    for move_id, some in shares.items():
        held = in_force(positions.get(move_id, ()))
        before, after = _sum_bases(held), _sum_bases(some)
        touched |= {
            key
            for key in before.keys() | after.keys()
            if before.get(key) != after.get(key)
        }
    return touched


def _sum_bases(shares):
    sums = {}
    for share in shares:
        key = get_key(share)
        if key:
            base, quantity = sums.get(key, (ZERO, ZERO))
            sums[key] = base + share.base, quantity + share.quantity
    return sums


def arrange(documents, origins, keys, rules, ranks=None):
    """Return where each document stands.

    :param documents: list of ``(move_id, [LineShare])`` in order
    :param origins: ``{move_id: move_id}`` of credit notes, which stand with their
        invoice
    :param keys: the keys that count, see :func:`get_key`
    :param rules: ``{rule_id: Rule}``
    :param ranks: ``{(key, move_id): place}`` of what was booked before; the others
        come after these
    :return: ``{move_id: {group: Span}}``
    """
    sums = {move_id: sum_measures(shares, rules) for move_id, shares in documents}
    families, totals = {}, {}
    for move_id, measures in sums.items():
        family = families.setdefault(origins.get(move_id, move_id), {})
        for key in measures.keys() & keys:
            family[key] = family.get(key, ZERO) + measures[key]
            totals[key] = totals.get(key, ZERO) + measures[key]
    firsts = _rank_families(ranks or {}, origins)
    standing = sorted(
        ((key, family_id) for family_id, some in families.items() for key in some),
        key=lambda place: firsts.get(place, math.inf),
    )
    before, spans = {}, {}
    for key, family_id in standing:
        net = families[family_id][key]
        span = Span(before.get(key, ZERO), net, totals[key])
        spans.setdefault(family_id, {})[key] = span
        before[key] = span.before + net
    result = {}
    for move_id, measures in sums.items():
        places = spans.get(origins.get(move_id, move_id), {})
        found = {key[:3]: places[key] for key in measures if key in places}
        if found:
            result[move_id] = found
    return result


def _rank_families(ranks, origins):
    """Return ``{(key, family): place}`` of the first booking of each family."""
    firsts = {}
    for (key, move_id), rank in ranks.items():
        place = key, origins.get(move_id, move_id)
        firsts[place] = min(rank, firsts.get(place, rank))
    return firsts
