"""What an xAPI statement is made of: agents, verbs, activities, results, contexts."""

from functools import partial

from . import xapi_format as fmt

_IDENTIFIERS = {
    "mbox": fmt.check_mailto,
    "mbox_sha1sum": fmt.check_sha1,
    "openid": fmt.check_iri,
    "account": partial(
        fmt.check_properties,
        rules={"homePage": fmt.check_irl, "name": fmt.check_text},
        required=("homePage", "name"),
    ),
}
_PERSON = {"objectType": fmt.one_of("Agent"), "name": fmt.check_text, **_IDENTIFIERS}
INTERACTIONS = (
    "true-false",
    "choice",
    "fill-in",
    "long-fill-in",
    "matching",
    "performance",
    "sequencing",
    "likert",
    "numeric",
    "other",
)


# === WHO === #


def check_agent(value, where):
    """Yield what is wrong with an Agent."""
    yield from fmt.check_properties(value, where, _PERSON)
    if isinstance(value, dict) and len(_IDENTIFIERS.keys() & value.keys()) != 1:
        yield (
            f"{where}: an Agent MUST be identified by exactly one Inverse Functional "
            "Identifier (mbox, mbox_sha1sum, openid or account)."
        )


def check_group(value, where):
    """Yield what is wrong with a Group, identified or anonymous."""
    members = partial(fmt.check_list, check=check_agent)
    rules = {**_PERSON, "objectType": fmt.one_of("Group"), "member": members}
    yield from fmt.check_properties(value, where, rules, ("objectType",))
    if not isinstance(value, dict):
        return
    identifiers = len(_IDENTIFIERS.keys() & value.keys())
    if identifiers > 1:
        yield (
            f"{where}: an Identified Group MUST include exactly one Inverse Functional "
            "Identifier."
        )
    if not identifiers and not value.get("member"):
        yield f'{where}: an Anonymous Group MUST include a "member" property.'


def check_actor(value, where):
    """Yield what is wrong with an Agent or a Group."""
    is_group = isinstance(value, dict) and value.get("objectType") == "Group"
    yield from (check_group if is_group else check_agent)(value, where)


def check_authority(value, where):
    """Yield what is wrong with an authority: an Agent, or two of them by OAuth."""
    yield from check_actor(value, where)
    if isinstance(value, dict) and value.get("objectType") == "Group":
        members = value.get("member")
        if _IDENTIFIERS.keys() & value.keys() or not isinstance(members, list):
            yield f"{where}: a Group used as authority MUST be anonymous."
        elif len(members) != 2:
            yield f"{where}: a Group used as authority MUST have exactly two Agents."


# === DID WHAT === #

check_verb = partial(
    fmt.check_properties,
    rules={"id": fmt.check_iri, "display": fmt.check_language_map},
    required=("id",),
)


def _check_score(value, where):
    names = ("scaled", "raw", "min", "max")
    yield from fmt.check_properties(
        value, where, dict.fromkeys(names, fmt.check_number)
    )
    if not isinstance(value, dict):
        return
    scaled, raw, least, most = (
        value[name] if fmt.is_number(value.get(name)) else None for name in names
    )
    if scaled is not None and not -1 <= scaled <= 1:
        yield f"{where}.scaled MUST be a decimal number between -1 and 1, inclusive."
    if least is not None and most is not None and least >= most:
        yield f"{where}.min MUST be less than max."
    if raw is not None and least is not None and raw < least:
        yield f"{where}.raw MUST NOT be less than min."
    if raw is not None and most is not None and raw > most:
        yield f"{where}.raw MUST NOT be more than max."


check_result = partial(
    fmt.check_properties,
    rules={
        "score": _check_score,
        "success": fmt.check_flag,
        "completion": fmt.check_flag,
        "response": fmt.check_text,
        "duration": fmt.check_duration,
        "extensions": fmt.check_extensions,
    },
)


# === TO WHAT === #


def _check_components(value, where):
    component = partial(
        fmt.check_properties,
        rules={"id": fmt.check_text, "description": fmt.check_language_map},
        required=("id",),
    )
    yield from fmt.check_list(value, where, component)
    if isinstance(value, list):
        ids = [item.get("id") for item in value if isinstance(item, dict)]
        texts = [name for name in ids if isinstance(name, str)]
        if len(texts) != len(set(texts)):
            yield f"{where}: within an array each id MUST be distinct."


_COMPONENTS = ("choices", "scale", "source", "target", "steps")
_DEFINITION = {
    "name": fmt.check_language_map,
    "description": fmt.check_language_map,
    "type": fmt.check_iri,
    "moreInfo": fmt.check_irl,
    "extensions": fmt.check_extensions,
    "interactionType": fmt.one_of(*INTERACTIONS),
    "correctResponsesPattern": partial(fmt.check_list, check=fmt.check_text),
    **dict.fromkeys(_COMPONENTS, _check_components),
}


def _check_definition(value, where):
    yield from fmt.check_properties(value, where, _DEFINITION)
    if isinstance(value, dict) and "interactionType" not in value:
        used = {"correctResponsesPattern", *_COMPONENTS} & value.keys()
        if used:
            yield (
                f'{where}: the property "interactionType" is required with '
                f"{', '.join(sorted(used))}."
            )


check_activity = partial(
    fmt.check_properties,
    rules={
        "objectType": fmt.one_of("Activity"),
        "id": fmt.check_iri,
        "definition": _check_definition,
    },
    required=("id",),
)
check_statement_ref = partial(
    fmt.check_properties,
    rules={"objectType": fmt.one_of("StatementRef"), "id": fmt.check_uuid},
    required=("objectType", "id"),
)


# === WHERE === #


def _check_activities(value, where):
    """Yield what is wrong with one activity or an array of them."""
    if isinstance(value, list):
        yield from fmt.check_list(value, where, check_activity)
    else:
        yield from check_activity(value, where)


_CONTEXT_1_0 = {
    "registration": fmt.check_uuid,
    "instructor": check_actor,
    "team": check_group,
    "contextActivities": partial(
        fmt.check_properties,
        rules=dict.fromkeys(
            ("parent", "grouping", "category", "other"), _check_activities
        ),
    ),
    "revision": fmt.check_text,
    "platform": fmt.check_text,
    "language": fmt.check_language,
    "statement": check_statement_ref,
    "extensions": fmt.check_extensions,
}


def _about(name, kind, check):
    """Return the check of the array of context agents or context groups."""
    item = partial(
        fmt.check_properties,
        rules={
            "objectType": fmt.one_of(kind),
            name: check,
            "relevantTypes": partial(fmt.check_list, check=fmt.check_iri),
        },
        required=("objectType", name),
    )
    return partial(fmt.check_list, check=item)


_CONTEXTS = {
    "1.0": _CONTEXT_1_0,
    "2.0": {
        **_CONTEXT_1_0,
        "contextAgents": _about("agent", "contextAgent", check_agent),
        "contextGroups": _about("group", "contextGroup", check_group),
    },
}


def get_context_check(edition):
    """Return the check of a context in an edition, ``1.0`` or ``2.0``."""
    return partial(fmt.check_properties, rules=_CONTEXTS[edition])


check_attachments = partial(
    fmt.check_list,
    check=partial(
        fmt.check_properties,
        rules={
            "usageType": fmt.check_iri,
            "display": fmt.check_language_map,
            "description": fmt.check_language_map,
            "contentType": fmt.check_text,
            "length": fmt.check_size,
            "sha2": fmt.check_text,
            "fileUrl": fmt.check_irl,
        },
        required=("usageType", "display", "contentType", "length", "sha2"),
    ),
)
