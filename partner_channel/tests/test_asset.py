import base64
from datetime import date
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..models.enablement import asset_file_mixin
from .asset_case import PDF, PROGRAM, AssetCase


@tagged("post_install", "-at_install")
class TestAsset(AssetCase):
    """Files and their versions, addresses, states, and the nightly job."""

    def _run_job(self):
        cron = self.env.ref("partner_channel.ir_cron_archive_assets")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    # === FILE === #

    def test_a_new_file_is_a_new_version_and_the_old_one_stays(self):
        asset, other = (self._file_asset(f"Slides {number}") for number in (1, 2))
        self.assertEqual(asset.version_number, 1)
        before = asset.date_published
        asset.flush_recordset()
        with freeze_time("2030-01-01 10:00:00"):
            asset.write(
                {"file": base64.b64encode(PDF + b"2"), "file_name": "C:\\x\\new.pdf"}
            )
        self.assertEqual(asset.version_number, 2)
        self.assertGreater(asset.date_published, before, "what is new is news")
        self.env.invalidate_all()
        self.assertEqual(base64.b64decode(asset.file), PDF + b"2")
        self.assertEqual(asset.file_name, "new.pdf")
        old = asset.version_ids.filtered(lambda version: version.number == 1)
        self.assertEqual(base64.b64decode(old.file), PDF)
        self.assertEqual((old.name, old.mimetype), ("slides.pdf", "application/pdf"))
        self.assertEqual(other.version_number, 1)

    def test_the_same_file_is_no_new_version(self):
        asset = self._file_asset("Slides")
        for _again in range(2):
            asset.write({"file": base64.b64encode(PDF), "file_name": "slides.pdf"})
        # what a form sends with the size of the file in place of its content
        asset.with_context(bin_size=True).write({"file_name": "slides.pdf"})
        self.assertEqual(len(asset.version_ids), 1)
        asset.write({"file": False})
        self.assertEqual(asset.version_number, 1, "a version is not taken away")
        asset.with_context(bin_size=True).write({"file_name": "renamed.pdf"})
        self.assertEqual(asset.version_number, 2)
        self.env.invalidate_all()
        self.assertEqual(base64.b64decode(asset.file), PDF)

    def test_files_are_judged_by_content(self):
        for content, name in (
            (PROGRAM, "slides.pdf"),
            (PROGRAM, "slides.exe"),
            (b"<html><script>x</script></html>", "page.html"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "picture.png"),
        ):
            with (
                self.subTest(name=name),
                self.assertRefused(ValidationError, name),
            ):
                self._file_asset("Slides", content=content, file_name=name)
        with (
            patch.object(asset_file_mixin, "MAX_SIZE", 5),
            self.assertRefused(ValidationError, "larger"),
        ):
            self._file_asset("Slides")

    def test_versions_are_made_by_their_asset_only(self):
        version = self._file_asset("Slides").version_id
        with self.assertRefused(AccessError):
            version.write({"name": "other.pdf"})
        with self.assertRefused(AccessError):
            version.create({"asset_id": version.asset_id.id, "number": 5, "name": "x"})
        with self.assertRefused(AccessError):
            version.unlink()
        with self.assertRefused(AccessError):
            version.asset_id.write({"version_id": False})

    def test_a_draft_goes_with_its_files(self):
        asset = self._file_asset("Slides", publish=False)
        files = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "partner.asset.version"),
                ("res_id", "=", asset.version_id.id),
                ("res_field", "=", "file"),
            ]
        )
        self.assertTrue(files)
        version = asset.version_id
        asset.unlink()
        self.assertFalse(files.exists())
        self.assertFalse(version.exists())

    # === WHAT IT IS === #

    def test_links_lead_to_the_web_only(self):
        for url in (
            "javascript:alert(1)",
            "data:text/html,x",
            "//evil.example",
            "ftp://x.example",
            "https://vendor.example@evil.example",
            "https://a b",
        ):
            with (
                self.subTest(url=url),
                self.assertRefused(ValidationError, "https://"),
            ):
                self._asset("Link", kind="link", url=url)
        asset = self._asset("Link", kind="link", url="https://calc.example/?a=1")
        self.assertEqual(asset._get_link(), "https://calc.example/?a=1")

    def test_the_text_of_a_page_runs_nothing(self):
        asset = self._asset(
            "Page",
            body="<p onclick='x()'>Hi<script>alert(1)</script>"
            "<a href='javascript:x()'>a</a><iframe src='https://evil.example'/></p>",
        )
        for word in ("script", "onclick", "iframe"):
            self.assertNotIn(word, asset.body)

    def test_what_has_nothing_to_show_is_not_published(self):
        for values in (
            {"kind": "file", "body": False},
            {"kind": "link", "body": False},
            {"body": "<p><br></p>"},
            {"date_until": date(2020, 1, 1)},
        ):
            with self.subTest(values=values), self.assertRefused(UserError, "Asset"):
                self._asset("Asset", **values)
        asset = self._asset("Asset")
        with self.assertRefused(UserError, "Asset"):
            asset.body = False

    def test_states_change_by_actions_only(self):
        asset, other = (self._asset(name, publish=False) for name in "AB")
        with self.assertRefused(AccessError):
            asset.state = "published"
        with self.assertRefused(AccessError):
            self.env["partner.asset"].create(
                {"name": "C", "type_id": self.type.id, "state": "published"}
            )
        for _again in range(2):
            (asset | other).action_publish()
        self.assertEqual(asset.state, "published")
        self.assertTrue(other.date_published)
        asset.action_archive_asset()
        asset.action_draft()
        self.assertEqual(asset.state, "draft")

    def test_what_was_shown_is_not_deleted(self):
        asset = self._asset("Shown")
        with self.assertRefused(UserError, "archive it"):
            asset.unlink()
        asset.action_draft()
        self.env["partner.asset.use"]._record(asset, "open")
        with self.assertRefused(UserError, "archive it"):
            asset.unlink()

    def test_what_limits_an_asset_cannot_go(self):
        segment = self.env["partner.segment"].create(
            {"name": "All", "company_id": self.company.id}
        )
        asset = self._asset("Limited", segment_ids=segment)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            segment.unlink()
        segment.active = False
        self.env.invalidate_all()
        self.assertEqual(asset.segment_ids, segment, "archived, it limits all the same")

    # === JOB === #

    def test_the_job_archives_what_is_over_where_its_company_is(self):
        """10 March is over on Kiritimati at 11:00 UTC and not yet in Honolulu."""
        day = date(2028, 3, 10)
        self._create_program("Other", company=self.other_company)
        self.company.partner_id.tz = "Pacific/Kiritimati"
        self.other_company.partner_id.tz = "Pacific/Honolulu"
        with freeze_time("2028-03-01 12:00:00"):
            early, early_too = (self._asset(n, date_until=day) for n in "AB")
            late = self._asset("C", date_until=day, company_id=self.other_company.id)
            endless = self._asset("D")
            draft = self._asset("E", publish=False, date_until=day)
        with freeze_time("2028-03-10 09:00:00"):
            self._run_job()
            self.assertEqual(early.state, "published", "its last day counts")
        with freeze_time("2028-03-10 11:00:00"):
            for _again in range(2):
                self._run_job()
            self.assertEqual((early | early_too).mapped("state"), ["archived"] * 2)
            self.assertEqual(late.state, "published")
        with freeze_time("2028-03-11 11:00:00"):
            self._run_job()
        self.assertEqual(late.state, "archived")
        self.assertEqual((endless.state, draft.state), ("published", "draft"))

    def test_the_job_is_the_systems(self):
        with self.assertRefused(AccessError):
            self.env["partner.asset"].with_user(self.head)._cron_archive_assets()
