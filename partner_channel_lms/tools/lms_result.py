"""Results that people or programs write in rows: who, what, when, how."""

import re
import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import quote

from .moodle_format import make_actor
from .xapi_evidence import ADL, get_actor_key
from .xapi_format import check_iri, check_mailto, is_number, read_moment

FIELDS = ("person", "course", "date", "score", "result", "key")
MOST_TEXT = 300
#: a clock may be wrong, not by more than this
MOST_FUTURE = timedelta(days=1)
OLDEST = datetime(1990, 1, 1)
#: a day without an hour: at this hour (UTC) it is the same day nearly everywhere
HOUR = time(11)
VERBS = {
    "passed": ("passed", "pass", "сдал", "сдано", "сдан", "складено", "склав"),
    "completed": ("completed", "complete", "пройден", "пройдено", "завершено"),
    "failed": ("failed", "fail", "не сдал", "не сдано", "не сдан", "не складено"),
}
_VERBS = {word: verb for verb, words in VERBS.items() for word in words}
_NAMESPACE = uuid.UUID("0b0f2b51-0a53-5f0c-8e64-1f7a0d5e9c42")
_DOTTED_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:[ T]+(\d\d):(\d\d))?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True)
class Result:
    """One row, understood."""

    person: str
    course: str
    moment: datetime
    verb: str
    #: between 0 and 100
    score: float | None = None
    #: the caller's own name for the row
    key: str = ""


class Objection(ValueError):
    """Why a value cannot be taken, as a code."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def read_result(row, now):
    """Return a row understood, or what is wrong with it.

    :param dict row: values as they were written, by the names of ``FIELDS``
    :param datetime now: in UTC; later than tomorrow is refused
    :return: ``(Result or None, [(field, code)])``

    >>> now = datetime(2026, 3, 1)
    >>> row = {"person": "Ann@Example.org", "course": "Sales", "date": "28.02.2026",
    ...        "score": "85,5 %", "result": "Passed"}
    >>> read_result(row, now)[0].moment, read_result(row, now)[0].score
    (datetime.datetime(2026, 2, 28, 11, 0), 85.5)
    >>> read_result({**row, "date": "02/28/2026", "result": "", "x": 1}, now)
    (None, [('x', 'unknown'), ('date', 'slash'), ('result', 'missing')])
    """
    objections = [(str(name)[:50], "unknown") for name in row if name not in FIELDS]
    values = {}
    for name, read in _READERS.items():
        try:
            values[name] = read(row.get(name))
        except Objection as error:
            objections.append((name, error.code))
    moment = values.pop("date", None)
    if moment and not OLDEST <= moment <= now + MOST_FUTURE:
        objections.append(("date", "future" if moment > now else "old"))
    if objections:
        return None, objections
    verb = values.pop("result")
    return Result(moment=moment, verb=verb, **values), []


def _read_text(value):
    """Return a text without spaces around it; numbers are accounts.

    >>> _read_text(1001.0), _read_text(" a  b ")
    ('1001', 'a b')
    """
    if is_number(value) and value == int(value):
        value = str(int(value))
    if value is not None and not isinstance(value, str):
        raise Objection("type")
    text = " ".join((value or "").split())
    if len(text) > MOST_TEXT:
        raise Objection("long")
    if _CONTROL.search(text):
        raise Objection("type")
    if text.startswith("="):
        raise Objection("formula")
    return text


def _read_needed(value):
    text = _read_text(value)
    if not text:
        raise Objection("missing")
    return text


def _read_date(value):
    """Return a moment in UTC of a day, a date with a time, or an Excel date.

    >>> _read_date("2026-02-28T23:30:00+02:00"), _read_date("28.02.2026 10:15")
    (datetime.datetime(2026, 2, 28, 21, 30), datetime.datetime(2026, 2, 28, 10, 15))
    """
    if isinstance(value, datetime):
        # Excel knows no days without an hour
        is_day = value.time() == time(0)
        return datetime.combine(value, HOUR) if is_day else value.replace(tzinfo=None)
    if isinstance(value, date):
        return datetime.combine(value, HOUR)
    if is_number(value):
        raise Objection("number")
    text = _read_needed(value)
    try:
        return _parse_date(text)
    except ValueError as error:
        if isinstance(error, Objection):
            raise
        raise Objection("date") from error


def _parse_date(text):
    if "/" in text:
        # 03/04 is March here and April there
        raise Objection("slash")
    if text.isdigit():
        raise Objection("number")
    match = _DOTTED_DAY.fullmatch(text)
    if match:
        day, month, year, hour, minute = (int(part or 0) for part in match.groups())
        moment = datetime(year, month, day, hour, minute)
        return moment if match[4] else datetime.combine(moment, HOUR)
    if _DAY.fullmatch(text):
        return datetime.combine(date.fromisoformat(text), HOUR)
    if _MOMENT.fullmatch(text):
        return read_moment(text)
    raise Objection("date")


def _read_score(value):
    """Return a score in percent.

    >>> _read_score("85"), _read_score("85,5%"), _read_score(""), _read_score(99.5)
    (85.0, 85.5, None, 99.5)
    """
    if is_number(value):
        number = float(value)
    else:
        text = _read_text(value).removesuffix("%").strip().replace(",", ".")
        if not text:
            return None
        if not re.fullmatch(r"[+-]?\d{1,9}(\.\d{1,9})?", text):
            raise Objection("score")
        number = float(text)
    if not 0 <= number <= 100:
        raise Objection("range")
    return round(number, 2)


def _read_verb(value):
    text = _read_needed(value).casefold()
    if text not in _VERBS:
        raise Objection("result")
    return _VERBS[text]


_READERS = {
    "person": _read_needed,
    "course": _read_needed,
    "date": _read_date,
    "score": _read_score,
    "result": _read_verb,
    "key": _read_text,
}


def get_actor(person, home):
    """Return the xAPI actor of who is written as a login or as an account.

    >>> get_actor("Ann@Example.org", "urn:lms:1")
    {'mbox': 'mailto:ann@example.org'}
    >>> get_actor("E-7", "urn:lms:1")
    {'account': {'homePage': 'urn:lms:1', 'name': 'E-7'}}
    """
    is_mail = not any(check_mailto(f"mailto:{person.lower()}", ""))
    return make_actor("email" if is_mail else "id", person, home)


def get_activity(course, home):
    """Return the address of a course that nobody has tied yet.

    >>> get_activity("Sales  Basics", "urn:lms:1")
    'urn:lms:1:course:sales%20%20basics'
    >>> get_activity("https://a.example/c?id=7", "urn:lms:1")
    'https://a.example/c?id=7'
    """
    is_address = course.startswith(("http://", "https://", "urn:"))
    if is_address and not any(check_iri(course, "")):
        return course
    return f"{home}:course:{quote(course.casefold(), safe='')}"


def make_statement(result, actor, activity, space):
    """Return the xAPI statement of a result; the same result has the same id.

    :param str space: tells the learning system from others
    """
    if result.key:
        name = f"{space}|key|{result.key}"
    else:
        day = f"{result.moment:%Y-%m-%d}"
        name = f"{space}|{get_actor_key(actor)}|{activity}|{day}|{result.verb}"
    values = {}
    if result.score is not None:
        values["score"] = {"scaled": round(result.score / 100, 6)}
    if result.verb != "completed":
        values["success"] = result.verb == "passed"
    return {
        "id": str(uuid.uuid5(_NAMESPACE, name)),
        "actor": actor,
        "verb": {"id": f"{ADL}{result.verb}"},
        "object": {"id": activity, "definition": {"name": {"und": result.course}}},
        "result": values,
        "timestamp": result.moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
