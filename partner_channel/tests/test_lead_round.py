"""Ten thousand leads, known rules: what the rounds give against an oracle.

The oracle is written apart: the rules stand in its code as conditions, turns are a
queue, and weights are fractions.
"""

from collections import Counter, defaultdict
from fractions import Fraction
from math import sqrt
from random import Random

from odoo.tests import BaseCase, tagged

from ..tools.lead_distribution import Candidate, Lead, Rule
from ..tools.lead_round import Round
from ..tools.zip_ranges import parse_zips

LEADS = 10_000
GERMANY, FRANCE, SPAIN = 49, 33, 34
#: in Germany
BAVARIA, BERLIN = 491, 492
#: customer → its partner
PINS = {7: 201, 8: 202, 9: 203}
ROBIN, PARALLEL, ONE, POOL = 11, 12, 13, 14
RULES = [
    Rule(
        ROBIN,
        1,
        1,
        mode="robin",
        allowed={"country_id": frozenset({GERMANY})},
        zips=parse_zips("80..89"),
        max_day=6,
    ),
    Rule(
        PARALLEL,
        1,
        2,
        mode="parallel",
        parallel=3,
        allowed={"country_id": frozenset({GERMANY})},
        employees_from=100,
        weights={"tier": 100},
    ),
    Rule(
        ONE,
        1,
        2,
        allowed={"industry_id": frozenset({1, 2})},
        pins=PINS,
        weights={"tier": 60, "win": 40},
    ),
    Rule(POOL, 1, 2, mode="pool", allowed={"source_id": frozenset({5})}),
]


def make_partners():
    """Return candidates, and of each what the oracle knows of it."""
    candidates, known = [], {}
    for number in range(30):
        countries = ({GERMANY}, {GERMANY, FRANCE}, {FRANCE}, set())[number % 4]
        states = {BAVARIA} if number % 6 == 1 else set()
        known[101 + number] = (1, countries, set(), None, None, states)
    for number in range(24):
        countries = (set(), {GERMANY}, {FRANCE, SPAIN})[number % 3]
        industries = (set(), {1})[number % 2]
        tier, win = (number % 5 + 1) / 5, None if number % 4 == 3 else number / 24
        states = {BERLIN} if number % 12 == 1 else set()
        known[201 + number] = (2, countries, industries, tier, win, states)
    for member, (program, countries, industries, tier, win, states) in known.items():
        candidates.append(
            Candidate(
                member,
                program,
                countries=frozenset(countries),
                states={GERMANY: frozenset(states)} if states else {},
                industries=frozenset(industries),
                parts={"tier": tier, "win": win},
            )
        )
    return candidates, known


def make_leads():
    random = Random(42)
    return [
        Lead(
            number,
            random.choice([0, 1, 1, 1]),
            country_id=random.choice([GERMANY, GERMANY, FRANCE, SPAIN, 0]),
            # also where it makes no sense: nobody is bounded there
            state_id=(0, BAVARIA, BERLIN)[number % 3],
            zip=random.choice(["", f"{random.randrange(1000, 99999):05}"]),
            industry_id=random.choice([0, 1, 2, 3]),
            employees=random.choice([0, 10, 100, 1000]),
            source_id=random.choice([0, 4, 5]),
            customer_ids=frozenset({random.randrange(7, 500)}),
            excluded=frozenset({random.randrange(101, 131)}),
        )
        for number in range(1, LEADS + 1)
    ]


class Oracle:
    """Says for each lead which rule it falls under, and who may or must get it."""

    def __init__(self, known):
        self.known = known
        self.queue = [member for member in sorted(known) if known[member][0] == 1]
        self.given = Counter()

    def find_rule(self, lead):
        (customer,) = lead.customer_ids
        if customer in PINS:
            return ONE
        if lead.country_id == GERMANY and lead.zip and lead.zip[0] == "8":
            return ROBIN
        if lead.country_id == GERMANY and lead.employees in (100, 1000):
            return PARALLEL
        if lead.industry_id in (1, 2):
            return ONE
        return POOL if lead.source_id == 5 else None

    def find_members(self, program, lead):
        return [
            member
            for member, (own, countries, industries, _tier, _win, states) in sorted(
                self.known.items()
            )
            if own == program
            and not (countries and lead.country_id not in countries)
            and not (
                lead.country_id == GERMANY
                and lead.state_id not in {0, *states}
                and states
            )
            and not (industries and lead.industry_id and lead.industry_id != 1)
            and {member} != set(lead.excluded)
        ]

    def take_turn(self, lead):
        may = set(self.find_members(1, lead))
        for member in self.queue:
            if member in may and self.given[member] < 6:
                self.queue.remove(member)
                self.queue.append(member)
                self.given[member] += 1
                return member
        return None

    def weigh(self, rule, member):
        _program, _countries, _industries, tier, win, _states = self.known[member]
        tier = Fraction(tier).limit_denominator(5)
        if rule == PARALLEL:
            return tier
        if win is None:
            return tier
        win = Fraction(win).limit_denominator(24)
        return max(Fraction(1, 100), (60 * tier + 40 * win) / 100)


def find_bound(freedom):
    """Return what chi-square exceeds once in a thousand times (Wilson, Hilferty)."""
    part = 2 / (9 * freedom)
    return freedom * (1 - part + 3.0902 * sqrt(part)) ** 3


@tagged("post_install", "-at_install")
class TestLeadRound(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.candidates, cls.known = make_partners()
        cls.leads = make_leads()
        game = Round(RULES, cls.candidates)
        cls.outcomes = {lead.id: game.give(lead) for lead in cls.leads}

    def test_each_lead_falls_under_the_rule_the_oracle_says(self):
        oracle, seen = Oracle(self.known), Counter()
        for lead in self.leads:
            outcome, rule = self.outcomes[lead.id], oracle.find_rule(lead)
            self.assertEqual(outcome.rule_id, rule or 0, lead)
            seen[outcome.kind, rule] += 1
        # the data has all of it
        self.assertLessEqual({None, ROBIN, PARALLEL, ONE, POOL}, {r for _k, r in seen})
        self.assertTrue(seen["fallback", ROBIN], "capacity comes to its end")
        self.assertEqual(sum(seen.values()), LEADS)

    def test_turns_and_capacity_are_those_of_the_oracle(self):
        oracle = Oracle(self.known)
        for lead in self.leads:
            if oracle.find_rule(lead) == ROBIN:
                picked = [p.membership_id for p in self.outcomes[lead.id].picks]
                due = oracle.take_turn(lead)
                self.assertEqual(picked, [due] if due else [], lead)
        self.assertEqual(max(oracle.given.values()), 6)

    def test_named_accounts_go_to_their_partner(self):
        pinned = 0
        for lead in self.leads:
            (customer,) = lead.customer_ids
            if customer in PINS:
                (pick,) = self.outcomes[lead.id].picks
                self.assertEqual(pick.membership_id, PINS[customer])
                self.assertTrue(pick.why["pinned"])
                pinned += 1
        self.assertGreater(pinned, 30)

    def test_several_at_once_are_different_ones_who_fit(self):
        oracle = Oracle(self.known)
        for lead in self.leads:
            if oracle.find_rule(lead) == PARALLEL:
                may = oracle.find_members(2, lead)
                picks = self.outcomes[lead.id].picks
                chosen = {pick.membership_id for pick in picks}
                self.assertEqual(len(chosen), min(3, len(may)))
                self.assertLessEqual(chosen, set(may))
                self.assertEqual([pick.slot for pick in picks], list(range(len(picks))))

    def _measure(self, rule, weigh):
        """Return chi-square of the first picks of a rule, and its freedom."""
        oracle = Oracle(self.known)
        drawn = defaultdict(Counter)
        for lead in self.leads:
            picks = self.outcomes[lead.id].picks
            if oracle.find_rule(lead) == rule and not picks[0].why.get("pinned"):
                may = tuple(oracle.find_members(2, lead))
                drawn[may][picks[0].membership_id] += 1
        square, freedom = 0.0, 0
        for may, counts in drawn.items():
            self.assertLessEqual(set(counts), set(may))
            weights = {member: weigh(oracle, rule, member) for member in may}
            total, number = sum(weights.values()), sum(counts.values())
            expected = {m: float(number * w / total) for m, w in weights.items()}
            if min(expected.values()) >= 5:
                freedom += len(may) - 1
                square += sum((counts[m] - e) ** 2 / e for m, e in expected.items())
        self.assertGreater(freedom, 5)
        return square, freedom

    def test_weights_are_met_as_chance_allows(self):
        for rule in (ONE, PARALLEL):
            with self.subTest(rule=rule):
                square, freedom = self._measure(rule, Oracle.weigh)
                self.assertLess(square, find_bound(freedom))
                # the test would see if weights did not count
                square, freedom = self._measure(rule, lambda *_args: Fraction(1))
                self.assertGreater(square, 2 * find_bound(freedom))

    def test_the_same_again_and_in_another_order(self):
        again = Round(RULES, list(reversed(self.candidates)))
        self.assertEqual({x.id: again.give(x) for x in self.leads}, self.outcomes)
        # without turns and limits a lead's partner does not depend on the others
        weighted = [rule for rule in RULES if rule.mode != "robin"]
        one = Round(weighted, self.candidates)
        two = Round(weighted, self.candidates)
        first = {lead.id: one.give(lead) for lead in self.leads}
        second = {lead.id: two.give(lead) for lead in reversed(self.leads)}
        self.assertEqual(first, second)
        other = Round(weighted, self.candidates, seed=1)
        self.assertNotEqual({x.id: other.give(x) for x in self.leads}, first)

    def test_who_was_asked_is_not_asked_again_and_the_rule_says_how_often(self):
        rule = Rule(1, 1, 1, max_offers=2)
        game = Round([rule], [Candidate(n, 1) for n in (1, 2, 3)])
        asked = set()
        for number in range(2):
            lead = Lead(5, excluded=frozenset(asked), asked=number)
            (pick,) = game.give(lead).picks
            self.assertNotIn(pick.membership_id, asked)
            asked.add(pick.membership_id)
        lead = Lead(5, excluded=frozenset(asked), asked=2)
        self.assertEqual(game.give(lead).kind, "fallback")
        unlimited = Round([rule._replace(max_offers=0)], [Candidate(9, 1)])
        self.assertEqual(unlimited.give(lead).picks[0].membership_id, 9)

    def test_the_nearer_one_weighs_more(self):
        munich, berlin, leipzig = (48.14, 11.57), (52.52, 13.40), (51.34, 12.37)
        rule = Rule(1, 1, 1, weights={"distance": 1}, distance_km=400)
        near, far = Candidate(1, 1, place=berlin), Candidate(2, 1, place=munich)
        game = Round([rule], [near, far])
        counts = Counter(
            game.give(Lead(number, place=leipzig)).picks[0].membership_id
            for number in range(1, 1001)
        )
        # 149 km and 361 km of 400: 0.628 to 0.098
        self.assertAlmostEqual(counts[1] / 1000, 0.865, delta=0.04)
        unknown = Counter(
            game.give(Lead(number)).picks[0].membership_id for number in range(1, 1001)
        )
        self.assertAlmostEqual(unknown[1] / 1000, 0.5, delta=0.05)
