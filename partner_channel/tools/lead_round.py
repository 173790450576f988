"""One round of giving leads to partners: who was given what counts for the next."""

from bisect import bisect
from collections import Counter
from heapq import heapify, heappop, heappush
from itertools import accumulate, pairwise
from random import Random

from .lead_distribution import (
    PARALLEL,
    POOL,
    ROBIN,
    Lead,
    Outcome,
    Pick,
    choose_rule,
    fits,
    rate_capacity,
    rate_distance,
    score,
)

#: draws from all before those who are free are picked out one by one
_TRIES = 64


def draw(random, sums, rate):
    """Return a place drawn by weight; ``None`` if nobody may have it.

    :param random: ``random.Random``, seeded
    :param sums: weights added up
    :param rate: function of a place: which part of its weight counts, 0 for nobody

    >>> draw(Random(1), [1, 2, 3], lambda place: place == 2)
    2
    >>> draw(Random(1), [1, 2, 3], lambda place: 0)
    """
    if not sums:
        return None
    for _try in range(_TRIES):
        place = min(bisect(sums, random.random() * sums[-1]), len(sums) - 1)
        part = rate(place)
        if part == 1 or (part and random.random() < part):
            return place
    shares = [
        rate(place) * (total - before)
        for place, (before, total) in enumerate(pairwise([0, *sums]))
    ]
    return random.choices(range(len(sums)), shares)[0] if any(shares) else None


class Round:
    """Gives leads one after the other.

    The weights are those of the beginning; capacity and turns follow what is given.

    :param rules: of :class:`~.lead_distribution.Rule`, in order
    :param candidates: of :class:`~.lead_distribution.Candidate`
    :param seed: another one draws otherwise

    >>> from .lead_distribution import Candidate, Lead, Rule
    >>> rules = [Rule(1, 1, 1, mode=ROBIN)]
    >>> turns = Round(rules, [Candidate(8, 1), Candidate(9, 1)])
    >>> [turns.give(Lead(number)).picks[0].membership_id for number in range(4)]
    [8, 9, 8, 9]
    """

    def __init__(self, rules, candidates, seed=0):
        self._rules = rules
        self._seed = seed
        self._by_program = {}
        for candidate in sorted(candidates):
            self._by_program.setdefault(candidate.program_id, []).append(candidate)
        self._by_id = {candidate.id: candidate for candidate in candidates}
        self._turns = {candidate.id: candidate.turn for candidate in candidates}
        self._last_turn = max(self._turns.values(), default=0)
        self._given, self._today = Counter(), Counter()
        self._fitting = {}

    def give(self, lead):
        """Return the :class:`~.lead_distribution.Outcome` for a lead."""
        rule, pin = choose_rule(self._rules, lead)
        if not rule:
            return Outcome("wait" if lead.open_slots else "none")
        if lead.open_slots and (rule.mode == POOL or pin or self._is_pinned(lead)):
            # nobody else is asked beside those who are
            return Outcome("wait", rule.id)
        if pin in self._by_id:
            return self._offer(rule, [self._pick(rule, pin, 0, {"pinned": True})])
        if rule.mode == POOL:
            is_left = any(self._is_free(rule, lead, c) for c in self._find(rule, lead))
            return Outcome("pool" if is_left else "fallback", rule.id)
        picks = self._pick_all(rule, lead)
        if picks:
            return self._offer(rule, picks)
        return Outcome("wait" if lead.open_slots else "fallback", rule.id)

    def _is_pinned(self, lead):
        """Whether the partner of a named account has not answered yet."""
        return any(
            rule.pins.get(customer) in lead.open_ids
            for rule in self._rules
            for customer in lead.customer_ids
        )

    def new_day(self):
        """Let the limits of a day begin anew."""
        self._today.clear()

    def finish(self, outcome):
        """Let a lead that was given no longer be in work."""
        for pick in outcome.picks:
            self._given[pick.membership_id] -= 1

    def is_candidate(self, rule, lead, membership_id):
        """Whether a membership may take a lead from a pool."""
        found = self._by_id.get(membership_id)
        return bool(
            found
            and found.program_id == rule.program_id
            and fits(found, lead)
            and self._is_free(rule, lead, found)
        )

    def _offer(self, rule, picks):
        return Outcome("offer", rule.id, tuple(picks))

    def _pick_all(self, rule, lead):
        """Return a pick for each slot that is free."""
        slots = set(range(rule.parallel if rule.mode == PARALLEL else 1))
        slots -= lead.open_slots
        left = rule.max_offers - lead.asked if rule.max_offers else len(slots)
        if left <= 0 or not slots:
            return []
        found = self._find(rule, lead)
        choose = self._next_in_turn if rule.mode == ROBIN else self._draw
        picks = []
        for slot in sorted(slots)[:left]:
            chosen = choose(rule, lead, found, {pick.membership_id for pick in picks})
            if not chosen:
                break
            candidate, why = chosen
            why["candidates"] = len(found)
            picks.append(self._pick(rule, candidate.id, slot, why))
        return picks

    def _pick(self, rule, membership_id, slot, why):
        self._given[membership_id] += 1
        self._today[membership_id] += 1
        self._last_turn += 1
        self._turns[membership_id] = self._last_turn
        return Pick(membership_id, slot, {"mode": rule.mode, **why})

    def _find(self, rule, lead):
        """Return the candidates a lead fits, found once for all leads alike."""
        key = (
            rule.program_id,
            lead.country_id,
            lead.state_id,
            lead.industry_id,
            lead.family_id,
        )
        if key not in self._fitting:
            program = self._by_program.get(rule.program_id, ())
            self._fitting[key] = [c for c in program if fits(c, lead)]
        return self._fitting[key]

    def _is_free(self, rule, lead, candidate):
        return candidate.id not in lead.excluded and self._has_room(rule, candidate)

    def _has_room(self, rule, candidate):
        today = candidate.today + self._today[candidate.id]
        work = candidate.work + self._given[candidate.id]
        return (not rule.max_day or today < rule.max_day) and (
            not rule.max_work or work < rule.max_work
        )

    def _next_in_turn(self, rule, lead, found, taken):
        queue = self._line_up(rule, found)
        passed, chosen = [], None
        while queue and not chosen:
            turn, member = heappop(queue)
            candidate = self._by_id[member]
            if turn != self._turns[member]:
                # was given something since: has to queue up again
                heappush(queue, (self._turns[member], member))
            elif self._has_room(rule, candidate):
                passed.append((turn, member))
                if member not in lead.excluded and member not in taken:
                    chosen = candidate, {"turn": turn}
        for place in passed:
            heappush(queue, place)
        return chosen

    def _line_up(self, rule, found):
        """Return the queue of candidates, those who wait longest in front."""
        key = ("queue", rule.id, id(found))
        if key not in self._fitting:
            self._fitting[key] = [(self._turns[c.id], c.id) for c in found]
            heapify(self._fitting[key])
        return self._fitting[key]

    def _draw(self, rule, lead, found, taken):
        sums = self._weigh(rule, found)
        # a lead is drawn for alike on every server, and anew in the next round
        random = Random(f"{self._seed}-{lead.id}-{lead.asked}-{len(taken)}")

        def rate(place):
            candidate = found[place]
            if candidate.id in taken or not self._is_free(rule, lead, candidate):
                return 0
            return self._rate_place(rule, lead, candidate)

        place = draw(random, sums, rate)
        if place is None:
            return None
        parts = self._get_parts(rule, lead, found[place])
        shown = {name: parts.get(name) for name in rule.weights if rule.weights[name]}
        why = {"score": score(rule.weights, parts), "parts": shown}
        return found[place], why

    def _weigh(self, rule, found):
        """Return the weights of candidates added up, once for all leads alike.

        As if each of them were next door to the lead.
        """
        key = (rule.id, id(found))
        if key not in self._fitting:
            weights = (self._weigh_near(rule, candidate) for candidate in found)
            self._fitting[key] = list(accumulate(weights))
        return self._fitting[key]

    def _weigh_near(self, rule, candidate):
        near = Lead(0, place=candidate.place)
        return score(rule.weights, self._get_parts(rule, near, candidate))

    def _rate_place(self, rule, lead, candidate):
        """Return what the distance leaves of a candidate's weight.

        Asked of who is drawn only: all distances of all leads would take minutes.
        """
        if not (rule.weights.get("distance") and candidate.place):
            return 1
        parts = self._get_parts(rule, lead, candidate)
        # an unknown place weighs as the rest does, never more than next door
        return min(1, score(rule.weights, parts) / self._weigh_near(rule, candidate))

    def _get_parts(self, rule, lead, candidate):
        parts = {**candidate.parts, "capacity": rate_capacity(rule, candidate)}
        if rule.weights.get("distance"):
            parts["distance"] = rate_distance(rule, lead, candidate)
        return parts
