"""Whether a statement keeps to xAPI 1.0.3 or 2.0; plain Python, no database.

Use :func:`read_json` for the text and :func:`validate` for each statement in it.
"""

import json
import re
from functools import lru_cache, partial

from . import xapi_format as fmt
from . import xapi_parts as parts

VOIDED = "http://adlnet.gov/expapi/verbs/voided"
#: the edition a version belongs to, by its first two numbers
EDITIONS = ("1.0", "2.0")
#: how deep a document may be nested; extensions are free, a recursion is not
MAX_DEPTH = 100
#: half of a character that takes two, as JSON writes it
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def get_edition(version):
    """Return the edition of a version, or ``None`` if we do not speak it.

    >>> get_edition("1.0"), get_edition("1.0.3"), get_edition("2.0.0")
    ('1.0', '1.0', '2.0')
    >>> get_edition("0.95"), get_edition("1.0.x"), get_edition(""), get_edition("1.1")
    (None, None, None, None)
    """
    head, dot, patch = version[:3], version[3:4], version[4:]
    is_whole = not version[3:] or (dot == "." and patch.isdigit())
    return head if is_whole and head in EDITIONS else None


def read_json(text):
    """Return what a JSON text says.

    :param text: ``str`` or UTF-8 ``bytes``
    :raise ValueError: if it is no JSON, names a property twice, holds NaN or a lone
        surrogate, or is nested too deep; the message can be shown to the sender

    >>> read_json('{"a": 1, "a": 2}')
    Traceback (most recent call last):
    ...
    ValueError: The property "a" is used more than once.
    """
    try:
        is_bytes = isinstance(text, bytes)
        text = text.decode() if is_bytes else text
        value = json.loads(
            text,
            object_pairs_hook=_read_object,
            parse_constant=_refuse_constant,
            parse_float=_read_float,
        )
        # PostgreSQL and UTF-8 have no place for one half of a character
        if not is_bytes or _SURROGATE.search(text):
            json.dumps(value, ensure_ascii=False).encode()
    except (UnicodeDecodeError, UnicodeEncodeError) as error:
        raise ValueError("The content MUST be UTF-8.") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"The content MUST be valid JSON: {error}") from error
    except RecursionError as error:
        raise ValueError("The content is nested too deep.") from error
    if _is_deeper(value, MAX_DEPTH):
        raise ValueError("The content is nested too deep.")
    return value


def _read_object(pairs):
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    found = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f'The property "{name}" is used more than once.')
        found[name] = value
    return found


def _refuse_constant(name):
    raise ValueError(f"The content MUST be valid JSON: {name} is not a number.")


def _read_float(text):
    number = float(text)
    if abs(number) == float("inf"):
        raise ValueError(f"The number {text} is too large.")
    return number


def _is_deeper(value, depth):
    """Return whether there is anything below this depth; no recursion."""
    layer = [value]
    for _level in range(depth):
        below = []
        for item in layer:
            if isinstance(item, dict):
                below += item.values()
            elif isinstance(item, list):
                below += item
        layer = [item for item in below if isinstance(item, dict | list)]
        if not layer:
            return False
    return True


def validate(statement, version="1.0.3"):
    """Return what is wrong with a statement.

    :param statement: value read from JSON
    :param str version: of the standard, from the request's header
    :return: sentences in the standard's wording, each with the place it speaks of;
        empty when the statement is valid

    >>> actor = {"mbox": "mailto:ann@example.org"}
    >>> passed = {"id": "http://adlnet.gov/expapi/verbs/passed"}
    >>> course = {"id": "https://example.org/course"}
    >>> validate({"actor": actor, "verb": passed, "object": course})
    []
    >>> validate({"actor": {}, "verb": passed, "object": course})[0][:52]
    'statement.actor: an Agent MUST be identified by exac'
    >>> validate({"verb": passed, "object": course})
    ['statement: the property "actor" is required.']
    """
    edition = get_edition(version)
    return list(_check_statement(statement, "statement", edition))


def validate_substatement(value, version="1.0.3"):
    """Return what is wrong with the object of a statement that is one itself."""
    return list(_check_substatement(value, "object", get_edition(version)))


def _check_statement(value, where, edition):
    rules = _get_rules(edition)
    yield from fmt.check_properties(value, where, rules, ("actor", "verb", "object"))
    yield from _check_whole(value, where)
    is_reference = _get(value, "object", "objectType") == "StatementRef"
    if _get(value, "verb", "id") == VOIDED and not is_reference:
        yield (
            f'{where}: a Voiding Statement\'s object MUST have an "objectType" '
            'of "StatementRef".'
        )


@lru_cache(2)
def _get_rules(edition):
    check_time = fmt.check_moment if edition == "1.0" else fmt.check_moment_strict
    return {
        **_get_common_rules(edition),
        "object": partial(_check_object, edition=edition),
        "id": fmt.check_uuid,
        "stored": check_time,
        "authority": parts.check_authority,
        "version": partial(_check_version, edition=edition),
    }


def _check_substatement(value, where, edition):
    rules = {
        **_get_common_rules(edition),
        "objectType": fmt.one_of("SubStatement"),
        "object": _check_inner_object,
    }
    required = ("objectType", "actor", "verb", "object")
    yield from fmt.check_properties(value, where, rules, required)
    yield from _check_whole(value, where)


def _get_common_rules(edition):
    return {
        "actor": parts.check_actor,
        "verb": parts.check_verb,
        "result": parts.check_result,
        "context": parts.get_context_check(edition),
        "timestamp": fmt.check_moment if edition == "1.0" else fmt.check_moment_strict,
        "attachments": parts.check_attachments,
    }


def _check_whole(value, where):
    """Yield rules that look at several properties at once."""
    if _get(value, "object", "objectType") in (None, "Activity"):
        return
    for name in ("revision", "platform"):
        if _get(value, "context", name) is not None:
            yield (
                f'{where}.context: "{name}" MUST NOT be used if the Statement\'s '
                "object is not an Activity."
            )


_INNER_OBJECTS = {
    "Activity": parts.check_activity,
    "Agent": parts.check_agent,
    "Group": parts.check_group,
    "StatementRef": parts.check_statement_ref,
}


def _check_inner_object(value, where):
    kind = value.get("objectType", "Activity") if isinstance(value, dict) else ""
    if kind == "SubStatement":
        yield f"{where}: a SubStatement MUST NOT contain a SubStatement of its own."
    elif not isinstance(kind, str) or kind not in _INNER_OBJECTS:
        names = ", ".join(_INNER_OBJECTS)
        yield f"{where}.objectType MUST be one of: {names}, SubStatement."
    else:
        yield from _INNER_OBJECTS[kind](value, where)


def _check_object(value, where, edition):
    if isinstance(value, dict) and value.get("objectType") == "SubStatement":
        yield from _check_substatement(value, where, edition)
    else:
        yield from _check_inner_object(value, where)


def _check_version(value, where, edition):
    # a record store of 2.0 takes what 1.0 has stored
    known = get_edition(value) if isinstance(value, str) else None
    if known is None or known > edition:
        yield f'{where} MUST be "{edition}.x" of the standard (Semantic Versioning).'


def _get(value, *names):
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value
