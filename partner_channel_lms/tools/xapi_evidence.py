"""What a valid xAPI statement proves, by the rules of cmi5 where it is one."""

import hashlib
import json
import uuid

from .xapi_format import is_number, read_moment
from .xapi_statement import VOIDED

ADL, CMI5 = "http://adlnet.gov/expapi/verbs/", "https://w3id.org/xapi/cmi5/"
KINDS = {
    f"{ADL}passed": "passed",
    f"{ADL}failed": "failed",
    f"{ADL}completed": "completed",
    f"{ADL}progressed": "progressed",
    "https://w3id.org/xapi/adl/verbs/satisfied": "satisfied",
    VOIDED: "voided",
}
CATEGORY, MOVE_ON = f"{CMI5}context/categories/cmi5", f"{CMI5}context/categories/moveon"
SESSION = f"{CMI5}context/extensions/sessionid"
LAUNCH_MODE = f"{CMI5}context/extensions/launchmode"
MASTERY = f"{CMI5}context/extensions/masteryscore"
COURSE = f"{CMI5}activitytype/course"
#: when a course counts as mastered (cmi5 moveOn); the day is always that of a proof
MOVES = ("passed", "completed", "completed_and_passed", "completed_or_passed")


def get_actor_key(actor):
    """Return the text that identifies who a statement is about, ``""`` if nobody.

    Groups stand for no single person.

    >>> get_actor_key({"mbox": "mailto:Ann@Example.org"})
    'mbox:mailto:ann@example.org'
    >>> get_actor_key({"account": {"homePage": "https://lms.example", "name": "7"}})
    'account:https://lms.example|7'
    >>> get_actor_key({"objectType": "Group", "mbox": "mailto:team@example.org"})
    ''
    """
    if actor.get("objectType") == "Group":
        return ""
    if "account" in actor:
        account = actor["account"]
        return f"account:{account['homePage']}|{account['name']}"
    for name in ("mbox", "mbox_sha1sum"):
        if name in actor:
            return f"{name}:{actor[name].lower()}"
    return f"openid:{actor['openid']}"


def get_object_key(target):
    """Return the text that identifies what was done, or to whom it was done.

    >>> get_object_key({"id": "https://example.org/course"})
    'https://example.org/course'
    >>> get_object_key({"objectType": "Agent", "mbox": "mailto:Ann@Example.org"})
    'mbox:mailto:ann@example.org'
    """
    if target.get("objectType") in ("Agent", "Group"):
        return get_actor_key(target)
    return target.get("id", "")


def get_reference(target):
    """Return the id of the statement an object refers to, ``None`` if to none."""
    is_reference = target.get("objectType") == "StatementRef"
    return target["id"].lower() if is_reference else None


def get_registration(statement):
    """Return the registration (one enrolment) in one case, ``None`` if there is none.

    >>> get_registration({"context": {"registration": "AB"}}), get_registration({})
    ('ab', None)
    """
    registration = statement.get("context", {}).get("registration")
    return registration.lower() if registration else None


def shorten(text, most=500):
    """Return a text short enough for an index, and still its own.

    >>> shorten("https://example.org/course")
    'https://example.org/course'
    >>> len(shorten("x" * 9000)), shorten("x" * 9000) == shorten("x" * 9001)
    (500, False)
    """
    if len(text) <= most:
        return text
    return text[: most - 64] + hashlib.sha256(text.encode()).hexdigest()


def get_mail_keys(address):
    """Return the two keys a person with this e-mail address goes by.

    >>> get_mail_keys("Ann@Example.org")[0]
    'mbox:mailto:ann@example.org'
    >>> get_mail_keys("xapi@adlnet.gov")[1]
    'mbox_sha1sum:cd9b00a5611f94eaa7b1661edab976068e364975'
    """
    mailto = f"mailto:{address.strip().lower()}"
    # SHA-1 is what the standard prescribes; it protects nothing here
    digest = hashlib.sha1(mailto.encode(), usedforsecurity=False).hexdigest()
    return f"mbox:{mailto}", f"mbox_sha1sum:{digest}"


def get_kind(statement, strict=False):
    """Return what a statement proves and, if nothing, why.

    :param bool strict: take only what cmi5 defines; else also a plain "passed" of a
        system that does not speak cmi5
    :return: ``(kind, reason)``: a value of ``KINDS``, or ``other`` and the reason

    >>> passed = {"verb": {"id": ADL + "passed"}, "object": {"id": "a:b"}}
    >>> get_kind({**passed, "actor": {"mbox": "mailto:a@b.example"}})
    ('passed', '')
    >>> browsing = {"extensions": {LAUNCH_MODE: "Browse"}}
    >>> get_kind({**passed, "actor": {"mbox": "mailto:a@b"}, "context": browsing})
    ('other', 'mode')
    """
    kind = KINDS.get(statement["verb"]["id"], "other")
    if kind in ("other", "voided"):
        return kind, "verb" if kind == "other" else ""
    reason = _find_objection(statement, kind, strict)
    return ("other", reason) if reason else (kind, "")


def _find_objection(statement, kind, strict):
    context = statement.get("context", {})
    extensions = context.get("extensions", {})
    if not get_actor_key(statement["actor"]):
        return "group"
    if statement["object"].get("objectType", "Activity") != "Activity":
        return "object"
    if extensions.get(LAUNCH_MODE, "Normal") != "Normal":
        return "mode"
    if kind == "satisfied":
        definition = statement["object"].get("definition", {})
        return "" if definition.get("type") == COURSE else "object"
    if kind in ("passed", "completed") and not _is_defined(context, extensions, strict):
        return "allowed"
    return _find_contradiction(statement.get("result", {}), extensions, kind)


def _is_defined(context, extensions, strict):
    """Return whether a statement counts for completion by cmi5, or is none of it."""
    categories = context.get("contextActivities", {}).get("category", [])
    if isinstance(categories, dict):
        categories = [categories]
    ids = {category["id"] for category in categories}
    is_cmi5 = strict or SESSION in extensions or CATEGORY in ids
    return not is_cmi5 or {CATEGORY, MOVE_ON} <= ids


def _find_contradiction(result, extensions, kind):
    if kind == "passed" and result.get("success") is False:
        return "result"
    if kind == "completed" and result.get("completion") is False:
        return "result"
    scaled, least = result.get("score", {}).get("scaled"), extensions.get(MASTERY)
    is_below = is_number(scaled) and is_number(least) and scaled < least
    return "result" if kind == "passed" and is_below else ""


def get_score(statement):
    """Return the scaled score in percent, zero if there is none or it is negative.

    >>> get_score({"result": {"score": {"scaled": 0.95}}}), get_score({})
    (95.0, 0.0)
    """
    scaled = statement.get("result", {}).get("score", {}).get("scaled") or 0.0
    return round(max(0.0, scaled) * 100, 2)


def get_digest(statement):
    """Return a hash of what never changes about a statement.

    The standard names what a record store may add or leave out; moments are compared
    as moments, whatever their offset.

    >>> one = {"id": "a", "stored": "x", "timestamp": "2026-01-01T01:00:00+01:00"}
    >>> other = {"id": "A", "timestamp": "2026-01-01T00:00:00Z"}
    >>> get_digest(one) == get_digest(other)
    True
    """
    kept = {
        name: value
        for name, value in statement.items()
        if name not in ("id", "authority", "stored", "version", "attachments")
    }
    if "timestamp" in kept:
        kept["timestamp"] = read_moment(kept["timestamp"]).isoformat()
    return hashlib.sha256(_dump(kept).encode()).hexdigest()


def mint_id(value):
    """Return the id of a statement that came without a proper one, always the same."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, _dump(value)))


def _dump(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def get_proof_days(evidence, move_on):
    """Return the days on which a person mastered a course, from all there is.

    More evidence only adds days: the order of arrival does not matter. An authoritative
    "satisfied" always counts; what failed takes nothing back.

    :param evidence: list of ``(kind, day, score)``
    :param str move_on: a value of ``MOVES``
    :return: ``{day: best score}``

    >>> passed = ("passed", 2, 80)
    >>> get_proof_days([("failed", 1, 20), passed, ("passed", 2, 90)], "passed")
    {2: 90}
    >>> get_proof_days([passed], "completed_and_passed")
    {}
    >>> get_proof_days([passed, ("completed", 9, 0)], "completed_and_passed")
    {2: 80}
    """
    kinds = {kind for kind, _day, _score in evidence}
    counting = {
        "passed": {"passed"},
        "completed": {"completed"},
        "completed_or_passed": {"completed", "passed"},
        "completed_and_passed": {"passed"} if "completed" in kinds else set(),
    }[move_on] | {"satisfied"}
    days = {}
    for kind, day, score in evidence:
        if kind in counting:
            days[day] = max(score, days.get(day, 0))
    return days
