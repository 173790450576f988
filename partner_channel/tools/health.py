"""Health of a partner, 0 to 100, from plain values."""

from datetime import timedelta
from math import floor
from typing import NamedTuple

from .tiers import windows

#: what a partner's health is made of, in the order it is shown
COMPONENTS = ("revenue_trend", "engagement", "enablement", "pipeline")
GOOD, WATCH = 80, 50
#: days a partner's engagement is looked at
ENGAGEMENT_DAYS = 90
_STEADY = 80
_POINTS = {"registrations": 25, "answers": 15, "people": 10}
_DEAL = 25


class Component(NamedTuple):
    """One part of a partner's health.

    :param name: one of ``COMPONENTS``
    :param score: 0 to 100
    :param weight: percent of the health as set up, before others are left out
    :param facts: what was counted, as plain JSON-able values
    """

    name: str
    score: int
    weight: int
    facts: dict

    @classmethod
    def from_evidence(cls, line):
        """Return the component of a line of evidence; unknown keys are left out."""
        return cls(**{key: line[key] for key in cls._fields})


def limit(score):
    """Return a score as a whole number from 0 to 100, halves rounded up.

    >>> limit(72.5), limit(-3), limit(140.0)
    (73, 0, 100)
    """
    return max(0, min(100, floor(score + 0.5)))


def trend_windows(day):
    """Return the twelve months up to a day, and the twelve before them.

    >>> from datetime import date
    >>> for window in trend_windows(date(2028, 2, 29)):
    ...     print(*window)
    2027-03-01 2028-02-29
    2026-03-01 2027-02-28
    """
    current = windows("rolling", 12, day)[0]
    return current, windows("rolling", 12, current[0] - timedelta(days=1))[0]


def trend_score(current, before):
    """Score the revenue of twelve months against that of the twelve before.

    A partner that holds its revenue is good (80), a quarter more is the best, none
    at all the worst.

    :param float current: revenue of the last twelve months
    :param float before: revenue of the twelve before
    :return: 0 to 100, ``None`` where there was no revenue at all

    >>> trend_score(1_000.0, 1_000.0), trend_score(1_250.0, 1_000.0)
    (80, 100)
    >>> trend_score(500.0, 1_000.0), trend_score(0.0, 1_000.0)
    (40, 0)
    >>> trend_score(10.0, 0.0), trend_score(-10.0, 0.0), trend_score(0.0, 0.0)
    (100, 0, None)
    """
    if not current and not before:
        return None
    if before <= 0:
        return 100 if current > 0 else 0
    return limit(_STEADY * current / before)


def engagement_score(facts):
    """Score what a partner did of late.

    Each registration gives 25 points, each lead answered 15, each person who logged
    in 10.

    :param dict facts: counts by ``registrations``, ``answers``, ``people``; ``staff``
        are the people who could log in
    :return: 0 to 100, ``None`` for a partner that has no way to do anything

    >>> engagement_score({"registrations": 1, "answers": 2, "people": 1, "staff": 3})
    65
    >>> engagement_score({"staff": 1}), engagement_score({})
    (0, None)
    """
    if not any(facts.values()):
        return None
    return limit(sum(facts.get(name, 0) * value for name, value in _POINTS.items()))


def pipeline_score(open_deals):
    """Score the open approved registrations, four being the best.

    >>> pipeline_score(0), pipeline_score(3), pipeline_score(9)
    (0, 75, 100)
    """
    return limit(_DEAL * open_deals)


def shares(components):
    """Return the percentage each component has once others are left out.

    >>> sales = Component("revenue_trend", 80, 35, {})
    >>> deals = Component("pipeline", 25, 20, {})
    >>> [round(share, 1) for share in shares([sales, deals])]
    [63.6, 36.4]
    """
    total = sum(component.weight for component in components)
    return [
        100 * component.weight / total if total else 0.0 for component in components
    ]


def total_score(components):
    """Return the health, the components that are there weighed against each other.

    :param components: list of :class:`Component`
    :return: 0 to 100, ``None`` where nothing that has a weight was measured

    >>> sales = Component("revenue_trend", 80, 35, {})
    >>> deals = Component("pipeline", 25, 20, {})
    >>> total_score([sales, deals]), total_score([])
    (60, None)
    """
    parts = shares(components)
    if not any(parts):
        return None
    scores = zip(components, parts, strict=True)
    # rounded first: a float's last digit is not to decide between two scores
    return limit(round(sum(part.score * share for part, share in scores) / 100, 6))


def health_state(score):
    """Return ``good``, ``watch`` or ``risk``, ``None`` for no score.

    >>> [health_state(score) for score in (80, 79, 50, 49, None)]
    ['good', 'watch', 'watch', 'risk', None]
    """
    if score is None:
        return None
    if score >= GOOD:
        return "good"
    return "watch" if score >= WATCH else "risk"
