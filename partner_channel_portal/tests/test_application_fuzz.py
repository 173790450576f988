import io
import json
import zipfile

from odoo import http
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..controllers import program
from .common_application import ApplicationHttpCase

TEXTS = (
    "",
    "\x00",
    "a\x00b",
    "\ud800".encode("utf-8", "surrogatepass"),
    "\u202egnp.exe",
    "9" * 400,
    str(2**63),
    "-1",
    "1e999",
    "NaN",
    "' OR 1=1 --",
    "%s%s%(x)s{0}",
    "{{7*7}}${7*7}",
    "<svg/onload=alert(1)>",
    "☃" * 5000,
    "x" * 200_000,
)


def make_bomb():
    """Return a small archive, named as a document, of 200 MB of zeros."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        archive.writestr("word/document.xml", bytes(200 * 1024 * 1024))
    return content.getvalue()


@tagged("post_install", "-at_install")
class TestApplicationFuzz(ApplicationHttpCase):
    """Whatever is sent, no page answers with an error of the server."""

    def setUp(self):
        super().setUp()
        self.patch(program, "STARTS_PER_HOUR", 10_000)
        self.application, self.page = self.get_started(self.start())
        self.confirm = f"/partner-application/confirm/{self.application.confirm_token}"

    def assert_no_error(self, answer, what):
        self.assertLess(answer.status_code, 500, what)

    def test_no_text_in_any_field_is_an_error(self):
        for step, fields in self._get_steps().items():
            for text in TEXTS:
                with self.subTest(step=step, text=text[:20]):
                    sent = dict.fromkeys([*fields, "self", "token", "step"], text)
                    answer = self.send(f"{self.page}/{step}", **sent)
                    self.assert_no_error(answer, text[:20])
        for text in TEXTS:
            with self.subTest(text=text[:20]):
                sent = {"contact_name": text, "email": text, "terms": text}
                for path in (f"{self.url}/apply", f"{self.page}/check"):
                    self.assert_no_error(self.send(path, **sent), path)
                answer = self.send(f"{self.page}/answer", answer=text)
                self.assert_no_error(answer, "answer")
        self.assertEqual(self.application.state, "draft")

    def test_lists_files_and_other_types_for_texts_are_no_error(self):
        steps = self._get_steps()
        for step, fields in steps.items():
            with self.subTest(step=step):
                sent = {name: ["a", "b"] for name in fields}
                self.assert_no_error(self.send(f"{self.page}/{step}", **sent), step)
                # a file under the name of a field
                answer = self.url_open(
                    f"{self.page}/{step}",
                    data={"csrf_token": http.Request.csrf_token(self)},
                    files=dict.fromkeys([*fields, "terms"], ("a.txt", b"text")),
                    allow_redirects=False,
                )
                self.assert_no_error(answer, step)
        for kind in ("application/json", "text/plain", "application/xml", "x"):
            for path in (f"{self.url}/apply", f"{self.page}/company", self.confirm):
                with self.subTest(kind=kind, path=path), mute_logger("odoo.http"):
                    answer = self.url_open(
                        path,
                        data=json.dumps({"name": {"$ne": 1}}),
                        headers={"Content-Type": kind},
                    )
                    self.assert_no_error(answer, kind)

    def test_no_address_is_an_error(self):
        for part in (
            "%00",
            "a%00-1",
            "x-99999999999999999999999",
            "x--1",
            "1",
            "0",
            "%F0%9F%98%80",
            "%ff",
            "'",
            "a" * 3000,
            f"{self.program.id}",
            f"wrong-name-{self.program.id}",
        ):
            for path in (
                f"/partner-programs/{part}",
                f"/partner-programs/{part}/apply",
                f"/partner-application/{part}",
                f"/partner-application/{part}/company",
                f"/partner-application/confirm/{part}",
                f"{self.page}/{part}",
                f"/partner-channel/proof?hash={part}",
                f"{self.url}?utm_source={part}&utm_medium={part}",
                f"{self.page}?done={part}&done=2",
            ):
                with self.subTest(path=path[:80]), mute_logger("odoo.http"):
                    self.assert_no_error(self.url_open(path), path)

    def test_hostile_files_are_refused_and_nothing_is_stored(self):
        many = [(f"{n}.txt", b"text", "text/plain") for n in range(300)]
        bomb = [("bomb.docx", make_bomb(), "application/zip")]
        polyglot = b"%PDF-1.4\n<script>alert(1)</script><svg onload=alert(1)>"
        names = ("a\x00.pdf", "../../etc/passwd", "a" * 5000 + ".pdf", ".htaccess", "")
        for files in (
            many,
            [("a.html", polyglot, "application/pdf")],
            *[[(name, b"MZ\x90\x00", "application/pdf")] for name in names],
        ):
            with self.subTest(files=len(files)), mute_logger("odoo.http"):
                answer = self.send(f"{self.page}/files", files=files)
                self.assert_no_error(answer, files[0][0])
                self.assertFalse(self.application._get_files())
        answer = self.send(f"{self.page}/files", files=bomb)
        self.assert_no_error(answer, "bomb")
        stored = self.application._get_files()
        # kept as it came, never unpacked
        self.assertLess(sum(stored.mapped("file_size")), 1024 * 1024)

    def test_ten_megabytes_of_text_are_no_error(self):
        with mute_logger("odoo.http"):
            answer = self.send(f"{self.page}/profile", profile="x" * 10 * 1024 * 1024)
        self.assert_no_error(answer, "10 MB")
        self.assertFalse(self.application.profile)

    def test_the_limit_of_the_proof_page(self):
        url = "/partner-channel/proof"
        self.assertEqual(self.url_open(url).status_code, 200)
        codes = [
            self.url_open(f"{url}?hash={'a' * 64}").status_code for _n in range(61)
        ]
        self.assertEqual(codes, [200] * 60 + [429])
        # the empty page is for everybody
        self.assertEqual(self.url_open(url).status_code, 200)
