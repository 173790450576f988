"""Goal arithmetic on plain values."""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

#: months of each period
PERIODS = {"month": 1, "quarter": 3, "year": 12}


def period_window(period, day):
    """Return first and last day of the calendar period a day lies in.

    :param str period: ``month``, ``quarter`` or ``year``
    :param date day: any day of it

    >>> period_window("month", date(2028, 2, 10))
    (datetime.date(2028, 2, 1), datetime.date(2028, 2, 29))
    >>> period_window("quarter", date(2028, 12, 31))[0]
    datetime.date(2028, 10, 1)
    >>> period_window("year", date(2028, 2, 29))[1]
    datetime.date(2028, 12, 31)
    """
    months = PERIODS[period]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    return first, first + relativedelta(months=months) - timedelta(days=1)


def forecast(fact, date_from, date_to, day):
    """Return what a value that adds up comes to at the pace so far.

    :param float fact: measured from the first day to ``day``
    :param date date_from: first day of the period
    :param date date_to: last day of the period
    :param date day: today, itself measured

    >>> forecast(10.0, date(2026, 4, 1), date(2026, 4, 30), date(2026, 4, 10))
    30.0
    >>> forecast(10.0, date(2026, 4, 1), date(2026, 4, 30), date(2026, 6, 1))
    10.0
    >>> forecast(0.0, date(2026, 4, 1), date(2026, 4, 30), date(2026, 3, 1))
    0.0
    """
    if not date_from <= day < date_to:
        return fact
    return fact * ((date_to - date_from).days + 1) / ((day - date_from).days + 1)


def reached(plan, fact, less_is_better=False):
    """Return the percentage of a plan that is reached, above 100 when surpassed.

    :param float plan: value to reach
    :param fact: measured value, 0 or ``None`` for nothing measured
    :param bool less_is_better: whether the plan is a limit to stay below

    >>> reached(200.0, 50.0), reached(24.0, 48.0, less_is_better=True)
    (25.0, 50.0)
    >>> reached(200.0, None), reached(0.0, 50.0), reached(100.0, -5.0)
    (0.0, 0.0, 0.0)
    """
    if not plan or not fact or fact < 0:
        return 0.0
    return 100.0 * (plan / fact if less_is_better else fact / plan)
