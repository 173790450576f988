import base64

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .asset_case import PDF, AssetCase
from .common import RemoteCase

MODELS = (
    "partner.asset",
    "partner.asset.report",
    "partner.asset.type",
    "partner.asset.use",
    "partner.asset.version",
)


@tagged("post_install", "-at_install")
class TestAssetAccess(AssetCase, RemoteCase):
    """Whom an asset is for, and who of the vendor keeps it."""

    def test_one_membership_has_to_meet_all_limits(self):
        second = self._create_program("Second")
        twice = self.env["partner.membership"].create(
            {"partner_id": self.contoso.partner_id.id, "program_id": second.id}
        )
        twice.action_activate()
        self.northwind.partner_id.country_id = self.env.ref("base.pl")
        self._asset("All")
        self._asset("First", program_ids=self.program)
        self._asset("Second", program_ids=second)
        tier = self.northwind.grade_id
        self._asset("Tier", grade_ids=tier)
        other_tiers = self.program.grade_ids - tier - self.contoso.grade_id
        self._asset("Other tiers", grade_ids=other_tiers)
        self._asset("Poland", country_ids=self.env.ref("base.pl"))
        self._asset("Mixed", program_ids=second, grade_ids=self.contoso.grade_id)
        self._asset("Draft", publish=False)
        foreign = self._asset("Foreign", company_id=self.other_company.id)
        self.assertEqual(foreign.company_id, self.other_company)
        self.assertEqual(
            self._visible(self.northwind), {"All", "First", "Tier", "Poland"}
        )
        # the grade is one of the first program: no membership is both
        self.assertNotIn("Mixed", self._visible(self.contoso, twice))
        self.assertIn("Second", self._visible(self.contoso, twice))
        self.assertEqual(self._visible(), set())

    def test_a_segment_limits_by_what_is_true_today(self):
        segment = self.env["partner.segment"].create(
            {
                "name": "Northwind",
                "company_id": self.company.id,
                "domain": repr([("partner_id.name", "=", "Northwind")]),
            }
        )
        asset = self._asset("Segment", segment_ids=segment)
        self._asset("All")
        self.assertEqual(self._visible(self.northwind), {"All", "Segment"})
        self.assertEqual(self._visible(self.contoso), {"All"})
        self.contoso.partner_id.name = "Northwind"
        self.northwind.partner_id.name = "Southwind"
        self.assertEqual(self._visible(self.northwind), {"All"})
        self.assertEqual(self._visible(self.contoso), {"All", "Segment"})
        asset.segment_ids = False
        self.assertEqual(self._visible(self.northwind), {"All", "Segment"})

    def test_only_active_memberships_open_anything(self):
        self._asset("All")
        self.northwind.action_suspend()
        self.assertEqual(self._visible(self.northwind), set())
        self.contoso.action_terminate()
        self.assertEqual(self._visible(self.contoso, self.northwind), set())

    def test_what_is_over_is_closed_before_the_job_runs(self):
        with freeze_time("2028-03-01 12:00:00"):
            self._asset("Until", date_until="2028-03-10")
        with freeze_time("2028-03-10 12:00:00"):
            self.assertEqual(self._visible(self.northwind), {"Until"})
        with freeze_time("2028-03-12 12:00:00"):
            self.assertEqual(self._visible(self.northwind), set())

    # === PEOPLE === #

    def test_partners_have_no_access_to_any_of_it(self):
        asset = self._file_asset("Secret slides")
        self.env["partner.asset.use"]._record(
            asset, "open", self.northwind, person=self.seller.partner_id
        )
        self.log_in(self.seller)
        for model in MODELS:
            ids = self.env[model].search([], limit=1).ids
            self.assertTrue(ids, model)
            for method, *args in (
                ("read", ids, ["display_name"]),
                ("search_read", [], ["display_name"]),
                ("write", ids, {"name": "x"}),
                ("create", [{}]),
                ("unlink", ids),
                ("export_data", ids, ["display_name"]),
            ):
                with self.subTest(model=model, method=method):
                    self.assert_refused(self.call(model, method, *args))
        for method in ("action_publish", "action_open", "action_draft", "message_post"):
            with self.subTest(method=method):
                answer = self.call("partner.asset", method, asset.ids)
                self.assert_refused(answer, "AccessError")
        self.assertEqual(asset.state, "published")

    def test_no_address_gives_a_partner_the_file(self):
        asset = self._file_asset("Secret slides", content=PDF + b" secret")
        version = asset.version_id
        file = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "partner.asset.version"),
                ("res_field", "=", "file"),
                ("res_id", "=", version.id),
            ]
        )
        for user in (None, self.seller, self.rival):
            if user:
                self.log_in(user)
            for url in (
                f"/web/content/{file.id}",
                f"/web/content/{file.id}?download=true",
                f"/web/content/partner.asset.version/{version.id}/file",
                f"/web/content/partner.asset/{asset.id}/file",
                f"/web/image/{file.id}",
                f"/web/image/partner.asset.version/{version.id}/file",
            ):
                with self.subTest(user=user and user.login, url=url):
                    with mute_logger("odoo.http", "odoo.models"):
                        answer = self.url_open(url)
                    self.assertNotIn(b"secret", answer.content)

    def test_the_vendors_people_keep_their_material(self):
        own = self._asset("Own", publish=False, user_id=self.manager.id)
        other = self._asset("Other", user_id=self.head.id)
        salesman = self._create_user("sam.sales", "sales_team.group_sale_salesman")
        analyst = self._create_user(
            "ann.alyst", "partner_channel.group_channel_analyst"
        )
        coordinator = self._create_user(
            "cora", "partner_channel.group_channel_coordinator"
        )
        found = self.env["partner.asset"].search([("id", "in", (own | other).ids)])
        for user, seen in (
            (salesman, other),
            (analyst, found),
            (self.manager, found),
            (coordinator, found),
            (self.head, found),
        ):
            with self.subTest(user=user.login):
                mine = self.env["partner.asset"].with_user(user)
                self.assertEqual(mine.search([("id", "in", found.ids)]), seen)
        own.with_user(self.manager).action_publish()
        for user, record in (
            (self.manager, other),
            (analyst, own),
            (salesman, other),
        ):
            with self.subTest(user=user.login), self.assertRefused(AccessError):
                record.with_user(user).action_archive_asset()
        other.with_user(coordinator).action_archive_asset()
        self.assertEqual(other.state, "archived")
        mine = other.with_user(coordinator)
        mine.write(
            {"kind": "file", "file": base64.b64encode(PDF), "file_name": "a.pdf"}
        )
        self.assertEqual(other.version_number, 1)

    def test_managers_read_the_uses_of_their_own_partners(self):
        asset = self._asset("Asset")
        Use = self.env["partner.asset.use"]
        Use._record(asset, "open", self.northwind, person=self.seller.partner_id)
        Use._record(asset, "open", self.contoso, person=self.rival.partner_id)
        mine = Use.with_user(self.manager).search([("asset_id", "=", asset.id)])
        self.assertEqual(mine.membership_id, self.northwind)
        self.assertEqual(asset.with_user(self.head).use_count, 2)
