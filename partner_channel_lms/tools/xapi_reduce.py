"""Statements as the standard lets them be read: exact, ids, canonical; plain Python."""

import re
from functools import partial

FORMATS = ("exact", "ids", "canonical")
#: languages of a reader that are looked at
_MOST_LANGUAGES = 50
_IDENTIFIERS = ("objectType", "mbox", "mbox_sha1sum", "openid", "account")


def rewrite(statement, form="exact", languages=""):
    """Return a valid statement in one of the formats; the one given stays as it is.

    :param str form: a value of ``FORMATS``
    :param str languages: header ``Accept-Language``, for canonical

    >>> course = {"id": "a:b", "definition": {"name": {"en": "One", "uk": "Odyn"}}}
    >>> one = {"actor": {"mbox": "mailto:a@b", "name": "Ann"}, "object": course}
    >>> one["verb"] = {"id": "a:c", "display": {"en": "did"}}
    >>> rewrite(one, "ids")["actor"], rewrite(one, "ids")["object"]
    ({'mbox': 'mailto:a@b'}, {'id': 'a:b'})
    >>> rewrite(one, "canonical", "uk, en;q=0.5")["object"]["definition"]["name"]
    {'uk': 'Odyn'}
    """
    if form == "ids":
        verb, activity = _pick("id"), _pick("objectType", "id")
        return _rewrite(statement, _identify, activity, verb)
    if form == "canonical":
        order = _read_languages(languages)
        verb = partial(_translate, order=order)
        activity = partial(_translate_activity, order=order)
        return _rewrite(statement, _keep, activity, verb)
    return _rewrite(statement, _keep, _keep, _keep)


def _rewrite(statement, agent, activity, verb):
    done = {
        **statement,
        "actor": agent(statement["actor"]),
        "verb": verb(statement["verb"]),
        "object": _rewrite_object(statement["object"], agent, activity, verb),
    }
    if "authority" in statement:
        done["authority"] = agent(statement["authority"])
    if "context" in statement:
        done["context"] = _rewrite_context(statement["context"], agent, activity)
    return done


def _rewrite_object(value, agent, activity, verb):
    kind = value.get("objectType", "Activity")
    if kind == "SubStatement":
        return _rewrite(value, agent, activity, verb)
    if kind == "Activity":
        return activity(value)
    return agent(value) if kind in ("Agent", "Group") else value


def _rewrite_context(context, agent, activity):
    done = dict(context)
    for name in ("instructor", "team"):
        if name in done:
            done[name] = agent(done[name])
    if "contextActivities" in done:
        # the standard returns arrays, whatever was sent
        done["contextActivities"] = {
            name: [
                activity(one) for one in (found if isinstance(found, list) else [found])
            ]
            for name, found in done["contextActivities"].items()
        }
    for name, inner in (("contextAgents", "agent"), ("contextGroups", "group")):
        if name in done:
            done[name] = [{**one, inner: agent(one[inner])} for one in done[name]]
    return done


def _keep(value):
    return value


def _pick(*names):
    return lambda value: {name: value[name] for name in names if name in value}


def _identify(value):
    """Return what identifies an Agent or a Group; members where nothing else does."""
    done = _pick(*_IDENTIFIERS)(value)
    if "member" in value and not done.keys() - {"objectType"}:
        done["member"] = [_identify(one) for one in value["member"]]
    return done


def _read_languages(text):
    """Return the languages of an ``Accept-Language``, the dearest first.

    >>> _read_languages("en;q=0.5, uk-UA, *;q=0.1")
    ['uk-ua', 'en', '*']
    """
    weighed = []
    for place, item in enumerate(text.lower().split(",")):
        tag, _semicolon, rest = item.strip().partition(";")
        found = re.search(r"q=(\d(?:\.\d+)?)", rest)
        weighed.append((-float(found[1] if found else 1), place, tag.strip()))
    return [tag for _weight, _place, tag in sorted(weighed) if tag][:_MOST_LANGUAGES]


def _translate(value, order):
    """Return texts in one language each: display, name, description."""
    return {
        name: _choose(item, order)
        if name in ("display", "name", "description")
        else item
        for name, item in value.items()
    }


def _translate_activity(value, order):
    if "definition" not in value:
        return value
    return {**value, "definition": _translate(value["definition"], order)}


def _choose(texts, order):
    # the first of a kind counts; a map may be as long as a request
    tags = {}
    for tag in texts:
        for name in (tag.lower(), tag.lower().split("-")[0]):
            tags.setdefault(name, tag)
    for wanted in order:
        if wanted in tags:
            return {tags[wanted]: texts[tags[wanted]]}
    return dict(list(texts.items())[:1])
