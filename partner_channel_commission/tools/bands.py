"""Bands of a rule: what is paid depends on how much there is.

Bands are ``[low, high)``: reaching a bound gives the higher band.
"""

from decimal import Decimal
from typing import NamedTuple

from .commission_math import ZERO

MARGINAL = "marginal"
RETROACTIVE = "retroactive"
PROSPECTIVE = "prospective"


class Band(NamedTuple):
    """What is paid from one amount to below another; ``high`` None has no end."""

    low: Decimal
    high: Decimal | None
    rate: Decimal


class Span(NamedTuple):
    """Where a document lies in the sum its band is found by.

    :param before: the sum without it
    :param net: what it adds, less its credit notes
    :param final: the sum of the whole period
    """

    before: Decimal
    net: Decimal
    final: Decimal


def find_fault(bands):
    """Return what is wrong with bands: ``(code, bound)``, or None.

    >>> D = Decimal
    >>> good = [Band(D(0), D(100), D(4)), Band(D(100), None, D(6))]
    >>> find_fault(good)
    >>> find_fault(good[1:])
    ('start', Decimal('100'))
    >>> find_fault([Band(D(0), D(90), D(4)), Band(D(100), None, D(6))])
    ('gap', Decimal('90'))
    >>> find_fault([Band(D(0), D(110), D(4)), Band(D(100), None, D(6))])
    ('overlap', Decimal('100'))
    >>> find_fault(good[:1])
    ('end', Decimal('100'))
    >>> find_fault([])
    ('start', Decimal('0'))
    """
    reached = ZERO
    if not bands or min(band.low for band in bands) > 0:
        return "start", min((band.low for band in bands), default=ZERO)
    for band in sorted(bands, key=lambda band: (band.low, band.high is None)):
        if reached is None or band.low < reached:
            return "overlap", band.low
        if band.low > reached:
            return "gap", reached
        reached = band.high
    return ("end", reached) if reached is not None else None


def get_rate(bands, amount):
    """Return the rate of the band an amount lies in.

    >>> D = Decimal
    >>> two = [Band(ZERO, D(100), D(4)), Band(D(100), None, D(6))]
    >>> [int(get_rate(two, Decimal(some))) for some in ("-5", "0", "99.99", "100")]
    [4, 4, 4, 6]
    """
    return next(
        (band.rate for band in bands if band.high is None or amount < band.high), ZERO
    )


def pay_marginal(bands, amount):
    """Return the sum of what each part of an amount is paid in its own band.

    A percentage is not divided by 100. Negative amounts mirror positive ones.

    >>> D = Decimal
    >>> two = [Band(ZERO, D(100), D(4)), Band(D(100), None, D(6))]
    >>> int(pay_marginal(two, Decimal(150))), int(pay_marginal(two, Decimal(-150)))
    (700, -700)
    """
    if amount < 0:
        return -pay_marginal(bands, -amount)
    return sum(
        (
            band.rate
            * ((amount if band.high is None else min(amount, band.high)) - band.low)
            for band in bands
            if amount > band.low
        ),
        ZERO,
    )


def get_effective_rate(mode, bands, span):
    """Return what each unit of a document is paid, the same for all of it.

    Spiff's example: 145,000 attained, 20,000 more, 4 % to 150,000, then 6 %.

    >>> D = Decimal
    >>> two = [Band(D(0), D(150000), D(4)), Band(D(150000), None, D(6))]
    >>> deal = Span(D(145000), D(20000), D(165000))
    >>> deal.net * get_effective_rate(MARGINAL, two, deal) / 100
    Decimal('1100.0')
    >>> deal.net * get_effective_rate(RETROACTIVE, two, deal) / 100
    Decimal('1200')
    >>> deal.net * get_effective_rate(PROSPECTIVE, two, deal) / 100
    Decimal('800')
    """
    if mode == RETROACTIVE:
        return get_rate(bands, span.final)
    if mode == PROSPECTIVE or not span.net:
        return get_rate(bands, span.before)
    upper = pay_marginal(bands, span.before + span.net)
    return (upper - pay_marginal(bands, span.before)) / span.net
