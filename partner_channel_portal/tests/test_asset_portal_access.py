from odoo import fields
from odoo.tests import tagged

from .asset_common import LIST, AssetPageCase


@tagged("post_install", "-at_install")
class TestAssetPortalAccess(AssetPageCase):
    """The same right opens the list, the page and the file, and nothing else does."""

    def assert_closed(self, asset, status=404):
        """Neither page nor file nor anything else of an asset is there."""
        base = f"{LIST}/{asset.id}"
        for path in ("", "/file", "/preview", "/link"):
            with self.subTest(path=path):
                self.open(f"{base}{path}", status=status)
        self.assertFalse(self.get_uses(asset_id=asset.id))

    def assert_no_address_gives_it(self, asset):
        """No address of Odoo's own gives the file to who is logged in, or nobody."""
        [file] = self._find_files(asset)
        version = asset.version_id
        for url in (
            f"/web/content/{file.id}",
            f"/web/content/{file.id}?download=true&access_token=x",
            f"/web/content/partner.asset.version/{version.id}/file",
            f"/web/content/partner.asset/{asset.id}/file",
            f"/web/content?model=partner.asset.version&id={version.id}&field=file",
            f"/web/image/{file.id}",
            f"/web/image/partner.asset.version/{version.id}/file",
        ):
            with self.subTest(url=url):
                answer = self.url_open(url)
                self.assertNotIn(b"the slides", answer.content)

    def test_a_lower_tier_another_role_or_program_sees_nothing(self):
        self.login(self.seller)
        for asset in (self.tier, self.finance_only, self.other_program, self.draft):
            with self.subTest(asset=asset.name):
                self.assert_closed(asset)
        self.assert_no_address_gives_it(self.tier)
        self.alpha_membership._set_tier(self.high, fields.Date.today())
        self.open(f"{LIST}/{self.tier.id}/file")
        self.assertIn("For the high tier", self.get_titles())
        # who may have it gets it by its page alone
        self.assert_no_address_gives_it(self.tier)
        self.login(self.rival)
        self.open(f"{LIST}/{self.tier.id}/file", status=404)
        self.assert_no_address_gives_it(self.tier)

    def test_a_country_and_a_segment_close_it(self):
        segment = self.env["partner.segment"].create(
            {
                "name": "Alpha",
                "company_id": self.vendor.id,
                "domain": repr([("partner_id.name", "=", "Alpha Partner")]),
            }
        )
        limited = self._file_asset("Segment", segment_ids=segment)
        polish = self._file_asset("Poland", country_ids=self.env.ref("base.pl"))
        self.login(self.rival)
        self.assert_closed(limited)
        self.assert_closed(polish)
        self.beta.country_id = self.env.ref("base.pl")
        self.open(f"{LIST}/{polish.id}/file")
        self.login(self.seller)
        self.open(f"{LIST}/{limited.id}/file")
        self.open(f"{LIST}/{polish.id}/file", status=404)

    def test_suspended_terminated_and_strangers_are_kept_out(self):
        self._end_memberships()
        stranger = self._create_user(
            "portal_test_stranger",
            self.env["res.partner"].create({"name": "A Customer"}),
            "base.group_portal",
        )
        for user, status in (
            (self.suspended, 200),
            (self.terminated, 404),
            (stranger, 404),
            (self.manager, 404),
            (self.norole, 200),
        ):
            with self.subTest(user=user.login):
                self.login(user)
                answer = self.open(LIST, status=status)
                self.assertNotIn("Slides", answer.text)
                self.assert_closed(self.slides)
                if user != self.manager:
                    self.assert_no_address_gives_it(self.slides)

    def test_nobody_is_sent_to_the_login(self):
        for path in ("", "/file", "/preview", "/link"):
            answer = self.open(f"{LIST}/{self.slides.id}{path}", status=303)
            self.assertIn("/web/login", answer.headers["Location"])
        self.assert_no_address_gives_it(self.slides)

    def test_a_right_taken_away_closes_the_file_at_once(self):
        self.login(self.seller)
        url = f"{LIST}/{self.slides.id}/file"
        self.open(url)
        self.slides.action_archive_asset()
        self.open(url, status=404)
        self.slides.action_publish()
        self.open(url)
        self.seller.partner_id.portal_role_id = False
        self.open(url, status=404)

    def test_a_limited_role_opens_it_where_it_holds(self):
        role = self.seller.partner_id.portal_role_id.copy({"name": "High only"})
        role.grade_ids = self.high
        self.seller.partner_id.portal_role_id = role
        self.login(self.seller)
        self.open(f"{LIST}/{self.slides.id}", status=404)
        self.alpha_membership._set_tier(self.high, fields.Date.today())
        self.open(f"{LIST}/{self.slides.id}")

    def test_a_foreign_deal_is_not_recorded(self):
        foreign = self._create_deals(self.rival)
        self.login(self.seller)
        self.open(f"{LIST}/{self.case.id}?deal={foreign.id}")
        use = self.get_uses(asset_id=self.case.id)
        self.assertFalse(use.lead_id)
        self.assertEqual(use.membership_id, self.alpha_membership)

    def test_an_earlier_version_is_the_vendors(self):
        old = self.slides.version_id
        self.slides.write({"file": "UERGIG5ldw==", "file_name": "new.txt"})
        self.login(self.seller)
        self.assertEqual(self.open(f"{LIST}/{self.slides.id}/file").content, b"PDF new")
        answer = self.url_open(f"/web/content/partner.asset.version/{old.id}/file")
        self.assertNotIn(b"the slides", answer.content)
        self.login(self.manager)
        answer = self.url_open(f"/web/content/partner.asset.version/{old.id}/file")
        self.assertIn(b"the slides", answer.content)
