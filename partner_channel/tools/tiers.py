"""Tier arithmetic on plain values."""

from datetime import date, timedelta
from math import ceil
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

AT_LEAST = "ge"
AT_MOST = "le"


class RequirementMeasure(NamedTuple):
    """A requirement and what was measured for it.

    :param requirement_id: id of the ``partner.tier.requirement``
    :param metric: technical name of the metric
    :param value: measured value in the metric's unit (money in the program's
        currency), ``None`` when there is nothing to measure
    :param threshold: value that is needed
    :param date_from: first day of the window the value comes from
    :param date_to: last day of that window
    :param comparison: ``ge`` (at least the threshold) or ``le`` (at most)
    :param points: points of a value at the threshold, in tiers that count points
    :param minimum: in tiers that count points, the least good value that is accepted
    """

    requirement_id: int
    metric: str
    value: float | None
    threshold: float
    date_from: date
    date_to: date
    comparison: str = AT_LEAST
    points: float = 0.0
    minimum: float = 0.0

    def _is_met(self, bound):
        if self.value is None:
            return False
        if self.comparison == AT_MOST:
            return self.value <= bound
        return self.value >= bound

    @property
    def reached(self):
        """Whether the threshold is met; without a value it never is."""
        return self._is_met(self.threshold)

    @property
    def acceptable(self):
        """Whether the minimum is met, if there is one."""
        return not self.minimum or self._is_met(self.minimum)

    @property
    def gap(self):
        """What is missing, never negative, in the unit of the value.

        >>> day = date(2026, 1, 1)
        >>> RequirementMeasure(1, "hours", 30.0, 24.0, day, day, AT_MOST).gap
        6.0
        """
        if self.reached:
            return 0.0
        return abs(self.threshold - (self.value or 0.0))

    @property
    def progress(self):
        """Share of the way to the threshold, 0 to 1.

        >>> day = date(2026, 1, 1)
        >>> RequirementMeasure(1, "hours", 48.0, 24.0, day, day, AT_MOST).progress
        0.5
        """
        if self.reached:
            return 1.0
        if not self.value or self.value < 0:
            return 0.0
        if self.comparison == AT_MOST:
            return self.threshold / self.value
        return self.value / self.threshold

    def project(self, day):
        """Return the day the threshold is met at the pace of the window so far.

        Only for values that add up during a window that has not ended: a pace
        says nothing about a rate, nor about a window that moves along.

        :param date day: day of the review
        :return: ``date``, or ``None`` when the window ends before

        >>> year = date(2026, 1, 1), date(2026, 12, 31)
        >>> half = RequirementMeasure(1, "x", 50.0, 100.0, year[0], date(2026, 4, 10))
        >>> half.project(date(2026, 4, 10)), half.project(date(2027, 1, 1))
        (datetime.date(2026, 7, 19), None)
        """
        if self.reached or not self.value or self.value <= 0 or day != self.date_to:
            return None
        days = (self.date_to - self.date_from).days + 1
        return day + timedelta(days=ceil(self.gap * days / self.value))

    def as_evidence(self):
        """Return the measure as JSON-able evidence of a decision."""
        return {
            **self._asdict(),
            "date_from": self.date_from.isoformat(),
            "date_to": self.date_to.isoformat(),
        }

    @classmethod
    def from_evidence(cls, line):
        """Return the measure of :meth:`as_evidence`; unknown keys are left out."""
        known = {key: value for key, value in line.items() if key in cls._fields}
        known["date_from"] = date.fromisoformat(line["date_from"])
        known["date_to"] = date.fromisoformat(line["date_to"])
        return cls(**known)


class TierMeasure(NamedTuple):
    """A tier and the measures of its requirements.

    :param grade_id: id of the tier
    :param requirements: tuple of :class:`RequirementMeasure`
    :param points_needed: 0 where every requirement has to be met, else the points
        the requirements have to bring together
    """

    grade_id: int
    requirements: tuple
    points_needed: float = 0.0

    @property
    def points(self):
        """Points earned: each requirement gives its share of them.

        >>> day = date(2026, 1, 1)
        >>> sales = RequirementMeasure(1, "x", 5.0, 10.0, day, day, points=60)
        >>> people = RequirementMeasure(2, "y", 3.0, 2.0, day, day, points=40)
        >>> TierMeasure(1, (sales, people), 70).points
        70.0
        """
        total = sum(measure.points * measure.progress for measure in self.requirements)
        return round(total, 6)

    @property
    def reached(self):
        """Whether the tier's requirements are met.

        Counting points, a value below its minimum cannot be made good by others
        (as in Microsoft's "70 points and at least 1 in each category").

        >>> day = date(2026, 1, 1)
        >>> sales = RequirementMeasure(1, "x", 10.0, 10.0, day, day, points=80)
        >>> people = RequirementMeasure(2, "y", 0.0, 2.0, day, day, "ge", 20, 1)
        >>> TierMeasure(1, (sales, people), 70).reached
        False
        """
        if not self.points_needed:
            return all(measure.reached for measure in self.requirements)
        return self.points >= self.points_needed and all(
            measure.acceptable for measure in self.requirements
        )

    @property
    def progress(self):
        """Share of the way to this tier, 0 to 1.

        Where all requirements count it is that of the weakest one.

        >>> day = date(2026, 1, 1)
        >>> half = RequirementMeasure(1, "x", 5.0, 10.0, day, day)
        >>> TierMeasure(1, (half,)).progress
        0.5
        >>> TierMeasure(1, ()).progress
        1.0
        """
        if self.points_needed:
            return min(1.0, self.points / self.points_needed)
        return min((measure.progress for measure in self.requirements), default=1.0)

    def project(self, day, additive):
        """Return the day the whole tier is reached at the present pace.

        :param date day: day of the review
        :param additive: requirement ids whose values add up during their window
        :return: ``date``, or ``None`` when it cannot be told
        """
        missing = [measure for measure in self.requirements if not measure.reached]
        if self.points_needed or not missing:
            return None
        days = [
            measure.project(day) if measure.requirement_id in additive else None
            for measure in missing
        ]
        return None if None in days else max(days)


def windows(period, months, day):
    """Return the windows in which a requirement may be met.

    A calendar requirement may be met in the last full year or quarter or in the
    one to date: what was reached in a year holds through the next one.

    :param str period: ``calendar_year``, ``quarter`` or ``rolling``
    :param int months: length of a rolling window
    :param date day: day of the review, inclusive
    :return: list of ``(date_from, date_to)``, both inclusive

    >>> windows("rolling", 12, date(2028, 2, 29))
    [(datetime.date(2027, 3, 1), datetime.date(2028, 2, 29))]
    >>> windows("calendar_year", 0, date(2012, 1, 1))[0]
    (datetime.date(2011, 1, 1), datetime.date(2011, 12, 31))
    >>> windows("quarter", 0, date(2028, 2, 29))[0]
    (datetime.date(2027, 10, 1), datetime.date(2027, 12, 31))
    """
    if period == "rolling":
        # the first day is the one after the same day `months` months ago
        return [(day - relativedelta(months=months) + relativedelta(days=1), day)]
    start, length = date(day.year, 1, 1), 12
    if period == "quarter":
        start, length = date(day.year, (day.month - 1) // 3 * 3 + 1, 1), 3
    before = start - relativedelta(months=length)
    return [(before, start - timedelta(days=1)), (start, day)]


def window_end(period, day):
    """Return the last day of the calendar window that runs on a day.

    >>> window_end("quarter", date(2028, 2, 29))
    datetime.date(2028, 3, 31)
    """
    if period == "rolling":
        return None
    start, length = windows(period, 0, day)[1][0], 3 if period == "quarter" else 12
    return start + relativedelta(months=length) - timedelta(days=1)


def pick_tier(measures):
    """Return the id of the highest tier whose requirements are met.

    A tier counts only if it is reached itself; tiers below it need not be. Of those
    without requirements only the lowest is reached by itself: the others are given
    by people.

    :param measures: ``TierMeasure`` list, highest tier first
    :return: ``grade_id`` or ``False`` when none is reached

    >>> pick_tier([TierMeasure(3, ()), TierMeasure(2, ()), TierMeasure(1, ())])
    1
    """
    lowest = measures[-1:]
    return next(
        (
            tier.grade_id
            for tier in measures
            if tier.reached and (tier.requirements or tier in lowest)
        ),
        False,
    )


def next_yearly_day(month, day):
    """Return the first day of a month that is not before a day.

    >>> next_yearly_day(1, date(2028, 1, 1)), next_yearly_day(1, date(2028, 1, 2))
    (datetime.date(2028, 1, 1), datetime.date(2029, 1, 1))
    """
    this_year = date(day.year, month, 1)
    return this_year if this_year >= day else date(day.year + 1, month, 1)


def pack(measures):
    """Return measured tiers as a JSON-able list, see :func:`unpack`."""
    return [
        [
            tier.grade_id,
            [measure.as_evidence() for measure in tier.requirements],
            tier.points_needed,
        ]
        for tier in measures
    ]


def unpack(packed):
    """Return the measured tiers of :func:`pack`.

    >>> day = date(2026, 1, 1)
    >>> tiers = [TierMeasure(3, (RequirementMeasure(1, "x", 5.0, 10.0, day, day),))]
    >>> unpack(pack(tiers)) == tiers
    True
    """
    return [
        TierMeasure(
            grade_id,
            tuple(RequirementMeasure.from_evidence(line) for line in lines),
            points_needed,
        )
        for grade_id, lines, points_needed in packed or []
    ]
