"""What people send to change a lead in the Resellers portal, judged one by one.

The values come by remote call: anything JSON can carry may be in them.

>>> is_amount(12.5), is_amount(None), is_amount(-1), is_amount(float("nan"))
(True, True, False, False)
>>> is_probability(99.9), is_probability(100), is_probability(True), is_probability("5")
(True, False, False, False)
>>> is_text("Ромашка"), is_text(False), is_text("a\\x00b"), is_text(["a"])
(True, True, False, False)
>>> is_choice(7), is_choice(None), is_choice(0), is_choice(True), is_choice(2**40)
(True, True, False, False, False)
>>> is_day("2030-02-28"), is_day(False), is_day("2030-02-30"), is_day("soon")
(True, True, False, False)
"""

import math
import re
import unicodedata
from datetime import date

#: the largest amount a deal may have, in the currency's unit
MAX_AMOUNT = 10**12
MAX_TEXT = 500
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _is_empty(value):
    return value is None or value is False


def _is_number(value):
    return type(value) in (int, float) and math.isfinite(value)


def is_amount(value):
    """Return whether the value is an amount of money, or empty."""
    return _is_empty(value) or (_is_number(value) and 0 <= value <= MAX_AMOUNT)


def is_probability(value):
    """Return whether the value is a percentage below certainty, or empty."""
    return _is_empty(value) or (_is_number(value) and 0 <= value < 100)


def is_text(value):
    """Return whether the value is a line of text that can be stored, or empty."""
    if _is_empty(value):
        return True
    return (
        isinstance(value, str)
        and len(value) <= MAX_TEXT
        and not any(unicodedata.category(c) in ("Cc", "Cs") for c in value)
    )


def is_id(value):
    """Return whether the value can be the id of a record.

    >>> is_id(5), is_id("5"), is_id([5]), is_id(False)
    (True, False, False, False)
    """
    return type(value) is int and 0 < value < 2**31


def is_choice(value):
    """Return whether the value can be the id of a record, or is empty."""
    return _is_empty(value) or is_id(value)


def is_day(value):
    """Return whether the value is a date as JSON carries it, or empty."""
    if _is_empty(value):
        return True
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
