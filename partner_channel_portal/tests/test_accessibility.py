from odoo.tests import tagged
from odoo.tools import mute_logger

from .axe import AxeMixin
from .common import PortalFormCase


@tagged("post_install", "-at_install")
class TestAccessibility(PortalFormCase, AxeMixin):
    """WCAG 2.1 AA on each page of the deals, as axe-core sees it."""

    #: nothing is cut off here, and what is touched is large enough
    narrow = "360px"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.write({"extension_policy": "once", "update_days": 14})
        cls.draft = cls._create_deals(cls.seller, partner_name="Draft Ltd")
        cls.returned = cls._create_deals(
            cls.seller, partner_name="Returned Ltd", submit=True
        )
        cls.returned._return_registration("Mend it.")
        cls._create_deals(cls.seller, partner_name="Sent Ltd", submit=True)
        cls.kept = cls._create_deals(cls.seller, partner_name="Kept Ltd", submit=True)
        cls.kept._approve_registration()
        cls._qualify_deal(cls.kept, "Fit")
        cls.program.qualification_required = True
        cls.asked = cls._create_deals(cls.seller, partner_name="Asked Ltd", submit=True)
        cls.env["partner.portal.news"].create({"name": "News", "body": "<p>Text</p>"})

    def test_the_pages_of_the_deals(self):
        kept = f"/my/deals/{self.kept.id}"
        self.assert_accessible(
            "/my/home",
            "/my/deals",
            "/my/deals?groupby=status",
            "/my/deals/board",
            "/my/deals/new",
            f"/my/deals/{self.returned.id}/edit",
            f"/my/deals/{self.returned.id}",
            kept,
            f"{kept}/update",
            f"{kept}/extension",
            f"{kept}/qualification",
            f"/my/deals/{self.asked.id}/qualification",
            "/my/deals/import",
            "/partner-channel/proof?hash=x",
            login=self.seller.login,
            narrow=self.narrow,
        )

    def test_a_page_that_is_not_there_does_not_pass(self):
        update = f"/my/deals/{self.returned.id}/update"
        for url, status in (("/my/deals/999999999", 404), (update, 200)):
            with (
                self.subTest(url=url),
                mute_logger("odoo.http"),
                self.assertRaisesRegex(AssertionError, f"{url}: {status} at"),
            ):
                self.assert_accessible(url, login=self.seller.login)

    def test_empty_pages(self):
        self.assert_accessible(
            "/my/home",
            "/my/deals",
            "/my/deals?search=nothing",
            login=self.seller2.login,
            narrow=self.narrow,
        )


@tagged("post_install", "-at_install")
class TestAccessibilityPhone(TestAccessibility):
    """The same on a phone."""

    browser_size = "390x844"
    touch_enabled = True
    narrow = None
