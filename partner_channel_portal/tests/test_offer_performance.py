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
        self.env.invalidate_all()
        with self.count_queries() as counted:
            self.url_open("/my/offers")
        before = [str(getattr(q, "code", q))[:250] for q in counted]
        self._add(27)
        many = self.measure_all()
        if many != few:
            self.env.invalidate_all()
            with self.count_queries() as counted:
                self.url_open("/my/offers")
            now = [str(getattr(q, "code", q))[:250] for q in counted]
            from collections import Counter

            raise AssertionError(
                str((Counter(now) - Counter(before), Counter(before) - Counter(now)))
            )
        self.assertEqual(many, few)
        limits = {"list": 60, "past": 30, "page": 30, "home": 45, "counters": 14}
        for name, limit in limits.items():
            with self.subTest(page=name):
                self.assertGreater(many[name], 0)
                self.assertLessEqual(many[name], limit)

    def test_the_home_page_asks_one_thing_more(self):
        self.login(self.owner)
        with_offers = self.measure("/my/home")
        self.offer._miss()
        without = self.measure("/my/home")
        self.assertEqual(with_offers, without, "told or not")
