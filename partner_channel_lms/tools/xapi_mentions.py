"""Who and what a statement names beside its actor and its object; plain Python.

The two have columns of their own. For the rest a statement is given tokens, one for
each thing it names, so that one index finds them all.
"""

import hashlib
from functools import lru_cache

from .xapi_evidence import get_actor_key

#: what a name can be looked up for: an agent, an agent in the broad sense, an activity
#: in the broad sense (``agent``, ``related_agents``, ``related_activities``)
AGENT, RELATED_AGENT, RELATED_ACTIVITY = "agent", "agents", "activities"


def get_identity(actor):
    """Return the text that identifies an Agent or a Group, ``""`` for an anonymous one.

    An Agent and a Group of the same identifier are one, as the standard says.

    >>> get_identity({"objectType": "Group", "mbox": "mailto:Team@example.org"})
    'mbox:mailto:team@example.org'
    >>> get_identity({"objectType": "Group", "member": []})
    ''
    """
    if not actor.keys() & {"mbox", "mbox_sha1sum", "openid", "account"}:
        return ""
    return get_actor_key({**actor, "objectType": "Agent"})


@lru_cache(8192)
def get_token(system, scope, key):
    """Return the token of a name in a learning system.

    :param int system: id of the learning system; others' tokens are others
    :param str scope: what it is looked up for
    :param str key: identity of an agent, or address of an activity
    """
    text = f"{system} {scope} {key}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(text, digest_size=12).hexdigest()


def get_mentions(statement):
    """Return what a valid statement names: pairs of a scope and a key.

    >>> group = {"objectType": "Group", "member": [{"mbox": "mailto:a@b.example"}]}
    >>> course = {"id": "https://example.org/course"}
    >>> context = {"contextActivities": {"parent": [{"id": "a:b"}]}}
    >>> said = {"actor": group, "object": course, "context": context}
    >>> sorted(get_mentions(said))
    [('activities', 'a:b'), ('agent', 'mbox:mailto:a@b.example')]
    """
    found = set()
    target = statement["object"]
    for actor in (statement["actor"], target):
        if actor.get("objectType") == "Group":
            found |= {(AGENT, key) for key in _get_people(actor)}
    related = [*_get_context_actors(statement.get("context", {}))]
    if "authority" in statement:
        related.append(statement["authority"])
    activities = [*_get_activities(statement.get("context", {}))]
    if target.get("objectType") == "SubStatement":
        inner = target["object"]
        related += [target["actor"], *_get_context_actors(target.get("context", {}))]
        activities += _get_activities(target.get("context", {}))
        if inner.get("objectType") in ("Agent", "Group"):
            related.append(inner)
        elif inner.get("objectType", "Activity") == "Activity":
            activities.append(inner)
    found |= {(RELATED_AGENT, key) for actor in related for key in _get_people(actor)}
    return found | {(RELATED_ACTIVITY, activity["id"]) for activity in activities}


def _get_people(actor):
    """Yield the identity of an Agent or a Group, and of its members."""
    for one in (actor, *actor.get("member", ())):
        if key := get_identity(one):
            yield key


def _get_context_actors(context):
    for name in ("instructor", "team"):
        if name in context:
            yield context[name]
    for name, inner in (("contextAgents", "agent"), ("contextGroups", "group")):
        yield from (one[inner] for one in context.get(name, ()))


def _get_activities(context):
    for found in context.get("contextActivities", {}).values():
        # version 1.0 lets one stand by itself
        yield from found if isinstance(found, list) else [found]
