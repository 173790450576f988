"""Sales material on Odoo's own pages of leads and opportunities."""

from unittest.mock import patch

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .asset_common import AssetMixin, AssetPageCase
from .axe import AxeMixin
from .case import QueryCountCase
from .common import ChannelPortalMixin

PAGES = {"widths": ("1280px", "390px"), "narrow": "360px"}


class GivenLeadMixin(AssetMixin):
    """``lead`` and ``opportunity`` were given to alpha, ``foreign`` to beta."""

    @classmethod
    def setUpAssets(cls):
        result = super().setUpAssets()
        values = {"company_id": cls.vendor.id, "product_family_id": cls.family.id}
        given = {**values, "partner_assigned_id": cls.alpha.id}
        Lead = cls.env["crm.lead"]
        cls.lead = Lead.create({**given, "name": "Given", "type": "lead"})
        cls.opportunity = Lead.create(
            {**given, "name": "Chance", "type": "opportunity"}
        )
        cls.foreign = Lead.create(
            {
                **values,
                "name": "Foreign",
                "type": "lead",
                "partner_assigned_id": cls.beta.id,
            }
        )
        # by their number they are on the way to this address
        slug = cls.env["ir.http"]._slug
        cls.pages = {
            cls.lead: f"/my/lead/{slug(cls.lead)}",
            cls.opportunity: f"/my/opportunity/{slug(cls.opportunity)}",
        }
        return result


@tagged("post_install", "-at_install")
class TestLeadAssets(GivenLeadMixin, AssetPageCase):
    def get_material(self, url):
        """Return ``{title: address}`` of what stands on a page."""
        links = self.get_page(url).xpath(
            "//section[contains(@class, 'o_partner_channel_assets')]//li/a"
        )
        return {link.text_content().strip(): link.get("href") for link in links}

    def test_both_pages_show_what_fits(self):
        self.login(self.seller)
        for lead, url in self.pages.items():
            with self.subTest(lead.type):
                shown = self.get_material(url)
                self.assertEqual(list(shown)[0], "Slides", "the family fits")
                self.assertEqual(set(shown), {"Slides", "Case", "Link"})
                self.assertEqual(
                    shown["Case"], f"/my/library/{self.case.id}?deal={lead.id}"
                )

    def test_what_is_opened_is_recorded_for_the_lead(self):
        self.login(self.seller)
        for lead in self.pages:
            self.open(f"/my/library/{self.case.id}?deal={lead.id}")
        self.open(f"/my/library/{self.case.id}?deal={self.foreign.id}")
        self.assertEqual(
            self.get_uses(asset_id=self.case.id).lead_id, self.lead | self.opportunity
        )
        self.assertEqual(
            self.get_uses(asset_id=self.case.id).membership_id, self.alpha_membership
        )

    def test_what_has_ended_shows_none(self):
        self.login(self.seller)
        self.assertNotIn(
            "text-bg-success", self.open(self.pages[self.opportunity]).text
        )
        self.opportunity.action_set_won()
        url = self.pages[self.opportunity]
        self.assertFalse(self.get_material(url))
        badges = self.get_page(url).xpath("//h4//span[contains(@class, 'badge')]")
        self.assertEqual([badge.text_content() for badge in badges], ["Won"])

    def test_who_may_not_see_the_library_sees_none(self):
        self.login(self.norole)
        for url in self.pages.values():
            with self.subTest(url):
                self.assertFalse(self.get_material(url))
        self.login(self.finance)
        self.assertIn("For finance", self.get_material(self.pages[self.lead]))
        self.login(self.rival)
        for url in self.pages.values():
            with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule"):
                answer = self.url_open(url)
            self.assertNotIn("o_partner_channel_assets", answer.text)
            self.assertNotEqual(answer.status_code, 500)
        self.alpha_membership.action_suspend()
        self.login(self.seller)
        self.assertFalse(self.get_material(self.pages[self.lead]))


@tagged("post_install", "-at_install")
class TestLeadAssetPerformance(GivenLeadMixin, QueryCountCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpAssets()

    def test_material_adds_three_queries(self):
        self.login(self.seller)
        for lead, url in self.pages.items():
            self.measure(url)
            with_material = self.measure(url)
            self.assertIn("Slides", self.url_open(url).text)
            with patch.object(
                type(self.env["crm.lead"]), "_get_portal_assets", lambda _self: []
            ):
                without = self.measure(url)
            with self.subTest(lead.type):
                self.assertGreater(with_material, without)
                self.assertLessEqual(with_material - without, 3)


@tagged("post_install", "-at_install")
class TestLeadAssetAccessibility(
    HttpCase, ChannelPortalMixin, GivenLeadMixin, AxeMixin
):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpChannel()
        cls.setUpAssets()

    def test_the_block_is_accessible(self):
        for url in self.pages.values():
            self.assert_accessible(
                url,
                login=self.seller.login,
                within=".o_partner_channel_assets",
                widths=PAGES["widths"],
            )
