from odoo.tests import tagged

from .case import QueryCountCase
from .offer_common import OfferMixin


@tagged("post_install", "-at_install")
class TestOfferPerformance(OfferMixin, QueryCountCase):
    """The pages cost the same for few offers and for many."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpOffers()

    def measure_all(self):
        # what new records empty of the caches is read anew once
        self.url_open("/my/offers")
        return {
            "list": self.measure("/my/offers"),
            "past": self.measure("/my/offers?filterby=all"),
            "page": self.measure(f"/my/offers/{self.offer.id}"),
            "home": self.measure("/my/home"),
            "counters": self.measure("/my/counters", {"counters": ["offer_count"]}),
        }

    def _add(self, count):
        for number in range(count):
            offer = self._offer(self.alpha_membership)
            if number % 3 == 2:
                offer._accept()
            self._pool(city=f"Place {'x' * number}")

    def test_pages_cost_the_same_for_3_and_30_offers(self):
        self._add(3)
        self.login(self.owner)
        few = self.measure_all()
        self._add(27)
        many = self.measure_all()
        self.assertEqual(many, few)
        limits = {"list": 39, "past": 18, "page": 17, "home": 40, "counters": 8}
        for name, limit in limits.items():
            with self.subTest(page=name):
                self.assertGreater(many[name], 0)
                self.assertLessEqual(many[name], limit)

    def test_the_home_page_asks_one_thing_more_where_leads_are_offered(self):
        self.login(self.owner)
        with_offers = self.measure("/my/home")
        self.lead.offer_ids.unlink()
        self.assertEqual(self.measure("/my/home"), with_offers, "told or not")
        self.env["partner.lead.offer"].search([]).unlink()
        self.env.registry.clear_cache()
        self.measure("/my/home")
        self.assertEqual(self.measure("/my/home"), with_offers - 1)
