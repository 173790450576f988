from unittest.mock import patch

from odoo.tests import tagged

from .asset_common import LIST, AssetMixin
from .case import QueryCountCase

MANY = 10_000


@tagged("post_install", "-at_install")
class TestAssetPortalPerformance(AssetMixin, QueryCountCase):
    """The pages cost the same for few assets and for ten thousand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpAssets()
        cls.deal = cls._create_deals(cls.seller, product_family_id=cls.family.id)

    def measure_all(self):
        return {
            "list": self.measure(LIST),
            "list, narrowed": self.measure(
                f"{LIST}?family={self.family.id}&groupby=type&search=a"
            ),
            "page": self.measure(f"{LIST}/{self.slides.id}"),
            "file": self.measure(f"{LIST}/{self.slides.id}/file"),
            "deal": self.measure(f"/my/deals/{self.deal.id}"),
        }

    def test_pages_cost_the_same_for_20_and_10000_assets(self):
        self._fill(20)
        self.login(self.seller)
        few = self.measure_all()
        self._fill(MANY)
        many = self.measure_all()
        self.assertEqual(few, many)
        limits = {"list": 40, "list, narrowed": 42, "page": 26, "file": 18, "deal": 35}
        for name, limit in limits.items():
            with self.subTest(page=name):
                self.assertGreater(many[name], 0)
                self.assertLessEqual(many[name], limit)

    def test_material_adds_three_queries_to_the_page_of_a_deal(self):
        self._fill(MANY)
        segment = self.env["partner.segment"].create(
            {"name": "All", "company_id": self.vendor.id}
        )
        self._asset(
            "Segment",
            segment_ids=segment,
            family_ids=self.family,
            stage_ids=self.deal.stage_id,
        )
        self.login(self.seller)
        url = f"/my/deals/{self.deal.id}"
        # what the new asset has emptied fills again
        self.measure(url)
        with_material = self.measure(url)
        self.assertIn("Segment", self.url_open(url).text)
        leads = type(self.env["crm.lead"])
        with patch.object(leads, "_get_portal_assets", lambda _self: []):
            without = self.measure(url)
        self.assertGreater(with_material, without)
        self.assertLessEqual(with_material - without, 3)

    def test_the_home_page_asks_nothing_for_the_library(self):
        self.login(self.seller)
        few = self.measure("/my/home")
        self._fill(MANY)
        self.assertEqual(self.measure("/my/home"), few)
        self.assertLessEqual(few, 40)
