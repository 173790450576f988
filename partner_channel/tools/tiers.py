"""Tier arithmetic on plain values."""

from datetime import date
from typing import NamedTuple

from dateutil.relativedelta import relativedelta


class RequirementMeasure(NamedTuple):
    """A requirement and what was measured for it.

    :param requirement_id: id of the ``partner.tier.requirement``
    :param metric: technical name of the metric
    :param value: measured value, in the program's currency or a count
    :param threshold: value that is needed
    :param date_from: first day of the window the value comes from
    :param date_to: last day of that window
    """

    requirement_id: int
    metric: str
    value: float
    threshold: float
    date_from: date
    date_to: date

    @property
    def reached(self):
        """Whether the threshold is met."""
        return self.value >= self.threshold

    @property
    def gap(self):
        """What is missing, never negative, in the unit of the value."""
        return max(0.0, self.threshold - self.value)

    def as_evidence(self):
        """Return the measure as JSON-able evidence of a decision."""
        return {
            **self._asdict(),
            "date_from": self.date_from.isoformat(),
            "date_to": self.date_to.isoformat(),
        }


class TierMeasure(NamedTuple):
    """A tier and the measures of its requirements."""

    grade_id: int
    requirements: tuple

    @property
    def reached(self):
        """Whether every requirement of the tier is met."""
        return all(measure.reached for measure in self.requirements)

    @property
    def progress(self):
        """Share of the way to this tier, 0 to 1: its weakest requirement.

        >>> day = date(2026, 1, 1)
        >>> half = RequirementMeasure(1, "x", 5.0, 10.0, day, day)
        >>> TierMeasure(1, (half,)).progress
        0.5
        >>> TierMeasure(1, ()).progress
        1.0
        """
        return min(
            (
                min(1.0, max(0.0, measure.value) / measure.threshold)
                for measure in self.requirements
                if measure.threshold > 0
            ),
            default=1.0,
        )


def windows(period, months, day):
    """Return the windows in which a requirement may be met.

    A calendar-year requirement may be met in the last full year or in the
    year to date: what was reached in a year holds through the next one.

    :param str period: ``calendar_year`` or ``rolling``
    :param int months: length of a rolling window
    :param date day: day of the review, inclusive
    :return: list of ``(date_from, date_to)``, both inclusive

    >>> windows("rolling", 12, date(2028, 2, 29))
    [(datetime.date(2027, 3, 1), datetime.date(2028, 2, 29))]
    >>> windows("calendar_year", 0, date(2012, 1, 1))[0]
    (datetime.date(2011, 1, 1), datetime.date(2011, 12, 31))
    """
    if period == "rolling":
        # the first day is the one after the same day `months` months ago
        return [(day - relativedelta(months=months) + relativedelta(days=1), day)]
    year = day.year
    return [(date(year - 1, 1, 1), date(year - 1, 12, 31)), (date(year, 1, 1), day)]


def pick_tier(measures):
    """Return the id of the highest tier whose requirements are met.

    A tier counts only if it is reached itself; tiers below it need not be.

    :param measures: ``TierMeasure`` list, highest tier first
    :return: ``grade_id`` or ``False`` when none is reached
    """
    return next((tier.grade_id for tier in measures if tier.reached), False)


def pack(measures):
    """Return measured tiers as a JSON-able list, see :func:`unpack`."""
    return [
        [tier.grade_id, [measure.as_evidence() for measure in tier.requirements]]
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
            tuple(
                RequirementMeasure(
                    **{
                        **line,
                        "date_from": date.fromisoformat(line["date_from"]),
                        "date_to": date.fromisoformat(line["date_to"]),
                    }
                )
                for line in lines
            ),
        )
        for grade_id, lines in packed or []
    ]
