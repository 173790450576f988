"""Leads that are merged while partners are offered them, or have them."""

from odoo.tests import tagged

from .distribution_case import DistributionCase


@tagged("post_install", "-at_install")
class TestOfferMerge(DistributionCase):
    """The lead that stays is the more probable one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._lead_rule(idle_days=5)

    def _tail(self):
        lead = self._lead(type="opportunity")
        lead._distribute()
        lead.probability = 10
        return lead

    def _merge(self, tail, **values):
        head = self._lead(**{"type": "opportunity", "probability": 60, **values})
        merged = (tail | head).merge_opportunity()
        self.assertEqual(merged, head)
        self.env.flush_all()
        return head

    def test_what_is_offered_goes_on_being_offered(self):
        tail = self._tail()
        offer = self._open(tail)
        head = self._merge(tail)
        self.assertEqual(self._open(head), offer)
        self.assertEqual(head.distribution_state, "offered")
        offer._accept()
        self.assertEqual(head.partner_assigned_id, self.northwind.partner_id)
        self.assertEqual(head.distribution_state, "assigned")

    def test_what_a_salesperson_works_on_is_offered_no_longer(self):
        tail = self._tail()
        head = self._merge(tail, user_id=self.head.id)
        self.assertEqual(self._states(head), [("Northwind", "withdrawn")])
        self.assertFalse(head.distribution_state)

    def test_who_accepted_it_keeps_it(self):
        tail = self._tail()
        self._open(tail)._accept()
        due = tail.date_distribution_due
        head = self._merge(tail, user_id=self.head.id)
        self.assertEqual(head.partner_assigned_id, self.northwind.partner_id)
        self.assertEqual(self._states(head), [("Northwind", "accepted")])
        self.assertEqual(head.distribution_state, "assigned")
        self.assertEqual(head.lead_rule_id, self.rule)
        self.assertEqual(head.date_distribution_due, due)

    def test_the_partner_of_the_lead_that_stays_goes_before(self):
        for keeper, left in ((self.contoso, "Northwind"), (self.northwind, "")):
            tail = self._lead(type="opportunity", probability=10)
            offer = self.Offer.create(
                {
                    "lead_id": tail.id,
                    "partner_id": self.northwind.partner_id.id,
                    "membership_id": self.northwind.id,
                    "rule_id": self.rule.id,
                    "date_offered": "2028-01-03 10:00:00",
                }
            )
            offer._accept()
            head = self._merge(tail, partner_assigned_id=keeper.partner_id.id)
            self.assertEqual(head.partner_assigned_id, keeper.partner_id)
            self.assertEqual(offer.state, "withdrawn")
            self.assertEqual(offer.lead_id, head)
            if left:
                self.assertEqual(offer.partner_id.name, left)

    def test_how_partners_answered_stays(self):
        tail = self._tail()
        self._open(tail)._decline("capacity")
        tail._distribute()
        head = self._merge(tail)
        self.assertEqual(
            self._states(head), [("Northwind", "declined"), ("Contoso", "offered")]
        )
        self.assertEqual(head.partner_declined_ids, self.northwind.partner_id)
        self._open(head)._decline("capacity")
        self._run()
        self.assertEqual(head.distribution_state, "fallback", "nobody is asked twice")

    def test_one_of_several_goes_on(self):
        tails = self._tail() | self._tail()
        head = self._merge(tails)
        self.assertEqual(
            sorted(self._states(head)),
            [("Contoso", "withdrawn"), ("Northwind", "offered")],
        )

    def test_a_closed_lead_takes_over_no_offer(self):
        tail = self._tail()
        offer = self._open(tail)
        head = self._lead(type="opportunity")
        head.action_set_won()
        self.assertEqual((tail | head).merge_opportunity(), head)
        self.assertEqual((offer.state, offer.lead_id), ("withdrawn", head))
