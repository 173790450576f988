"""How long a certificate holds, on plain dates."""

from dateutil.relativedelta import relativedelta

VALID, EXPIRING, EXPIRED, REVOKED = "valid", "expiring", "expired", "revoked"
STATES = [
    (VALID, "Valid"),
    (EXPIRING, "Expiring"),
    (EXPIRED, "Expired"),
    (REVOKED, "Revoked"),
]


def last_valid_day(anchor, months):
    """Return the last day a certificate of this length holds.

    Months are always added to the anchor, never to an earlier result: four
    years from a leap day end on a leap day, four times one year would not.

    :param date anchor: day the certificate was earned
    :param int months: validity in months, 0 for ever
    :return: date, or ``None`` when it never ends

    >>> from datetime import date
    >>> last_valid_day(date(2028, 2, 29), 12)
    datetime.date(2029, 2, 28)
    >>> last_valid_day(date(2028, 2, 29), 48)
    datetime.date(2032, 2, 29)
    >>> last_valid_day(date(2027, 1, 31), 1)
    datetime.date(2027, 2, 28)
    >>> last_valid_day(date(2027, 1, 31), 0) is None
    True
    """
    return anchor + relativedelta(months=months) if months else None


def renewal_day(last_day, days):
    """Return the first day on which a certificate counts as expiring.

    :param date last_day: last valid day, empty when it never ends
    :param int days: how long before the end the renewal window opens
    :return: date or ``None``

    >>> from datetime import date
    >>> renewal_day(date(2027, 3, 1), 60)
    datetime.date(2026, 12, 31)
    >>> renewal_day(None, 60) is None
    True
    """
    return last_day - relativedelta(days=days) if last_day else None


def state_on(day, last_day, renewal, revoked=False):
    """Return the state of a certificate on a day.

    :param date day: the day asked for
    :param date last_day: last valid day, empty when it never ends
    :param date renewal: first day of the renewal window, or empty
    :param bool revoked: taken back; holds on no day

    >>> from datetime import date
    >>> window = date(2027, 3, 1), date(2026, 12, 31)
    >>> state_on(date(2026, 12, 30), *window)
    'valid'
    >>> state_on(date(2027, 3, 1), *window)
    'expiring'
    >>> state_on(date(2027, 3, 2), *window)
    'expired'
    >>> state_on(date(2026, 12, 30), *window, revoked=True)
    'revoked'
    """
    if revoked:
        return REVOKED
    if not last_day:
        return VALID
    if day > last_day:
        return EXPIRED
    return EXPIRING if day >= renewal else VALID
