"""What a person types into the registration form, made into values or refused.

Nothing here knows Odoo's models; a refused value raises :class:`FieldProblem`
with a code, and the caller says it in the reader's language.

>>> clean_line("  Acme   GmbH ", 40)
'Acme GmbH'
>>> clean_line("a" * 41, 40)
Traceback (most recent call last):
    ...
partner_channel_portal...FieldProblem: too_long
>>> clean_line("Acme\\x00", 40)
Traceback (most recent call last):
    ...
partner_channel_portal...FieldProblem: characters
>>> clean_line("<script>alert(1)</script>", 40)
Traceback (most recent call last):
    ...
partner_channel_portal...FieldProblem: markup
"""

import re
import unicodedata
from datetime import date

_MARKUP = re.compile(r"<[a-zA-Z/!?]|javascript:", re.IGNORECASE)
_EMAIL = re.compile(
    r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[\w-]{1,63}\.)+[^\W\d_][\w-]{1,62}"
)
_HOST = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{1,62}")
#: marks that change how a line reads without being seen; what joins letters stays
_UNSEEN = re.compile("[\u202a-\u202e\u2066-\u2069\u200b\ufeff]")
_PHONE = re.compile(r"\+?[0-9 ()./-]{5,32}(?:(?:ext|x)\.? ?[0-9]{1,6})?", re.I)
#: how far ahead a deal may be expected, in years
MAX_YEARS = 10


class FieldProblem(ValueError):
    """A typed value that cannot be taken.

    :param str code: what is wrong, a key of the caller's messages
    :param params: figures for the message
    """

    def __init__(self, code, **params):
        super().__init__(code)
        self.code = code
        self.params = params


def is_storable(text):
    """Return whether PostgreSQL and a browser can carry the text.

    >>> is_storable("Ромашка ☀"), is_storable("a\\x07b"), is_storable("\\ud800")
    (True, False, False)
    """
    return not any(
        unicodedata.category(c) in ("Cc", "Cs") and c not in "\t\n\r" for c in text
    )


def visible(text):
    """Return the text without what cannot be shown or stored.

    For showing a refused value again; never for storing it.

    >>> visible("a\\x00b\\ud800")
    'ab'
    """
    return "".join(c for c in text if is_storable(c)) if isinstance(text, str) else ""


def get_text(sent, name):
    """Return a field of a form as text; a file sent under its name is none.

    >>> get_text({"name": "Acme"}, "name"), get_text({"name": b"x"}, "name")
    ('Acme', '')
    """
    value = sent.get(name)
    return value if isinstance(value, str) else ""


def read_id(text):
    """Return the id a form sent as text, ``None`` when it is none.

    >>> read_id("42"), read_id(""), read_id("-1"), read_id("\u0663"), read_id("9" * 10)
    (42, None, None, None, None)
    """
    # nine digits: what the database can look for
    is_id = text.isascii() and text.isdigit() and len(text) < 10
    return int(text) if is_id else None


def clean_text(text, limit):
    """Return text of several lines, fit to be stored.

    :param text: what was typed
    :param int limit: most characters allowed
    :return: text in NFC with ``\\n`` line ends, without outer blanks
    :raise FieldProblem: ``characters``, ``markup``, ``too_long``
    """
    if not isinstance(text, str):
        return ""
    if not is_storable(text):
        raise FieldProblem("characters")
    value = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()
    if len(value) > limit:
        raise FieldProblem("too_long", limit=limit)
    if _MARKUP.search(value):
        raise FieldProblem("markup")
    return value


def clean_line(text, limit):
    """Return one line of text, fit to be stored; see :func:`clean_text`.

    >>> clean_line("Ac\u200bme \u202eHbmG\u202c", 40)
    'Acme HbmG'
    >>> clean_line("नमस्\u200dते", 40) == "नमस्\u200dते"
    True
    """
    value = clean_text(text, limit + 200)
    value = " ".join(_UNSEEN.sub("", value).split())
    if len(value) > limit:
        raise FieldProblem("too_long", limit=limit)
    return value


def parse_required(values, parsers):
    """Read what has to be there of a form.

    :param dict values: the form as it came
    :param dict parsers: name → function that returns the value of what was sent under
        it, and raises :class:`FieldProblem`
    :return: ``(parsed, problems)`` by name; what is empty is a problem

    >>> line = lambda text: clean_line(text, 4)
    >>> parsed, problems = parse_required(
    ...     {"a": " x ", "b": " ", "c": "12345"}, dict.fromkeys("abcd", line)
    ... )
    >>> parsed, {name: problem.code for name, problem in problems.items()}
    ({'a': 'x'}, {'b': 'required', 'c': 'too_long', 'd': 'required'})
    """
    parsed, problems = {}, {}
    for name, parse in parsers.items():
        try:
            value = parse(values.get(name))
        except FieldProblem as problem:
            problems[name] = problem
            continue
        if value:
            parsed[name] = value
        else:
            problems[name] = FieldProblem("required")
    return parsed, problems


def parse_email(text):
    """Return an e-mail address.

    >>> parse_email("Jane.Doe@acme.example")
    'Jane.Doe@acme.example'
    >>> parse_email("jane@acme")
    Traceback (most recent call last):
        ...
    partner_channel_portal...FieldProblem: email
    """
    value = clean_line(text, 254)
    if value and not _EMAIL.fullmatch(value):
        raise FieldProblem("email")
    return value


def parse_phone(text):
    """Return a phone number as typed.

    >>> parse_phone("+49 (30) 1234-56")
    '+49 (30) 1234-56'
    >>> parse_phone("call me")
    Traceback (most recent call last):
        ...
    partner_channel_portal...FieldProblem: phone
    """
    value = clean_line(text, 40)
    if value and (not _PHONE.fullmatch(value) or sum(map(str.isdigit, value)) < 5):
        raise FieldProblem("phone")
    return value


def parse_website(text):
    """Return a web address with its scheme.

    >>> parse_website("acme.example/shop")
    'https://acme.example/shop'
    >>> parse_website("ftp://acme.example")
    Traceback (most recent call last):
        ...
    partner_channel_portal...FieldProblem: website
    """
    value = clean_line(text, 200)
    if not value:
        return ""
    if "://" not in value:
        value = f"https://{value}"
    scheme, rest = value.split("://", 1)
    host = re.split(r"[/?#]", rest, maxsplit=1)[0]
    host = re.sub(r":[0-9]{1,5}$", "", host)
    if scheme.lower() not in ("http", "https") or " " in value:
        raise FieldProblem("website")
    if not _HOST.fullmatch(host):
        raise FieldProblem("website")
    return value


def parse_day(text, today):
    """Return a date, also one that has passed.

    :param str text: ISO date
    :param date today: today where the person is
    :raise FieldProblem: ``date``, ``date_far``

    >>> parse_day("2029-12-31", date(2030, 1, 1))
    datetime.date(2029, 12, 31)
    >>> parse_day("31.12.2029", date(2030, 1, 1))
    Traceback (most recent call last):
        ...
    partner_channel_portal...FieldProblem: date
    >>> parse_day("2041-01-01", date(2030, 1, 1))
    Traceback (most recent call last):
        ...
    partner_channel_portal...FieldProblem: date_far
    """
    value = clean_line(text, 40)
    if not value:
        return None
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise FieldProblem("date")
    try:
        day = date.fromisoformat(value)
    except ValueError as error:
        raise FieldProblem("date") from error
    if abs(day.year - today.year) > MAX_YEARS:
        raise FieldProblem("date_far", years=MAX_YEARS)
    return day


def parse_date(text, today):
    """Return an expected date.

    :param str text: ISO date
    :param date today: today where the person is
    :raise FieldProblem: ``date``, ``date_past``, ``date_far``

    >>> parse_date("2030-02-28", date(2030, 1, 1))
    datetime.date(2030, 2, 28)
    >>> parse_date("2029-12-31", date(2030, 1, 1))
    Traceback (most recent call last):
        ...
    partner_channel_portal...FieldProblem: date_past
    """
    day = parse_day(text, today)
    if day and day < today:
        raise FieldProblem("date_past")
    return day
