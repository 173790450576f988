import io
import zipfile

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import partner_registration_import
from ..tools import table_read
from .import_case import ImportCase


@tagged("post_install", "-at_install")
class TestDealImportFiles(ImportCase):
    """Files that are refused, and people who are."""

    # === BAD FILES === #

    def test_files_that_cannot_be_read_are_refused(self):
        self.login(self.seller)
        many = [self.get_row(f"C{n}") for n in range(table_read.MAX_TABLE_ROWS + 1)]
        for content, text in (
            (b"", "no rows"),
            (self.make_csv(), "no rows"),
            (self.make_csv(*many), "Too many rows"),
            (self.make_xlsx(*many), "Too many rows"),
            (b"x" * (table_read.MAX_TABLE_SIZE + 1), "too large"),
            (b"PK\x03\x04junk", "cannot be read"),
            (self.make_xlsx(self.get_row())[:-300], "cannot be read"),
            ("Компания;ИНН\n1;2".encode("cp1251"), "UTF-8"),
            (b"a\x00b,c\n1,2", "cannot be read"),
            (self.make_csv(self.get_row(), header=["x"] * 8), "each heading"),
            (self.make_csv(["a", "b"], header=["Company", "Company"]), "each heading"),
        ):
            with self.subTest(content=content[:20], text=text):
                # every file counts; the limit is not what is tested here
                self.env["partner.portal.throttle"].search([]).unlink()
                self.assertIn(text, self.get_error(content))
        self.assertFalse(self.get_deals())

    def test_archives_that_unpack_to_too_much_or_declare_entities_are_refused(self):
        self.login(self.seller)

        def pack(**parts):
            output = io.BytesIO()
            with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, content in parts.items():
                    archive.writestr(name, content)
            return output.getvalue()

        bomb = pack(sheet=b"0" * (25 * 1024 * 1024))
        self.assertLess(len(bomb), table_read.MAX_TABLE_SIZE)
        self.assertIn("too large", self.get_error(bomb))
        self.assertIn(
            "too large", self.get_error(pack(**{f"p{n}": "" for n in range(300)}))
        )
        laughs = pack(**{"[Content_Types].xml": b"<!DOCTYPE x [<!ENTITY a 'a'>]><x/>"})
        self.assertIn("cannot be read", self.get_error(laughs))

    def test_formulas_are_neither_computed_nor_kept(self):
        self.login(self.seller)
        url, results = self.preview(
            self.make_xlsx(self.get_row("=1+1"), self.get_row("B", Country="=A1"))
        )
        self.assertIn("formula", results[2])
        self.assertIn("formula", results[3])
        text = self.url_open(f"{url}/errors").content.decode("utf-8-sig")
        self.assertIn("'=1+1", text)
        self.assertNotIn(",=A1", text)
        self.confirm(url)
        self.assertFalse(self.get_deals())

    def test_only_so_many_files_an_hour(self):
        self.login(self.seller)
        Throttle = self.env["partner.portal.throttle"]
        limit = partner_registration_import._FILES_PER_HOUR
        Throttle.with_user(self.seller).sudo()._count("import", limit, hits=limit)
        self.assertIn(
            "a lot for an hour", self.get_error(self.make_csv(self.get_row()))
        )

    # === WHO MAY === #

    @mute_logger("odoo.http", "odoo.models")
    def test_others_reach_neither_pages_nor_tables(self):
        self.login(self.seller)
        url, _results = self.preview(self.make_csv(self.get_row()))
        for user in (self.rival, self.owner, self.seller2, self.viewer):
            self.login(user)
            with self.subTest(user=user.login):
                for path in (url, f"{url}/errors"):
                    self.assertEqual(self.url_open(path).status_code, 404)
                self.assertEqual(self.confirm(url).status_code, 404)
        self.login(self.viewer)
        for path in ("/my/deals/import", "/my/deals/import/template/csv"):
            self.assertEqual(self.url_open(path).status_code, 403)
        self.assertEqual(self.send(self.make_csv(self.get_row())).status_code, 403)
        self._end_memberships()
        for user, status in ((self.suspended, 403), (self.terminated, 404)):
            self.login(user)
            self.assertEqual(self.url_open("/my/deals/import").status_code, status)
        self.assertFalse(self.get_deals().filtered(lambda d: d.name == "Acme GmbH"))
        self.login(self.seller)
        for method, args in (
            ("search_read", [[]]),
            ("create", [{"token": "a" * 32}]),
            ("_portal_confirm", [[1]]),
        ):
            _result, error = self.call_as_user(
                "partner.registration.import", method, args
            )
            self.assertTrue(error)
        for token in ("x", "0" * 32, "%27", "x" * 2000):
            self.assertIn(
                self.url_open(f"/my/deals/import/{token}").status_code, (400, 404)
            )

    @mute_logger("odoo.http")
    def test_forms_need_the_token_of_the_session(self):
        self.login(self.seller)
        answer = self.url_open(
            "/my/deals/import",
            data={"kind": "submit"},
            files=[("file", ("a.csv", self.make_csv(self.get_row())))],
        )
        self.assertEqual(answer.status_code, 400)

    def test_a_role_taken_away_meanwhile_registers_nothing(self):
        self.login(self.seller)
        url, _results = self.preview(self.make_csv(self.get_row()))
        self.seller.partner_id.portal_role_id = self.env.ref(
            "partner_channel_portal.portal_role_viewer"
        )
        with mute_logger("odoo.http"):
            self.assertEqual(self.confirm(url).status_code, 403)
        self.assertFalse(self.get_deals())
