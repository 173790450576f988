"""Formats of single values in xAPI statements, and how a refusal is worded.

A check is a function of a value and its place; it yields one sentence for each rule
broken. The sentences follow the wording of the standard (xAPI 1.0.3 part two).
"""

import re
from datetime import datetime, timedelta
from functools import lru_cache

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\s<>\"{}|\\^`\x00-\x1f]+")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_SHA1 = re.compile(r"[0-9a-f]{40}", re.IGNORECASE)
_MAILTO = re.compile(r"mailto:[^\s@:<>]+@[^\s@:<>]+")
# RFC 5646: language, three extended languages, script, region, variants, extensions,
# private use; the grandfathered tags of the registry begin with "i-" or "art-" …
_LANGUAGE = re.compile(
    r"(([a-z]{2,3}(-[a-z]{3}){0,3}|[a-z]{4,8})(-[a-z]{4})?(-([a-z]{2}|\d{3}))?"
    r"(-([a-z0-9]{5,8}|\d[a-z0-9]{3}))*(-[a-wyz0-9](-[a-z0-9]{2,8})+)*"
    r"(-x(-[a-z0-9]{1,8})+)?|x(-[a-z0-9]{1,8})+|i-[a-z]{3,8}|en-gb-oed|sgn-be-fr"
    r"|sgn-be-nl|sgn-ch-de|art-lojban|cel-gaulish|no-(bok|nyn)|zh-(guoyu|min-nan))",
    re.IGNORECASE,
)
_MOMENT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?"
    r"(Z|z|[+-]\d\d(?::?\d\d)?)?"
)
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
_DURATION = re.compile(
    r"P(\d+([.,]\d+)?W|(?=.)(\d+([.,]\d+)?Y)?(\d+([.,]\d+)?M)?(\d+([.,]\d+)?D)?"
    r"(T(?=.)(\d+([.,]\d+)?H)?(\d+([.,]\d+)?M)?(\d+([.,]\d+)?S)?)?)"
)

#: characters of a text that is not remembered
_LONG = 200


def check_text(value, where):
    """Yield why a value is no string."""
    if not isinstance(value, str):
        yield f"{where} MUST be a String."


def check_flag(value, where):
    """Yield why a value is no boolean."""
    if not isinstance(value, bool):
        yield f"{where} MUST be a Boolean."


def is_number(value):
    """Return whether a value is a number; ``true`` is none.

    >>> is_number(0.5), is_number(True), is_number("0.5"), is_number(float("nan"))
    (True, False, False, False)
    """
    numeric = isinstance(value, int | float) and not isinstance(value, bool)
    return numeric and value == value and abs(value) != float("inf")


def check_number(value, where):
    """Yield why a value is no number."""
    if not is_number(value):
        yield f"{where} MUST be a Number."


def check_size(value, where):
    """Yield why a value is no length in octets."""
    if not is_number(value) or value != int(value) or value < 0:
        yield f"{where} MUST be an Integer (octet count)."


def _matching(pattern, kind):
    # the same few addresses and languages stand in thousands of statements
    matches = lru_cache(4096)(pattern.fullmatch)

    def check(value, where):
        if isinstance(value, str):
            # a long text is worth no place in the memory
            is_long = len(value) > _LONG
            if (pattern.fullmatch if is_long else matches)(value):
                return ()
        return (f"{where} MUST be {kind}.",)

    return check


check_iri = _matching(_IRI, "a valid IRI")
check_irl = _matching(_IRI, "a valid IRL")
check_uuid = _matching(_UUID, "a valid UUID (RFC 4122)")
check_sha1 = _matching(_SHA1, "the hex-encoded SHA1 hash of a mailto IRI")
check_mailto = _matching(_MAILTO, 'a mailto IRI of the form "mailto:email address"')
check_language = _matching(_LANGUAGE, "a valid RFC 5646 Language Tag")
check_duration = _matching(_DURATION, "an ISO 8601 Duration")


def check_language_map(value, where):
    """Yield what is wrong with a map of languages to texts."""
    if not isinstance(value, dict):
        yield f"{where} MUST be a Language Map."
        return
    for tag, text in value.items():
        yield from check_language(tag, f'{where}: the key "{tag}"')
        yield from check_text(text, f"{where}.{tag}")


def check_extensions(value, where):
    """Yield what is wrong with extensions; their values are free."""
    if not isinstance(value, dict):
        yield f"{where} MUST be an Object."
        return
    for key in value:
        yield from check_iri(key, f'{where}: the key "{key}"')


def read_moment(text):
    """Return an ISO 8601 moment in UTC; without an offset it is taken as UTC.

    :raise ValueError: if it is none, or has the offset "-00:00" that the standard
        forbids

    >>> read_moment("2015-12-18T12:17:00.123+02:00")
    datetime.datetime(2015, 12, 18, 10, 17, 0, 123000)
    >>> read_moment("2015-02-30T12:17:00Z")
    Traceback (most recent call last):
    ...
    ValueError: day is out of range for month
    """
    match = _MOMENT.fullmatch(text) if isinstance(text, str) else None
    if not match:
        raise ValueError("not an ISO 8601 moment")
    offset = _read_offset((match[8] or "Z").upper().replace(":", ""))
    micros = (match[7] or "0")[:6].ljust(6, "0")
    numbers = [int(match[index] or 0) for index in range(1, 7)]
    # a leap second is the last of its minute
    numbers[5] = min(numbers[5], 59) if numbers[5] == 60 else numbers[5]
    try:
        return datetime(*numbers, int(micros)) - offset
    except OverflowError as error:
        raise ValueError("out of range") from error


@lru_cache(256)
def _read_offset(text):
    """Return how far a zone is from UTC.

    :param str text: ``Z``, ``+hh`` or ``+hhmm``, with either sign
    :raise ValueError: if there is no such zone

    >>> _read_offset("-0330")
    datetime.timedelta(days=-1, seconds=73800)
    """
    if text == "Z":
        return timedelta()
    if text in ("-00", "-0000"):
        raise ValueError("offset -00:00")
    zone = datetime.strptime(text.ljust(5, "0"), "%z")
    return zone.utcoffset()


def check_moment(value, where):
    """Yield why a value is no ISO 8601 timestamp."""
    try:
        read_moment(value)
    except ValueError:
        yield (
            f"{where} MUST be formatted according to ISO 8601 and MUST NOT have an "
            "offset of -00, -0000 or -00:00."
        )


def check_moment_strict(value, where):
    """Yield why a value is no RFC 3339 timestamp, as xAPI 2.0 asks for."""
    if not isinstance(value, str) or not _RFC3339.fullmatch(value):
        yield f"{where} SHALL be formatted according to RFC 3339."
        return
    yield from check_moment(value, where)


def check_properties(value, where, rules, required=()):
    """Yield what is wrong with an object.

    :param dict rules: ``{property: check}``; the standard forbids any other property,
        and ``null`` for these
    :param required: names of properties that have to be there
    """
    if not isinstance(value, dict):
        yield f"{where} MUST be an Object."
        return
    for name in required:
        if name not in value:
            yield f'{where}: the property "{name}" is required.'
    for name, item in value.items():
        if name not in rules:
            yield f'{where}: "{name}" is not a property defined by the standard.'
        elif item is None:
            yield f"{where}.{name} MUST NOT be null."
        else:
            yield from rules[name](item, f"{where}.{name}")


def check_list(value, where, check):
    """Yield what is wrong with an array and with each of its items."""
    if not isinstance(value, list):
        yield f"{where} MUST be an Array."
        return
    for index, item in enumerate(value):
        yield from check(item, f"{where}[{index}]")


def one_of(*allowed):
    """Return the check that a value is one of these texts, in this case."""

    def check(value, where):
        if not isinstance(value, str) or value not in allowed:
            yield f"{where} MUST be one of: {', '.join(allowed)}."

    return check
