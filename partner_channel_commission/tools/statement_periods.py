"""Periods of statements: what is over at a day."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

from .periods import get_first_day

#: months of each period that has a calendar
MONTHS = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}
#: a statement as soon as enough is due
THRESHOLD = "threshold"


def last_period(kind, day):
    """Return the first and the last day of the last period that is over.

    A period is over once its last day is: on that day itself bookings may follow.

    :param str kind: a key of :data:`MONTHS`, or :data:`THRESHOLD`
    :param date day: today
    :return: ``(date_from, date_to)``, both inclusive

    >>> from datetime import date
    >>> [str(day) for day in last_period("monthly", date(2028, 3, 1))]
    ['2028-02-01', '2028-02-29']
    >>> [str(day) for day in last_period("monthly", date(2028, 2, 29))]
    ['2028-01-01', '2028-01-31']
    >>> [str(day) for day in last_period("quarterly", date(2026, 7, 1))]
    ['2026-04-01', '2026-06-30']
    >>> [str(day) for day in last_period("half_yearly", date(2026, 6, 30))]
    ['2025-07-01', '2025-12-31']
    >>> [str(day) for day in last_period("yearly", date(2026, 1, 1))]
    ['2025-01-01', '2025-12-31']
    >>> [str(day) for day in last_period("threshold", date(2026, 7, 1))]
    ['2026-06-01', '2026-06-30']
    """
    if kind == THRESHOLD:
        date_to = day - timedelta(days=1)
        return date_to.replace(day=1), date_to
    months = MONTHS[kind]
    begin = get_first_day(day, months)
    return begin - relativedelta(months=months), begin - timedelta(days=1)
