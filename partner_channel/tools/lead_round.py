"""One round of giving leads to partners: who was given what counts for the next."""

from collections import Counter
from heapq import heapify, heappop, heappush
from itertools import accumulate
from random import Random

from .draws import draw
from .lead_distribution import (
    PARALLEL,
    POOL,
    ROBIN,
    Lead,
    Outcome,
    Pick,
    choose_rule,
    fits,
    matches,
    rate_capacity,
    rate_distance,
    score,
)


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
        # who was left out of which queue for want of room
        self._full = {}

    def give(self, lead):
        """Return the :class:`~.lead_distribution.Outcome` for a lead."""
        rule, pin = choose_rule(self._rules, lead)
        if not rule:
            return Outcome("wait" if lead.open_slots else "none")
        if lead.open_slots and (rule.mode == POOL or pin or self._is_pinned(lead)):
            # nobody else is asked beside those who are
            return Outcome("wait", rule.id)
        if lead.held_by and not pin:
            return self._give_to_holder(lead, rule)
        if pin in self._by_id:
            return self._offer(rule, [self._pick(rule, pin, 0, {"pinned": True})])
        if rule.mode == POOL:
            is_left = any(self._is_free(rule, lead, c) for c in self._find(rule, lead))
            return Outcome("pool" if is_left else "fallback", rule.id)
        picks = self._pick_all(rule, lead)
        if picks:
            return self._offer(rule, picks)
        return Outcome("wait" if lead.open_slots else "fallback", rule.id)

    def _give_to_holder(self, lead, rule):
        """Return the outcome for a lead whose customer a partner holds.

        By whichever rule fits and is of one of its programs. Without one, or once it
        has answered, the vendor has the lead.

        :param rule: the first that fits
        """
        if lead.open_slots:
            return Outcome("wait", rule.id)
        holders = [
            self._by_id[n]
            for n in sorted(lead.held_by - lead.excluded)
            if n in self._by_id
        ]
        for own in self._rules:
            for holder in holders:
                if holder.program_id == own.program_id and matches(own, lead):
                    return self._offer(
                        own, [self._pick(own, holder.id, 0, {"held": True})]
                    )
        return Outcome("fallback", rule.id)

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
        self._let_in(lambda _member: True)

    def finish(self, outcome):
        """Let a lead that was given no longer be in work."""
        owners = {self._get_owner(pick.membership_id) for pick in outcome.picks}
        for owner in owners:
            self._given[owner] -= 1
        self._let_in(lambda member: self._get_owner(member) in owners)

    def _let_in(self, is_let):
        """Let members who had no room queue up again.

        :param is_let: function of a membership's id
        """
        for key, full in self._full.items():
            for member in filter(is_let, list(full)):
                full.discard(member)
                heappush(self._fitting[key], (self._turns[member], member))

    def _get_owner(self, membership_id):
        """Return whose limits a membership falls under: its partner's."""
        partner_id = self._by_id[membership_id].partner_id
        return ("partner", partner_id) if partner_id else membership_id

    def is_candidate(self, rule, lead, membership_id):
        """Whether a membership may take a lead from a pool."""
        found = self._by_id.get(membership_id)
        return bool(
            found
            and (not lead.held_by or membership_id in lead.held_by)
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
        owner = self._get_owner(membership_id)
        self._given[owner] += 1
        self._today[owner] += 1
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
        owner = self._get_owner(candidate.id)
        today = candidate.today + self._today[owner]
        work = candidate.work + self._given[owner]
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
            else:
                self._full["queue", rule.id, id(found)].add(member)
        for place in passed:
            heappush(queue, place)
        return chosen

    def _line_up(self, rule, found):
        """Return the queue of candidates, those who wait longest in front."""
        key = ("queue", rule.id, id(found))
        if key not in self._fitting:
            self._fitting[key] = [(self._turns[c.id], c.id) for c in found]
            heapify(self._fitting[key])
            self._full[key] = set()
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
