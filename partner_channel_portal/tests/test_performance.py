from odoo import http
from odoo.tests import tagged

from .case import QueryCountCase


@tagged("post_install", "-at_install")
class TestPerformance(QueryCountCase):
    """Pages cost the same for few deals and for many."""

    def measure_all(self, deal):
        return {
            "home": self.measure("/my/home"),
            "counters": self.measure("/my/counters", {"counters": ["deal_count"]}),
            "list": self.measure("/my/deals"),
            "list, last page": self.measure("/my/deals/page/9999?sortby=customer"),
            "list, grouped": self.measure("/my/deals?groupby=status"),
            "list, by family": self.measure("/my/deals?groupby=family"),
            "board": self.measure("/my/deals/board"),
            "page": self.measure(f"/my/deals/{deal.id}"),
            "form": self.measure("/my/deals/new"),
            "draft": self.measure_draft(),
        }

    def measure_draft(self):
        """Return the number of queries of keeping a change of a draft."""
        # of no family, as all deals here
        data = self.form_values(product_family_id="")
        data["csrf_token"] = http.Request.csrf_token(self)
        for amount in ("100", "200", "300"):
            data["expected_revenue"] = amount
            self.env.invalidate_all()
            with self.count_queries() as counted:
                answer = self.url_open("/my/deals/draft", data=data)
            data["write_date"] = answer.json()["write_date"]
            self.assertTrue(data["write_date"])
        return len(counted)

    def test_pages_cost_the_same_for_20_and_2000_deals(self):
        deals = self._create_deals(self.owner, 20)
        deals[-1]._submit_registration()
        self.login(self.owner)
        few = self.measure_all(deals[-1])
        self._create_deals(self.owner, 1980)
        many = self.measure_all(deals[-1])
        self.assertEqual(few, many)
        limits = {
            # one of them asks what expiring certificates will cost
            "home": 39,
            "counters": 12,
            # with the strip of the tier: memberships, tiers and their measures
            "list": 25,
            "list, last page": 33,
            "list, grouped": 26,
            "list, by family": 27,
            "board": 27,
            "page": 34,
            "form": 22,
            "draft": 30,
        }
        for name, limit in limits.items():
            with self.subTest(page=name):
                self.assertGreater(many[name], 0)
                self.assertLessEqual(many[name], limit)

    def test_an_export_asks_by_the_thousand(self):
        self._create_deals(self.owner, 20)
        self.login(self.owner)
        few = self.measure("/my/deals/export")
        self._create_deals(self.owner, 980)
        self.assertEqual(self.measure("/my/deals/export"), few)
        self.assertLessEqual(few, 20)
