"""Arithmetic of the joint qualification: answers to points, points to a score.

A criterion is what a snapshot holds of it, a dict of plain values: ``kind`` (a key of
:data:`KNOCKOUTS`), ``weight``, ``low`` and ``high`` (bounds of a number or an amount),
``days`` (how far ahead a date may lie), ``knockout`` and, of a choice, ``options``:
``[{"id": 7, "points": 50, "knockout": False}, …]``. An answer is ``"yes"`` or ``"no"``,
the id of an option, a number, a date or a text; ``None`` is no answer.

>>> need = {"kind": "yesno", "knockout": "no"}
>>> rate(need, "yes", None), rate(need, "no", None), rate(need, None, None)
(100.0, 0.0, None)
>>> knocks_out(need, "no", None), knocks_out(need, None, None)
(True, False)
"""

import math
from datetime import date

#: most characters of an answer or a note
TEXT_LIMIT = 4000
#: answers that may rule a deal out, by the kind of the criterion
KNOCKOUTS = {
    "yesno": ("no", "yes"),
    "choice": ("option",),
    "number": ("zero",),
    "money": ("zero",),
    "date": ("zero",),
    "text": (),
}
#: states of a qualification in which the partner answers
PARTNER_STATES = ("draft", "returned")
#: bands of a score, the highest first: from how many points on
BANDS = (("high", 75), ("good", 50), ("low", 25), ("poor", 0))


def interpolate(value, low, high):
    """Return the percentage a number reaches between two bounds.

    :param float value: the answer
    :param float low: 0 % at and below it; above ``high``, less is better
    :param float high: 100 % at and beyond it

    >>> interpolate(15, 10, 20), interpolate(5, 10, 20), interpolate(99, 10, 20)
    (50.0, 0.0, 100.0)
    >>> interpolate(30, 90, 30), interpolate(75, 90, 30)
    (100.0, 25.0)
    >>> interpolate(10, 10, 10), interpolate(9, 10, 10)
    (100.0, 0.0)
    """
    if low == high:
        return 100.0 if value >= high else 0.0
    return min(100.0, max(0.0, 100.0 * (value - low) / (high - low)))


def find_option(criterion, option_id):
    """Return the option of a choice with an id, ``None`` when it has none such.

    >>> size = {"options": [{"id": 7, "points": 50, "knockout": False}]}
    >>> find_option(size, 7)["points"], find_option(size, 8)
    (50, None)
    """
    options = criterion.get("options") or ()
    return next((option for option in options if option["id"] == option_id), None)


def _rate_yesno(_criterion, value, _day):
    return 100.0 if value == "yes" else 0.0


def _rate_choice(criterion, value, _day):
    option = find_option(criterion, value)
    return float(option["points"]) if option else 0.0


def _rate_number(criterion, value, _day):
    return interpolate(value, criterion["low"], criterion["high"])


def _rate_date(criterion, value, day):
    return 100.0 if 0 <= (value - day).days <= criterion["days"] else 0.0


def _rate_text(_criterion, value, _day):
    return 100.0 if value.strip() else 0.0


_RATES = {
    "yesno": _rate_yesno,
    "choice": _rate_choice,
    "number": _rate_number,
    "money": _rate_number,
    "date": _rate_date,
    "text": _rate_text,
}


def rate(criterion, value, day):
    """Return the points of an answer.

    :param dict criterion: see the module
    :param value: the answer, ``None`` when there is none
    :param date day: when it was given
    :return: 0.0 … 100.0, or ``None`` for no answer

    >>> today = date(2030, 1, 31)
    >>> order = {"kind": "date", "days": 90}
    >>> rate(order, date(2030, 5, 1), today), rate(order, date(2030, 5, 2), today)
    (100.0, 0.0)
    >>> rate(order, date(2030, 1, 30), today)  # a day that has passed
    0.0
    >>> size = {"kind": "choice", "options": [{"id": 7, "points": 50}]}
    >>> rate(size, 7, today), rate({"kind": "text"}, " ", today)
    (50.0, 0.0)
    >>> rate({"kind": "money", "low": 0, "high": 20000}, 5000.0, today)
    25.0
    """
    if value is None:
        return None
    return _RATES[criterion["kind"]](criterion, value, day)


def knocks_out(criterion, value, day):
    """Return whether an answer rules the deal out, whatever the others say.

    >>> budget = {"kind": "money", "low": 1000, "high": 9000, "knockout": "zero"}
    >>> knocks_out(budget, 1000.0, None), knocks_out(budget, 1001.0, None)
    (True, False)
    >>> who = {"kind": "choice", "knockout": "option"}
    >>> who["options"] = [{"id": 1, "points": 0, "knockout": True}]
    >>> knocks_out(who, 1, None), knocks_out(who, 2, None)
    (True, False)
    """
    knockout = criterion.get("knockout")
    if not knockout or value is None:
        return False
    if knockout == "option":
        option = find_option(criterion, value)
        return bool(option and option["knockout"])
    if knockout == "zero":
        return rate(criterion, value, day) == 0.0
    return value == knockout


def get_score(lines):
    """Return the weighted mean of the points; what is not answered has none.

    :param lines: pairs ``(weight, points)``, ``None`` for no answer
    :return: 0.0 … 100.0, to two decimals; 0.0 when nothing counts

    >>> get_score([(2, 100.0), (1, 50.0), (1, None)])
    62.5
    >>> get_score([]), get_score([(0, 100.0)])
    (0.0, 0.0)
    """
    lines = [(weight, points or 0.0) for weight, points in lines]
    whole = math.fsum(weight for weight, _points in lines)
    if not whole:
        return 0.0
    return round(math.fsum(w * points for w, points in lines) / whole, 2)


def get_band(score):
    """Return the band of a score.

    >>> [get_band(score) for score in (100, 75, 74.99, 50, 25, 24.99, 0)]
    ['high', 'high', 'good', 'good', 'low', 'poor', 'poor']
    """
    return next(band for band, least in BANDS if score >= least)


def get_text(texts, lang):
    """Return a text in a language, else as it was first written.

    :param dict texts: ``{language code: text}``, with ``en_US``
    :param lang: code of a language, or nothing

    >>> get_text({"en_US": "Budget", "de_DE": "Etat"}, "de_DE")
    'Etat'
    >>> get_text({"en_US": "Budget"}, None), get_text({}, "de_DE")
    ('Budget', '')
    """
    return texts.get(lang) or texts.get("en_US") or ""


def to_plain(value):
    """Return an answer as JSON carries it.

    >>> to_plain(date(2030, 5, 1)), to_plain(7), to_plain(None)
    ('2030-05-01', 7, None)
    """
    return value.isoformat() if isinstance(value, date) else value


def from_plain(kind, value):
    """Return an answer that :func:`to_plain` wrote.

    >>> from_plain("date", "2030-05-01"), from_plain("number", 7)
    (datetime.date(2030, 5, 1), 7)
    """
    if kind == "date" and value:
        return date.fromisoformat(value)
    return value
