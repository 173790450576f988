"""Which partner is offered a lead: rules, candidates and draws, on plain values.

Nothing here knows the database: what is given twice gives the same twice, whatever
server works it out.
"""

from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

from .zip_ranges import is_in_zips

ONE, PARALLEL, ROBIN, POOL = "one", "parallel", "robin", "pool"
#: what a candidate is weighed by
COMPONENTS = ("tier", "capacity", "certificates", "distance", "response", "win")
#: nobody who fits weighs nothing
LEAST = 0.01
_EARTH_KM = 6371.0


class Lead(NamedTuple):
    """What is known of a lead; 0 and "" for what is not.

    :param place: ``(latitude, longitude)`` in degrees, ``None`` if unknown
    :param excluded: ids of memberships that are not to be asked (again)
    :param open_slots: numbers of the offers that wait for an answer
    :param asked: how many offers there were
    :param open_ids: ids of memberships that have not answered yet
    :param held_by: ids of the memberships whose partner holds the customer: nobody else
        is asked
    """

    id: int
    company_id: int = 0
    country_id: int = 0
    state_id: int = 0
    zip: str = ""
    industry_id: int = 0
    family_id: int = 0
    language_id: int = 0
    employees: int = 0
    source_id: int = 0
    customer_ids: frozenset = frozenset()
    place: tuple | None = None
    excluded: frozenset = frozenset()
    open_slots: frozenset = frozenset()
    asked: int = 0
    open_ids: frozenset = frozenset()
    held_by: frozenset = frozenset()

    def forget_offers(self):
        """Return the lead as if it had never been offered."""
        none = frozenset()
        return self._replace(excluded=none, open_slots=none, asked=0, open_ids=none)


class Rule(NamedTuple):
    """Which leads go to the partners of a program, and how; empty means any.

    :param allowed: ``{field of Lead: set of ids}``, only what is limited
    :param states: ``{country_id: set of ids}`` of the countries that are bounded
    :param zips: ``((first, last), …)`` as of :func:`.zip_ranges.parse_zips`
    :param pins: ``{customer_id: membership_id}``
    :param weights: ``{component: whole number}``
    :param max_offers: partners asked one after the other before the fall-back
    """

    id: int
    company_id: int
    program_id: int
    mode: str = ONE
    allowed: dict = {}
    zips: tuple = ()
    employees_from: int = 0
    employees_to: int = 0
    pins: dict = {}
    weights: dict = {}
    max_day: int = 0
    max_work: int = 0
    parallel: int = 1
    max_offers: int = 0
    distance_km: float = 500.0
    states: dict = {}


class Candidate(NamedTuple):
    """A membership leads may go to; empty sets mean any.

    :param states: ``{country_id: set of ids}`` of the countries that are bounded
    :param parts: ``{component: 0 … 1, or None where nothing is known}``
    :param today: offers of today
    :param work: leads in work
    :param turn: number of the last offer, 0 for none: the least is next in turn
    :param partner_id: whose membership it is: a partner may have several, and what it
        takes under one is no longer free under the others
    """

    id: int
    program_id: int
    countries: frozenset = frozenset()
    states: dict = {}
    industries: frozenset = frozenset()
    families: frozenset = frozenset()
    parts: dict = {}
    place: tuple | None = None
    today: int = 0
    work: int = 0
    turn: int = 0
    partner_id: int = 0


class Pick(NamedTuple):
    """A membership to be offered a lead, and why."""

    membership_id: int
    slot: int
    why: dict


class Outcome(NamedTuple):
    """What becomes of a lead: ``offer``, ``pool``, ``wait``, ``fallback``, ``none``.

    ``wait`` is nothing new while offers are open; ``none`` that no rule fits.
    """

    kind: str
    rule_id: int = 0
    picks: tuple = ()


def matches(rule, lead):
    """Whether a rule is for a lead: what is limited has to be known and fit.

    >>> rule = Rule(1, 1, 1, allowed={"country_id": {49}}, employees_from=50)
    >>> matches(rule, Lead(1, 1, 49, employees=50)), matches(rule, Lead(1, 1, 49))
    (True, False)
    >>> matches(rule, Lead(1, 2, 49, employees=50))
    False
    >>> rule = Rule(1, 1, 1, states={49: {7}})
    >>> [matches(rule, Lead(1, 1, *place)) for place in ((49, 7), (49, 0), (33, 8))]
    [True, False, True]
    """
    bounded = rule.states.get(lead.country_id)
    return (
        lead.company_id in (0, rule.company_id)
        and all(getattr(lead, name) in ids for name, ids in rule.allowed.items())
        and (not bounded or lead.state_id in bounded)
        and (not rule.zips or is_in_zips(lead.zip, rule.zips))
        and lead.employees >= rule.employees_from
        and (not rule.employees_to or 0 < lead.employees <= rule.employees_to)
    )


def find_pin(rule, lead):
    """Return the membership a lead's customer is pinned to, 0 for none.

    >>> rule = Rule(1, 1, 1, pins={7: 70})
    >>> find_pin(rule, Lead(1, customer_ids=frozenset({7})))
    70
    >>> find_pin(rule, Lead(1, 2, customer_ids=frozenset({7})))
    0
    >>> find_pin(rule, Lead(1, customer_ids=frozenset({7}), held_by=frozenset({71})))
    0
    """
    if lead.company_id not in (0, rule.company_id):
        return 0
    found = (rule.pins.get(customer, 0) for customer in sorted(lead.customer_ids))
    return next(
        (
            pin
            for pin in found
            if pin and pin not in lead.excluded and pin in (lead.held_by or {pin})
        ),
        0,
    )


def choose_rule(rules, lead):
    """Return ``(rule, pinned membership)`` for a lead: named accounts go first.

    >>> first, second = Rule(1, 1, 1), Rule(2, 1, 1, pins={7: 70})
    >>> rule, pin = choose_rule([first, second], Lead(1, customer_ids=frozenset({7})))
    >>> rule.id, pin
    (2, 70)
    >>> choose_rule([first, second], Lead(1))[0].id
    1
    """
    for rule in rules:
        pin = find_pin(rule, lead)
        if pin:
            return rule, pin
    return next((rule for rule in rules if matches(rule, lead)), None), 0


def fits(candidate, lead):
    """Whether a lead lies in the territory and the field of work of a partner.

    Without a country a lead is for those who work everywhere. States bound their own
    country only; a state, an industry or a product that nobody named rules nobody out.

    >>> here = Candidate(1, 1, countries=frozenset({49}), industries=frozenset({3}))
    >>> fits(here, Lead(1, country_id=49)), fits(here, Lead(1))
    (True, False)
    >>> fits(here, Lead(1, country_id=49, industry_id=4))
    False
    >>> south = Candidate(1, 1, states={49: {7}})
    >>> [fits(south, Lead(1, 1, *place)) for place in ((49, 8), (49, 0), (33, 9))]
    [False, True, True]
    """
    return (
        (not candidate.countries or lead.country_id in candidate.countries)
        and _is_open(candidate.states.get(lead.country_id), lead.state_id)
        and _is_open(candidate.industries, lead.industry_id)
        and _is_open(candidate.families, lead.family_id)
    )


def _is_open(limited, value):
    return not limited or not value or value in limited


def measure_km(here, there):
    """Return the distance of two places on the globe.

    >>> round(measure_km((52.52, 13.405), (48.137, 11.575)))
    504
    """
    (lat, long), (lat2, long2) = (map(radians, place) for place in (here, there))
    height = sin((lat2 - lat) / 2) ** 2
    height += cos(lat) * cos(lat2) * sin((long2 - long) / 2) ** 2
    return 2 * _EARTH_KM * asin(min(1.0, sqrt(height)))


def score(weights, parts):
    """Return the weight of a candidate: what is not known is left out.

    >>> score({"tier": 30, "win": 10}, {"tier": 0.5, "win": 0.1})
    0.4
    >>> score({"tier": 30, "win": 10}, {"tier": 0.5, "win": None})
    0.5
    >>> score({"tier": 1}, {"tier": 0}), score({}, {})
    (0.01, 1.0)
    """
    known = [
        (weight, parts[name])
        for name, weight in weights.items()
        if weight and parts.get(name) is not None
    ]
    total = sum(weight for weight, _part in known)
    if not total:
        return 1.0
    return max(LEAST, round(sum(w * part for w, part in known) / total, 6))


def rate_distance(rule, lead, candidate):
    """Return 1 at the door, 0 from the rule's distance on, ``None`` if unknown."""
    if not (lead.place and candidate.place):
        return None
    return max(0.0, 1 - measure_km(lead.place, candidate.place) / rule.distance_km)


def rate_capacity(rule, candidate):
    """Return which part of what a partner may have in work is free.

    >>> rate_capacity(Rule(1, 1, 1, max_work=4), Candidate(1, 1, work=1))
    0.75
    >>> rate_capacity(Rule(1, 1, 1), Candidate(1, 1, work=1))
    """
    if not rule.max_work:
        return None
    return max(0.0, 1 - candidate.work / rule.max_work)
