"""Months and periods of commission rules."""

from dateutil.relativedelta import relativedelta

#: name of a period → its months
MONTHS = {"month": 1, "quarter": 3, "year": 12}


def count_months(start, day):
    """Return the number of full months from ``start`` to ``day``.

    Counted from the first day, so the end of short months does not add up:

    >>> from datetime import date
    >>> count_months(date(2026, 1, 31), date(2026, 2, 27))
    0
    >>> count_months(date(2026, 1, 31), date(2026, 2, 28))
    1
    >>> count_months(date(2026, 1, 31), date(2026, 3, 30))
    1
    >>> count_months(date(2026, 5, 10), date(2026, 5, 10))
    0
    >>> count_months(date(2026, 5, 10), date(2026, 4, 1))
    0
    """
    months = (day.year - start.year) * 12 + day.month - start.month
    if months > 0 and start + relativedelta(months=months) > day:
        months -= 1
    return max(months, 0)


def get_first_day(day, months):
    """Return the first day of the part of the year a day lies in.

    :param int months: length of the parts, a divisor of 12

    >>> from datetime import date
    >>> str(get_first_day(date(2026, 5, 31), 3))
    '2026-04-01'
    """
    return day.replace(day=1, month=(day.month - 1) // months * months + 1)


def get_period(day, name):
    """Return first and last day of the period a day lies in.

    :param name: ``month``, ``quarter`` or ``year``

    >>> from datetime import date
    >>> [str(end) for end in get_period(date(2026, 5, 31), "quarter")]
    ['2026-04-01', '2026-06-30']
    >>> [str(end) for end in get_period(date(2028, 2, 29), "month")]
    ['2028-02-01', '2028-02-29']
    """
    length = MONTHS[name]
    first = get_first_day(day, length)
    return first, first + relativedelta(months=length, days=-1)
