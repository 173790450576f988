"""Certifications that are the sum of others, on plain values."""

from datetime import date
from typing import NamedTuple


class Held(NamedTuple):
    """A certificate that counts.

    :param kind: the certification it is of
    :param issued: first day it holds
    :param expiry: last day it holds, ``None`` when it never ends
    :param key: what the caller knows it by
    """

    kind: int
    issued: date
    expiry: date | None
    key: int


def _end(held):
    return held.expiry or date.max


def _find_best(kind, held, day):
    """Return which certificate of a kind holds longest from a day on, if any does."""
    holding = [h for h in held if h.kind == kind and h.issued <= day <= _end(h)]
    return max(holding, key=lambda h: (_end(h), -h.key), default=None)


def work_out(components, held):
    """Return when somebody holds all components at once.

    A new stretch begins on the day a certificate was issued, if it lasts longer than
    those before: together they are the days on which all components hold, in whatever
    order the certificates came to be known.

    :param components: the certifications that are asked for
    :param held: list of :class:`Held`
    :return: list of ``(first day, last day or None, [key of each component])``

    >>> year = [Held(1, date(2026, 1, 1), date(2026, 12, 31), 11)]
    >>> both = year + [Held(2, date(2026, 6, 1), None, 12)]
    >>> work_out([1, 2], year)
    []
    >>> work_out([1, 2], both)
    [(datetime.date(2026, 6, 1), datetime.date(2026, 12, 31), [11, 12])]
    >>> renewed = both + [Held(1, date(2026, 12, 1), date(2027, 11, 30), 13)]
    >>> work_out([1, 2], renewed)[1]
    (datetime.date(2026, 12, 1), datetime.date(2027, 11, 30), [13, 12])
    >>> work_out([1, 2], renewed[::-1]) == work_out([1, 2], renewed)
    True
    """
    found, covered = [], date.min
    for day in sorted({h.issued for h in held}) if components else ():
        parts = [_find_best(kind, held, day) for kind in components]
        if not all(parts):
            continue
        last = min(map(_end, parts))
        if last > covered:
            covered = last
            keys = [part.key for part in parts]
            found.append((day, None if last == date.max else last, keys))
    return found
