import base64
import hashlib
import json
from urllib.parse import urlencode

from odoo.tests import tagged

from .test_lms_push import PushCase

FILE = b"%PDF\r\n--not-a-boundary\r\n\x00\xff"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class PartsCase(PushCase):
    """Requests of several parts."""

    @staticmethod
    def _part(content, **headers):
        """Return a part of a body; a header that is ``None`` is left out."""
        values = {
            "Content-Type": "application/pdf",
            "Content-Transfer-Encoding": "binary",
            "X-Experience-API-Hash": hashlib.sha256(content).hexdigest(),
        }
        values |= {name.replace("_", "-"): value for name, value in headers.items()}
        lines = [f"{name}: {value}" for name, value in values.items() if value]
        return "\r\n".join([*lines, "", ""]).encode() + content

    def _send(self, statements, *parts, first="application/json", end=b"--", **options):
        text = f"Content-Type: {first}\r\n\r\n{json.dumps(statements)}".encode()
        body = b"preamble"
        for part in (text, *parts):
            body += b"\r\n--limit\r\n" + part
        options.setdefault(
            "headers", {"Content-Type": "multipart/mixed; boundary=limit"}
        )
        return self._ask(
            options.pop("method", "POST"),
            body=body + b"\r\n--limit" + end,
            **options,
        )

    def _with_file(self, content=FILE, **values):
        """Return a statement that has a file."""
        attachment = {
            "usageType": "https://example.org/certificate",
            "display": {"en": "Certificate"},
            "contentType": "application/pdf",
            "length": len(content),
            "sha2": hashlib.sha256(content).hexdigest(),
            **values,
        }
        return self._say(attachments=[attachment])


@tagged("post_install", "-at_install")
class TestAttachments(PartsCase):
    """Statements that come with binaries: the parts are checked."""

    def test_a_statement_with_its_file_is_taken_and_certifies(self):
        statement = self._with_file()
        response = self._send([statement], self._part(FILE))
        self.assertEqual(response.status_code, 200, response.text)
        self.assertEqual(response.json(), [statement["id"]])
        self._process()
        self.assertTrue(self._held(self.seller))
        read = self._ask("GET", statementId=statement["id"]).json()
        self.assertEqual(read["attachments"], statement["attachments"])

    def test_one_is_put(self):
        statement = self._with_file()
        response = self._send(
            statement, self._part(FILE), method="PUT", statementId=statement["id"]
        )
        self.assertEqual(response.status_code, 204, response.text)

    def test_two_statements_share_a_file(self):
        said = [self._with_file(), self._with_file()]
        self.assertEqual(self._send(said, self._part(FILE)).status_code, 200)

    def test_other_hashes_of_the_family(self):
        digest = hashlib.sha512(FILE).hexdigest()
        part = self._part(FILE, X_Experience_API_Hash=digest)
        response = self._send([self._with_file(sha2=digest)], part)
        self.assertEqual(response.status_code, 200, response.text)

    def test_a_file_somewhere_else_needs_no_part(self):
        statement = self._with_file(fileUrl="https://example.org/c.pdf")
        self.assertEqual(self._send([statement]).status_code, 200)
        again = self._with_file(fileUrl="https://example.org/c.pdf")
        self.assertEqual(self._ask("POST", [again]).status_code, 200)

    def test_parts_that_do_not_fit_are_refused(self):
        statement, plain = self._with_file(), self._say()
        part, other = self._part(FILE), b"other"
        digest = hashlib.sha256(FILE).hexdigest()
        short = self._with_file(sha2="abc")
        for said, parts, wording in (
            ([statement], [], "MUST come as a part"),
            ([plain], [part], "MUST match"),
            ([statement], [part, self._part(other)], "MUST match"),
            (
                [statement],
                [self._part(other, X_Experience_API_Hash=digest)],
                "hash it names",
            ),
            ([short], [self._part(FILE, X_Experience_API_Hash="abc")], "hash it names"),
            ([self._with_file(length=3)], [part], "octets"),
            (
                [statement],
                [self._part(FILE, Content_Transfer_Encoding=None)],
                "binary",
            ),
            ([statement], [self._part(FILE, X_Experience_API_Hash=None)], "required"),
            ([self._say(result={"score": {"scaled": 2}})], [], "between -1 and 1"),
        ):
            with self.subTest(wording, parts=len(parts)):
                self._assert_refused(self._send(said, *parts), 400, wording)

    def test_what_is_no_body_of_parts_is_refused(self):
        said = [self._say()]
        plain = {"Content-Type": "multipart/mixed"}
        other = {"Content-Type": "multipart/mixed; boundary=other"}
        for options, wording in (
            ({"headers": plain}, "boundary"),
            ({"headers": other}, "boundaries"),
            ({"end": b""}, "boundaries"),
            ({"first": "text/plain"}, "application/json"),
        ):
            with self.subTest(options):
                self._assert_refused(self._send(said, **options), 400, wording)
        self._assert_refused(self._send(said, b"no headers"), 400, "part")


@tagged("post_install", "-at_install")
class TestAlternate(PushCase):
    """Requests as forms: xAPI 1.0.3 defines them, 2.0 drops them."""

    def _form(self, method, auth=True, **fields):
        """Send a form that stands for another request; headers are fields of it."""
        user, password = self.auth
        code = base64.b64encode(f"{user}:{password}".encode()).decode()
        if auth:
            fields.setdefault("Authorization", f"Basic {code}")
        fields = {name.replace("_", "-"): value for name, value in fields.items()}
        fields.setdefault("X-Experience-API-Version", "1.0.3")
        return self._ask(
            "POST",
            auth=None,
            version="",
            body=urlencode(fields),
            headers=FORM,
            method_=method,
        )

    def test_what_is_put_and_posted_is_stored_and_read(self):
        one, two = self._say(), self._say(mail="rival@example.com", day="2026-03-02")
        one["actor"]["name"] = "Ann & Björn = 100%"
        put = self._form("PUT", statementId=one["id"], content=json.dumps(one))
        self.assertEqual((put.status_code, put.text), (204, ""))
        posted = self._form("POST", content=json.dumps([two]))
        self.assertEqual(posted.json(), [two["id"]])
        read = self._form("GET", statementId=one["id"])
        self.assertEqual(read.json()["actor"], one["actor"])
        listed = self._form("get", limit="1", ascending="true")
        self.assertEqual(len(listed.json()["statements"]), 1)
        self._process()
        self.assertTrue(self._held(self.seller))

    def test_what_does_not_keep_to_the_syntax_is_refused(self):
        content = json.dumps(self._say())
        for response, status, wording in (
            (self._form("DELETE"), 400, "GET, HEAD, PUT, POST"),
            (self._form("POST", auth=False, content=content), 401, "credentials"),
            (self._form("POST", Authorization="Basic !", content=content), 401, ""),
            (self._form("POST", content="{"), 400, "JSON"),
            (self._form("POST", content=content, verb="a:b"), 400, "not recognized"),
            (self._form("POST", content=content, Content_Type="text/x"), 400, "Type"),
            (
                self._form("POST", content=content, X_Experience_API_Version="2.0.0"),
                400,
                "2.0 has no",
            ),
            (self._form("POST", X_Experience_API_Version="", content=content), 400, ""),
            (self._ask("POST", self._say(), method_="POST"), 400, "Content-Type"),
            (
                self._ask("POST", body=b"", headers=FORM, method_="GET", limit="1"),
                400,
                "another query parameter",
            ),
        ):
            with self.subTest(wording):
                self._assert_refused(response, status, wording)

    def test_the_parameter_is_none_of_other_methods(self):
        response = self._ask("GET", method_="PUT")
        self._assert_refused(response, 400, "not recognized")
