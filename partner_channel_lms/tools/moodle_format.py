"""Formats of Moodle's web services, and what becomes of them."""

import html
import uuid
from datetime import UTC, datetime

from .xapi_evidence import ADL
from .xapi_format import check_mailto

COURSE_TYPE = "https://w3id.org/xapi/cmi5/activitytype/course"
BADGE_TYPE = "http://activitystrea.ms/schema/1.0/badge"
_NAMESPACE = uuid.UUID("6b7f3c0e-6f0e-5f57-9a51-3f1f0d6a2c11")


def say(who, actor, verb, target, moment, result=None):
    """Return a statement; its id is the same for the same account, course and day.

    :param str who: tells this account of this learning system from all others
    :param tuple target: address, type and name of what is done
    """
    activity, kind, name = target
    key = f"{who}/{activity}/{moment:%Y-%m-%d}/{verb}"
    definition = {"type": kind}
    if isinstance(name, str) and name:
        definition["name"] = {"und": name[:500]}
    statement = {
        "id": str(uuid.uuid5(_NAMESPACE, key)),
        "actor": actor,
        "verb": {"id": f"{ADL}{verb}"},
        "object": {"id": activity, "definition": definition},
        "timestamp": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    return statement | ({"result": result} if result else {})


def make_actor(field, value, home):
    """Return the xAPI actor of somebody found by an e-mail address or an account.

    >>> make_actor("email", "Ann@Example.org", "https://m.example")
    {'mbox': 'mailto:ann@example.org'}
    >>> make_actor("id", "7", "https://m.example/")["account"]["name"]
    '7'
    """
    mailto = f"mailto:{value.lower()}"
    if field == "email" and not any(check_mailto(mailto, "")):
        return {"mbox": mailto}
    name = value if field == "id" else f"{field}:{value}"
    return {"account": {"homePage": home.rstrip("/"), "name": name}}


def flatten(value, prefix=""):
    """Return a form in PHP's way of writing lists and records.

    >>> flatten({"field": "email", "values": ["a", "b"]})
    {'field': 'email', 'values[0]': 'a', 'values[1]': 'b'}
    >>> flatten({"enrolments": [{"userid": 7}]})
    {'enrolments[0][userid]': '7'}
    """
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    else:
        return {prefix: str(value)}
    form = {}
    for name, item in items:
        form |= flatten(item, f"{prefix}[{name}]" if prefix else str(name))
    return form


def read_grade(text, raw):
    """Return a grade between 0 and 1, ``None`` if there is none in numbers.

    Grades are texts, as the course shows them; a percentage is taken at its word, a
    plain number out of a hundred, Moodle's usual maximum.

    >>> read_grade("85.00", "85.00000"), read_grade("85,5 %", None)
    (0.85, 0.855)
    >>> read_grade("-", None), read_grade("B", "85.00000"), read_grade("17.2 / 20", "")
    (None, 0.85, None)
    """
    for value in (text, raw):
        if not isinstance(value, str):
            continue
        number = value.strip().removesuffix("%").strip().replace(",", ".")
        try:
            grade = float(number) / 100
        except ValueError:
            continue
        if 0 <= grade <= 1:
            return round(grade, 6)
    return None


def read_name(value):
    """Return the name of a course, which Moodle gives as HTML; empty if it is none.

    >>> read_name("Selling &amp; Serving"), read_name(None)
    ('Selling & Serving', '')
    """
    return html.unescape(value) if isinstance(value, str) else ""


def read_list(value):
    """Return a list, an empty one for anything else."""
    return value if isinstance(value, list) else []


def is_record(value):
    """Return whether a value is a record with a number."""
    number = value.get("id") if isinstance(value, dict) else None
    return isinstance(number, int) and not isinstance(number, bool)


def is_epoch(value):
    """Return whether a value is a moment of Unix time since 1990; 0 is none."""
    is_int = isinstance(value, int) and not isinstance(value, bool)
    return is_int and 631_152_000 <= value < 4_102_444_800


def read_epoch(value):
    """Return a moment of Unix time, in UTC."""
    return datetime.fromtimestamp(value, UTC).replace(tzinfo=None)
