import hashlib
import json
from unittest.mock import patch

from odoo.tests import tagged

from ..models import learning_files_mixin as files
from ..tools.xapi_request import read_parts
from .test_lms_requests import FILE, PartsCase


@tagged("post_install", "-at_install")
class TestFiles(PartsCase):
    """Binaries are kept and given back with ``attachments=true``."""

    def setUp(self):
        super().setUp()
        self.digest = hashlib.sha256(FILE).hexdigest()
        self.File = self.env["lms.file"]

    def _post(self, *statements, parts=(FILE,)):
        response = self._send(list(statements), *map(self._part, parts))
        self.assertEqual(response.status_code, 200, response.text)

    def _read(self, **options):
        """Return the JSON value of an answer and its files by their hash."""
        response = self._ask("GET", attachments="true", **options)
        self.assertEqual(response.status_code, 200, response.text)
        kind = response.headers["Content-Type"]
        self.assertTrue(kind.startswith("multipart/mixed;"), kind)
        (first, text), *parts = read_parts(kind, response.content)
        self.assertEqual(first["Content-Type"], "application/json")
        for headers, _content in parts:
            self.assertEqual(headers["Content-Transfer-Encoding"], "binary")
        return json.loads(text), {
            headers["X-Experience-API-Hash"]: (headers["Content-Type"], content)
            for headers, content in parts
        }

    def test_one_statement_is_answered_with_its_file(self):
        statement = self._with_file()
        self._post(statement)
        told, given = self._read(statementId=statement["id"])
        self.assertEqual(told["id"], statement["id"])
        self.assertEqual(given, {self.digest: ("application/pdf", FILE)})
        plain = self._ask("GET", statementId=statement["id"], attachments="false")
        self.assertEqual(plain.headers["Content-Type"], "application/json")
        self.assertNotIn(FILE, plain.content)
        self.assertTrue(plain.headers["Last-Modified"].endswith(" GMT"))

    def test_lists_and_pages_have_files_as_well(self):
        one, two, three = self._with_file(), self._with_file(b"other"), self._say()
        self._post(one, two, three, parts=(FILE, b"other"))
        told, given = self._read()
        self.assertEqual(len(told["statements"]), 3)
        self.assertEqual(len(given), 2)
        with patch.object(files, "MOST_GIVEN", len(FILE)):
            told, given = self._read(ascending="true")
            self.assertEqual([row["id"] for row in told["statements"]], [one["id"]])
            self.assertEqual([*given], [self.digest])
            # the next page knows that files were asked for
            response = self._ask("GET", path=told["more"])
            parts = read_parts(response.headers["Content-Type"], response.content)
            (_first, text), (_headers, content) = parts
            rest = [row["id"] for row in json.loads(text)["statements"]]
        self.assertEqual(rest, [two["id"], three["id"]])
        self.assertEqual(content, b"other")

    def test_without_files_there_is_one_part(self):
        statement = self._say()
        self._ask("POST", statement)
        _told, given = self._read(statementId=statement["id"])
        self.assertEqual(given, {})
        self.assertEqual(self._read(verb="https://example.org/never")[1], {})

    def test_a_file_is_kept_once_for_each_system(self):
        before = self.File.search_count([])
        statement = self._with_file()
        for _again in range(2):
            self._post(statement, self._with_file())
        self.assertEqual(self.File.search_count([]), before + 1)
        # another system has its own, and nobody else's
        _told, given = self._read(auth=self.other_auth)
        self.assertEqual(given, {})
        hint = {"fileUrl": "https://example.org/c.pdf"}
        thief = self._with_file(**hint)
        self._ask("POST", thief, auth=self.other_auth)
        told, given = self._read(auth=self.other_auth, statementId=thief["id"])
        self.assertEqual((told["id"], given), (thief["id"], {}))

    def test_what_is_somewhere_else_as_well_is_given_while_there_is_room(self):
        statement = self._with_file(fileUrl="https://example.org/c.pdf")
        self._post(statement)
        self.assertIn(self.digest, self._read(statementId=statement["id"])[1])
        with patch.object(files, "MOST_GIVEN", 1):
            self.assertEqual(self._read(statementId=statement["id"])[1], {})

    def test_the_name_of_a_type_writes_no_headers(self):
        hostile = "text/html\r\nX-Evil: 1\r\n\r\n--limit"
        statement = self._with_file(contentType=hostile)
        self._post(statement)
        _told, given = self._read(statementId=statement["id"])
        self.assertEqual(given, {self.digest: ("application/octet-stream", FILE)})

    def test_nothing_is_stored_when_there_is_no_room(self):
        with patch.object(files, "MOST_KEPT", len(FILE) - 1):
            response = self._send([self._with_file()], self._part(FILE))
            self._assert_refused(response, 413, "attachments")

    def test_a_refused_delivery_leaves_no_file(self):
        before = self.File.search_count([])
        statement = self._with_file()
        self._ask("POST", self._say("failed", id=statement["id"]))
        self.assertEqual(self._send([statement], self._part(FILE)).status_code, 409)
        self.assertEqual(self.File.search_count([]), before)

    def test_files_go_with_their_system(self):
        self._post(self._with_file())
        rows = self.File.search([("provider_id", "=", self.provider.id)])
        attachments = self.env["ir.attachment"].search(
            [("res_model", "=", "lms.file"), ("res_field", "=", "content")]
        )
        self.assertEqual(attachments.mapped("mimetype"), ["application/octet-stream"])
        rows.unlink()
        self.assertFalse(attachments.exists())
        self._post(self._with_file())
        mine = self.env["ir.attachment"].search(
            [("res_model", "=", "lms.file"), ("res_field", "=", "content")]
        )
        self.assertTrue(mine)
        self.other.unlink()
        self.assertTrue(mine.exists())
        self.provider._unlink_files()
        self.assertFalse(mine.exists())
