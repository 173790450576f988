"""One partner by weight, from the rule to the last answer; a fuller one less often."""

from collections import Counter

from odoo import fields
from odoo.tests import BaseCase, tagged

from ..tools.lead_distribution import COMPONENTS, Candidate, Lead, Rule
from ..tools.lead_round import Round
from .distribution_case import HOUR, DistributionCase
from .distribution_rows import copy_lead


def only(name):
    """Return the weights of a rule that looks at one thing."""
    return {f"weight_{other}": 100 * (other == name) for other in COMPONENTS}


@tagged("post_install", "-at_install")
class TestCapacityWeighs(BaseCase):
    def _draw(self, weights, work):
        """Return how many of 3,000 leads a partner gets that has so much in work."""
        rule = Rule(1, 1, 1, weights=weights, max_work=100)
        candidates = [Candidate(1, 1, work=work), Candidate(2, 1)]
        drawn = Counter(
            Round([rule], candidates, seed=3).give(Lead(number)).picks[0].membership_id
            for number in range(1, 3_001)
        )
        return drawn[1]

    def test_a_fuller_partner_is_drawn_less_often(self):
        # by hand: 1.0 to 1.0, 0.5 to 1.0, 0.2 to 1.0; and nothing above the limit
        for work, expected in ((0, 1_500), (50, 1_000), (80, 500)):
            with self.subTest(work=work):
                drawn = self._draw({"capacity": 100}, work)
                self.assertAlmostEqual(drawn, expected, delta=90)
        self.assertEqual(self._draw({"capacity": 100}, 100), 0)
        # where it weighs nothing only the limit counts
        self.assertAlmostEqual(self._draw({}, 80), 1_500, delta=90)


@tagged("post_install", "-at_install")
class TestOneByWeight(DistributionCase):
    def test_a_fuller_partner_is_offered_fewer(self):
        self._lead_rule(mode="one", max_work=1_000, **only("capacity"))
        given = self._lead(partner_assigned_id=self.contoso.partner_id.id)
        copy_lead(given, {"expected_revenue": ("numeric", list(range(899)))})
        leads = self._lead(300)
        leads._distribute()
        offers = self.Offer.search([("lead_id", "in", leads.ids)])
        self.assertEqual(len(offers), 300)
        drawn = Counter(offer.membership_id for offer in offers)
        # 0.1 to 1.0: 27 of 300, where capacity does not weigh 100 (its limit)
        self.assertLess(drawn[self.contoso], 60)
        self.assertEqual(drawn[self.northwind] + drawn[self.contoso], 300)
        shares = {
            offer.membership_id: offer.explanation["parts"]["capacity"]
            for offer in offers
        }
        self.assertEqual(shares[self.northwind], 1.0)
        if self.contoso in shares:
            self.assertAlmostEqual(shares[self.contoso], 0.1)

    def _distribute_one(self, **values):
        """Return the rule, a lead and its only offer."""
        rule = self._lead_rule(mode="one", **values)
        lead = self._lead()
        lead._distribute()
        [offer] = self._open(lead)
        return rule, lead, offer

    def test_one_is_asked_and_the_other_after_it_declines(self):
        rule, lead, offer = self._distribute_one(**only("tier"))
        self.assertEqual((offer.rule_id, offer.slot), (rule, 0))
        self.assertEqual(offer.explanation["mode"], "one")
        self.assertIn("Drawn from 2 partners", offer.why)
        lead._distribute()
        self.assertEqual(self._open(lead), offer, "one at a time")
        offer._decline("capacity")
        self._run()
        [second] = self._open(lead)
        self.assertEqual(second.membership_id, self.members - offer.membership_id)
        second._accept()
        self.assertEqual(lead.distribution_state, "assigned")
        self.assertEqual(lead.partner_assigned_id, second.partner_id)
        self._run()
        self.assertEqual(
            self._states(lead),
            [
                (offer.partner_id.name, "declined"),
                (second.partner_id.name, "accepted"),
            ],
        )

    def test_who_does_not_answer_is_passed_over_till_nobody_is_left(self):
        _rule, lead, offer = self._distribute_one(user_id=self.head.id)
        for _turn in range(2):
            self._let_pass(self._open(lead))
            self._run()
        self.assertEqual({state for _name, state in self._states(lead)}, {"missed"})
        self.assertEqual(len(self._states(lead)), 2)
        self.assertEqual(lead.distribution_state, "fallback")
        self.assertEqual(lead.user_id, self.head)
        self.assertFalse(lead.partner_assigned_id)
        self.assertEqual(offer.state, "missed")

    def test_the_rule_says_how_many_are_asked(self):
        _rule, lead, offer = self._distribute_one(max_offers=1)
        offer._decline("other")
        self._run()
        self.assertEqual(lead.distribution_state, "fallback")
        self.assertEqual(len(self._states(lead)), 1)

    def test_what_is_drawn_can_be_drawn_again(self):
        """The same lead, partners and figures give the same, on every server."""
        rule = self._lead_rule(mode="one")
        leads = self._lead(40)
        members, now = rule._find_members(), fields.Datetime.now()
        first = leads._play_round(rule, members, now)
        second = leads._play_round(rule, members, now + HOUR)
        self.assertEqual(first, second)
        leads._distribute()
        for lead, outcome in first.items():
            [pick] = outcome.picks
            self.assertEqual(self._open(lead).membership_id.id, pick.membership_id)
