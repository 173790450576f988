"""What a running qualification and a full library add to the pages of a deal."""

from unittest.mock import patch

from odoo.tests import tagged

from .case import QueryCountCase
from .qualification_case import QualificationPortalCase
from .test_lead_assets import GivenLeadMixin

MANY = 10_000


@tagged("post_install", "-at_install")
class TestQualificationPageCost(QualificationPortalCase, QueryCountCase):
    def _check_cost(self, deal, url):
        """A page costs at most six queries more while a qualification runs."""
        link = f"/my/deals/{deal.id}/qualification"
        self.assertEqual(deal.qualification_id.state, "draft")
        # what was set up fills the caches again
        self.measure(url)
        running = self.measure(url)
        self.assertIn(link, self.url_open(url).text)
        deal._set_protected({"qualification_id": False, "qualification_state": False})
        self.env.flush_all()
        self.measure(url)
        without = self.measure(url)
        self.assertNotIn(link, self.url_open(url).text)
        self.assertGreater(running, without)
        self.assertLessEqual(running - without, 6)

    def test_the_page_of_a_deal(self):
        self.login(self.seller)
        self._check_cost(self.deal, f"/my/deals/{self.deal.id}")

    def test_the_page_of_a_lead(self):
        lead = self.env["crm.lead"].create(
            {"name": "Given", "type": "lead", "partner_assigned_id": self.alpha.id}
        )
        lead.with_user(self.seller).partner_interested()
        self.login(self.seller)
        slug = self.env["ir.http"]._slug(lead)
        self._check_cost(lead, f"/my/lead/{slug}")


@tagged("post_install", "-at_install")
class TestMaterialPageCost(GivenLeadMixin, QueryCountCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpAssets()

    def _measure_without(self, url):
        leads = type(self.env["crm.lead"])
        with patch.object(leads, "_get_portal_assets", lambda _self: []):
            return self.measure(url)

    def test_ten_thousand_assets_add_three_queries(self):
        self._fill(MANY)
        self.login(self.seller)
        for lead, url in self.pages.items():
            with self.subTest(lead.type):
                self.measure(url)
                with_material = self.measure(url)
                self.assertIn("Material for this deal", self.url_open(url).text)
                without = self._measure_without(url)
                self.assertGreater(with_material, without)
                self.assertLessEqual(with_material - without, 3)
