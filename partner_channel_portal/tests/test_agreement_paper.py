"""The signed paper: terms and signature in one PDF, filed once."""

import base64
import hashlib
import io
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged
from odoo.tools.pdf import DependencyError, PdfReader

from .agreement_common import BROWSER, AgreementMixin, make_drawing, make_pdf


@tagged("post_install", "-at_install")
class TestAgreementPaper(HttpCase, AgreementMixin):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpChannel()
        cls.setUpAgreements()

    def _watch_printing(self):
        """Return a list that gets what is printed."""
        report = type(self.env["ir.actions.report"])
        original, seen = report._run_wkhtmltopdf, []

        def watched(this, bodies, *args, **kwargs):
            seen.extend(str(body) for body in bodies)
            return original(this, bodies, *args, **kwargs)

        self.patch(report, "_run_wkhtmltopdf", watched)
        return seen

    def _print_as(self, content):
        """Let every report be this PDF, or raise this error."""

        def render(this, report, ids=None, data=None):
            if isinstance(content, Exception):
                raise content
            return content, "pdf"

        self.patch(type(self.env["ir.actions.report"]), "_render_qweb_pdf", render)

    def sign_really(self, agreement, **values):
        """Sign with a real PDF."""
        if self.env["ir.actions.report"].get_wkhtmltopdf_state() != "ok":
            self.skipTest("wkhtmltopdf is not installed")
        own = self.as_user(agreement, self.owner)
        own = own.with_context(force_report_rendering=True)
        form = self.form(agreement, **values)
        self.assertEqual(own._portal_sign(form, "203.0.113.7", BROWSER), {})
        self.env.invalidate_all()
        return base64.b64decode(agreement.signed_document)

    def test_the_real_paper_says_who_signed_what_and_when(self):
        bodies = self._watch_printing()
        content = self.sign_really(self.sent, signature=make_drawing())
        self.assertEqual(len(PdfReader(io.BytesIO(content)).pages), 2)
        self.assertEqual(self.sent.signed_digest, hashlib.sha256(content).hexdigest())
        self.assertEqual(self.sent.signed_filename, "Reseller Agreement, version 1.pdf")
        (body,) = bodies
        moment = self.sent.portal_signed_on.strftime("%Y-%m-%d %H:%M:%S UTC")
        for text in (
            "Each side keeps its word.",
            "Olga Owner",
            "Managing Director",
            self.owner.login,
            moment,
            "203.0.113.7",
            BROWSER,
            self.version.digest,
            "data:image/png",
            "Alpha Partner",
        ):
            self.assertIn(text, body)
        # the same paper goes to both sides
        messages = self.env["mail.message"].search(
            [
                ("model", "=", "partner.agreement"),
                ("res_id", "=", self.sent.id),
                ("message_type", "=", "user_notification"),
            ]
        )
        self.assertEqual(messages.attachment_ids.mapped("raw"), [content, content])

    def test_the_document_of_the_terms_comes_first(self):
        document = make_pdf(pages=3)
        template, _version = self._create_terms(
            "With Document", text=False, document=base64.b64encode(document)
        )
        bodies = self._watch_printing()
        content = self.sign_really(self._send(self.alpha_membership, template))
        pages = PdfReader(io.BytesIO(content)).pages
        self.assertEqual(len(pages), 4)
        self.assertEqual(float(pages[0].mediabox.width), 200)
        self.assertIn(hashlib.sha256(document).hexdigest(), bodies[0])

    def test_a_document_that_cannot_be_joined_stays_a_file_of_its_own(self):
        page = make_pdf()
        self._print_as(page)
        for number, document in enumerate(
            (
                b"%PDF-1.4 broken",
                # no pages, no catalog: the library knows no error of its own for it
                make_pdf().replace(b"/Kids", b"/Kidz"),
                make_pdf().replace(b"/Root", b"/Roof"),
            )
        ):
            with self.subTest(number=number):
                self.assert_unjoined(f"Broken {number}", document, page)

    def test_a_document_locked_in_a_way_not_known_stays_a_file_of_its_own(self):
        page = make_pdf()
        self._print_as(page)
        for number, error in enumerate(
            (DependencyError("no AES here"), UserError("unable to merge"))
        ):

            def merge(this, streams, handle_error, error=error):
                raise error

            self.patch(type(self.env["ir.actions.report"]), "_merge_pdfs", merge)
            with self.subTest(error=error):
                self.assert_unjoined(f"Locked {number}", make_pdf(2), page)

    def assert_unjoined(self, name, document, page):
        """Sign terms: the page alone is filed, the vendor's file is given out too."""
        template, _version = self._create_terms(
            name, document=base64.b64encode(document)
        )
        agreement = self._send(self.alpha_membership, template)
        self.assertEqual(self.sign(self.owner, agreement), {})
        self.assertEqual(agreement.state, "signed")
        own = self.as_user(agreement, self.owner)
        for found, content in (
            (own._get_portal_paper(), page),
            (own._get_portal_document(), document),
        ):
            record, field, _name = found
            self.assertEqual(base64.b64decode(record[field]), content)

    def test_without_a_printer_it_is_signed_all_the_same(self):
        self._print_as(OSError("the program is gone"))
        self.assertEqual(self.sign(self.owner), {})
        self.assertEqual(self.sent.state, "signed")
        self.assertFalse(self.sent.signed_document)
        own = self.as_user(self.sent, self.owner)
        self.assertIsNone(own._get_portal_paper())
        self.assertTrue(own._prepare_portal_page()["has_paper"])
        page = make_pdf()
        self._print_as(page)
        record, field, name = own._get_portal_paper()
        self.assertEqual(base64.b64decode(record[field]), page)
        self.assertEqual(name, "Reseller Agreement, version 1.pdf")
        self.env.invalidate_all()
        # it is kept: the next one gets the same
        self._print_as(UserError("no wkhtmltopdf"))
        self.assertIsNotNone(own._get_portal_paper())

    def test_a_paper_is_not_printed_as_often_as_somebody_likes(self):
        self._print_as(UserError("no wkhtmltopdf"))
        self.sign(self.owner)
        own = self.as_user(self.sent, self.owner)
        tried = []
        target = "odoo.addons.partner_channel_portal.models"
        with (
            patch(f"{target}.agreement_sign_mixin.DEEDS_PER_HOUR", 3),
            patch.object(
                type(own), "_file_portal_paper", lambda this: tried.append(this)
            ),
        ):
            for _number in range(5):
                own._get_portal_paper()
        self.assertEqual(len(tried), 2, "the signature was the first deed")

    def test_a_scan_filed_before_is_not_what_was_signed_in_the_portal(self):
        self.sent.write(
            {
                "signed_document": base64.b64encode(b"%PDF-1.4 other terms"),
                "signed_filename": "other.pdf",
            }
        )
        self._print_as(UserError("no wkhtmltopdf"))
        self.assertEqual(self.sign(self.owner), {})
        self.assertRecordValues(
            self.sent,
            [
                {
                    "state": "signed",
                    "signed_document": False,
                    "signed_filename": False,
                    "signed_digest": False,
                    "signed_terms_digest": self.version.digest,
                }
            ],
        )
        page = make_pdf()
        self._print_as(page)
        record, field, name = self.as_user(self.sent, self.owner)._get_portal_paper()
        self.assertEqual(base64.b64decode(record[field]), page)
        self.assertEqual(name, "Reseller Agreement, version 1.pdf")

    def test_a_paper_signed_by_hand_is_given_out_as_it_is(self):
        paper = base64.b64encode(b"%PDF-1.4 by hand")
        self.sent.write({"signed_name": "Olga", "signed_document": paper})
        self.sent.action_sign()
        own = self.as_user(self.sent, self.owner)
        record, field, _name = own._get_portal_paper()
        self.assertEqual(record[field], paper)
