from odoo.tests import HttpCase, tagged

from .asset_common import LIST, PNG, AssetMixin
from .axe import AxeMixin
from .common import ChannelPortalMixin
from .language_case import LanguageMixin

PAGES = {"widths": ("1280px", "390px"), "narrow": "360px"}


@tagged("post_install", "-at_install")
class TestAssetAccessibility(
    HttpCase, ChannelPortalMixin, AssetMixin, AxeMixin, LanguageMixin
):
    """The library in a real browser: phone and desktop, WCAG 2.1 AA."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpChannel()
        cls.setUpAssets()
        cls.slides.summary = "A long summary of what stands in it. " * 8
        cls.picture = cls._file_asset("Picture", content=PNG, file_name="a.png")
        cls.wide = cls._asset(
            "A" * 70,
            body="<table><tr>" + "<td>wide cell</td>" * 40 + "</tr></table>",
        )
        cls.deal = cls._create_deals(cls.seller, product_family_id=cls.family.id)

    def test_the_pages_of_the_library(self):
        self.assert_accessible(
            LIST,
            f"{LIST}?groupby=type&type={self.slides_type.id}",
            f"{LIST}?search=nobody",
            *(
                f"{LIST}/{asset.id}"
                for asset in (
                    self.slides,
                    self.case,
                    self.link,
                    self.picture,
                    self.wide,
                )
            ),
            f"/my/deals/{self.deal.id}",
            login=self.seller.login,
            **PAGES,
        )

    def test_the_closed_library(self):
        self.assert_accessible(LIST, login=self.norole.login, **PAGES)

    def test_in_russian(self):
        self.speak("ru_RU", self.seller)
        self.assert_accessible(
            f"/ru{LIST}",
            f"/ru{LIST}/{self.case.id}",
            login=self.seller.login,
            **PAGES,
        )
