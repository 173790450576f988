"""The arithmetic of commissions, in exact decimals and without Odoo.

All functions work on :class:`decimal.Decimal`; a *unit* is the smallest amount of
a currency (0.01 for the euro, 1 for the yen, 0.05 for cash francs).
"""

from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

ZERO = Decimal(0)
ONE = Decimal(1)
HUNDRED = Decimal(100)
#: exact commissions are kept with so many decimals
EXACT = Decimal("1E-12")
#: what divisions leave beyond the last of these, summed over lines, counts for nothing
_NOISE = Decimal("1E-9")


def to_decimal(value):
    """Return a float as the decimal number a person reads in it.

    >>> to_decimal(0.1)
    Decimal('0.1')
    >>> to_decimal(False)
    Decimal('0')
    """
    return value if isinstance(value, Decimal) else Decimal(repr(value or 0))


def round_half_up(amount, unit):
    """Return ``amount`` rounded to whole ``unit``, a half away from zero.

    Credit notes mirror their invoices because the sign does not matter:

    >>> round_half_up(Decimal("2.345"), Decimal("0.01"))
    Decimal('2.35')
    >>> round_half_up(Decimal("-2.345"), Decimal("0.01"))
    Decimal('-2.35')
    >>> round_half_up(Decimal("2.32"), Decimal("0.05"))
    Decimal('2.30')
    """
    return (amount / unit).quantize(ONE, rounding=ROUND_HALF_UP) * unit


def commission(base, rate, share):
    """Return the exact, unrounded commission.

    :param base: signed amount the commission is computed on
    :param rate: percent of the base
    :param share: percent of the commission that goes to this partner

    A split as in NetSuite: 10,000 at 10 % for one half, at 15 % for the other.

    >>> commission(Decimal(10000), Decimal(10), Decimal(50))
    Decimal('500')
    >>> commission(Decimal(10000), Decimal(15), Decimal(50))
    Decimal('750')
    """
    return base * rate * share / (HUNDRED * HUNDRED)


def settled_share(total, settled):
    """Return which part of a document is settled, between 0 and 1.

    :param total: total of the document including tax
    :param settled: what has been settled otherwise than by a document of the
        opposite type: payments and write-offs, not credit notes

    >>> settled_share(Decimal(1210), Decimal(605))
    Decimal('0.5')
    >>> settled_share(Decimal(100), Decimal(120))
    Decimal('1')

    A document over nothing owes nothing, so it is settled as it stands:

    >>> settled_share(Decimal(0), Decimal(0))
    Decimal('1')
    """
    if not total:
        return ONE
    return min(max(settled / total, ZERO), ONE)


def _direction(parts):
    """Return -1 when ``parts`` as a whole take something back, else 1.

    Never decided by the rounded total: it may be zero where the parts are not.
    """
    whole = sum(parts, ZERO) or next((part for part in parts if part), ZERO)
    return -1 if whole < 0 else 1


def allot(total, parts, unit):
    """Split a rounded ``total`` over exact ``parts`` so that the shares add up.

    Every part gets its amount rounded down; what is left goes, one unit each, to
    the largest fractions, ties to the first.

    :param total: the amount to split, a multiple of ``unit`` and at most one unit
        away from the sum of the parts
    :param parts: list of exact amounts
    :return: list of multiples of ``unit`` that sum up to ``total``

    >>> third = Decimal(100) / 3
    >>> [str(x) for x in allot(Decimal(100), [third] * 3, Decimal("0.01"))]
    ['33.34', '33.33', '33.33']

    The opposite document gets the opposite amounts:

    >>> [str(x) for x in allot(Decimal(-100), [-third] * 3, Decimal("0.01"))]
    ['-33.34', '-33.33', '-33.33']
    >>> [str(x) for x in allot(Decimal(0), [third, -third], Decimal("0.01"))]
    ['33.33', '-33.33']
    >>> [str(x) for x in allot(Decimal(0), [-third, third], Decimal("0.01"))]
    ['-33.33', '33.33']
    """
    sign = _direction(parts)
    exact = [sign * part / unit for part in parts]
    shares = [part.quantize(ONE, rounding=ROUND_FLOOR) for part in exact]
    left = int(sign * total / unit - sum(shares))
    by_fraction = sorted(range(len(parts)), key=lambda i: (shares[i] - exact[i], i))
    for index in by_fraction[:left]:
        shares[index] += 1
    return [sign * share * unit for share in shares]


def round_and_allot(parts, unit):
    """Round the sum of exact ``parts`` once, then split it over them.

    >>> [str(x) for x in round_and_allot([Decimal("0.004")] * 3, Decimal("0.01"))]
    ['0.01', '0.00', '0.00']
    >>> round_and_allot([], Decimal("0.01"))
    []

    Half a cent is half a cent, though the lines it is the sum of are no whole numbers:

    >>> thirds = [Decimal("0.001666666666")] * 3
    >>> [str(x) for x in round_and_allot(thirds, Decimal("0.01"))]
    ['0.01', '0.00', '0.00']
    """
    whole = sum(parts, ZERO).quantize(_NOISE)
    return allot(round_half_up(whole, unit), parts, unit)
