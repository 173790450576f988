"""Files of agreements, and what remote calls reach of them."""

import base64
import json

from odoo import http
from odoo.tests import tagged
from odoo.tools import mute_logger

from .agreement_common import LIST, AgreementPageCase, make_pdf

#: what the vendor keeps to itself
INTERNAL = (
    "note",
    "termination_reason",
    "recorded_by_id",
    "date_reminded",
    "date_reminder",
    "signed_login",
    "signed_ip",
    "signed_agent",
    "decline_reason",
    "declined_by_id",
    "date_declined",
    "activity_ids",
    "message_follower_ids",
)

REPORT = "partner_channel_portal.report_agreement_signed"


@tagged("post_install", "-at_install")
class TestAgreementRemote(AgreementPageCase):
    # === FILES === #

    def test_files_come_as_what_they_are(self):
        document = base64.b64encode(make_pdf())
        template, _version = self._create_terms("With Document", document=document)
        agreement = self._send(self.alpha_membership, template)
        url = f"{LIST}/{agreement.id}"
        self.login(self.owner)
        self.assertTrue(self.get_page(url).xpath(f"//a[@href='{url}/terms']"))
        self.get_page(f"{url}/paper", 404)
        agreement.write({"signed_name": "Olga", "signed_document": document})
        self.get_page(f"{url}/paper", 404)
        agreement.action_sign()
        for path, disposition in (("terms", "inline"), ("paper", "attachment")):
            answer = self.url_open(f"{url}/{path}")
            with self.subTest(path=path):
                self.assertEqual(answer.status_code, 200)
                self.assertEqual(answer.headers["Content-Type"], "application/pdf")
                self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
                self.assertEqual(
                    answer.headers["Content-Security-Policy"], "default-src 'none'"
                )
                self.assertIn(disposition, answer.headers["Content-Disposition"])
                self.assertIn(".pdf", answer.headers["Content-Disposition"])
                self.assertEqual(answer.content, base64.b64decode(document))
        self.get_page(f"{self.url}/terms", 404)

    def test_a_paper_that_cannot_be_made_now_is_asked_for_later(self):
        late = "//*[contains(@class,'channel_paper_late')]"
        self.login(self.owner)
        self.assertFalse(self.get_page(f"{self.url}?paper=later").xpath(late))
        self.get_page(f"{self.url}/paper", 404)
        # tests print no PDF
        self.sign(self.owner)
        for user in (self.owner, self.finance):
            self.login(user)
            answer = self.url_open(f"{self.url}/paper", allow_redirects=False)
            self.assertEqual(answer.status_code, 303)
            later = f"{self.url}?paper=later"
            self.assertTrue(answer.headers["Location"].endswith(later))
            self.assertTrue(self.get_page(later).xpath(late))
            self.assertFalse(self.get_page(self.url).xpath(late))
        self.login(self.rival)
        self.get_page(f"{self.url}/paper", 404)
        self.login(self.owner)
        self.sent._set_protected({"signed_document": base64.b64encode(make_pdf())})
        self.assertFalse(self.get_page(later).xpath(late), "it was made meanwhile")
        self.assertEqual(self.url_open(f"{self.url}/paper").content, make_pdf())

    @mute_logger("odoo.http", "odoo.addons.web.controllers.binary")
    def test_the_vendors_files_stay_the_vendors(self):
        file = self.env["ir.attachment"].create(
            {
                "name": "internal.txt",
                "raw": b"secret",
                "res_model": "partner.agreement",
                "res_id": self.sent.id,
            }
        )
        self.login(self.owner)
        answer = self.url_open(f"/web/content/{file.id}")
        self.assertNotIn(b"secret", answer.content)
        result, error = self.call_as_user("ir.attachment", "search_read", [[]])
        self.assertTrue(error or not result)

    def get_certificates(self, *docs, report=REPORT):
        """Return which of these the report shows, by kind and documents."""
        found = set()
        muted = mute_logger(
            "odoo.http", "odoo.models", "odoo.addons.web.controllers.report"
        )
        for doc in docs:
            address = f"{report}/{doc}"
            for kind in ("html", "pdf", "text"):
                with muted:
                    answer = self.url_open(f"/report/{kind}/{address}")
                if "Each side keeps its word" in answer.text:
                    found.add((kind, doc))
            data = {
                "data": json.dumps([f"/report/pdf/{address}", "qweb-pdf"]),
                "csrf_token": http.Request.csrf_token(self),
            }
            with muted:
                answer = self.url_open("/report/download", data=data)
            if "Each side keeps its word" in answer.text:
                found.add(("download", doc))
        return found

    def test_a_certificate_opens_for_the_vendor_only(self):
        own, other = self.sent.id, self.gamma_signed.id
        template, _version = self._create_terms("By Hand")
        by_hand = self._send(self.alpha_membership, template)
        self.login(self.owner)
        self.assertFalse(self.get_certificates(own), "nothing is signed")
        self.sign(self.owner)
        by_hand._sign("Olga Owner")
        docs = (own, other, f"{own},{other}", by_hand.id, 0, 2**31 - 1, "x")
        action = self.env.ref("partner_channel_portal.action_report_agreement_signed")
        others = (action.get_external_id()[action.id], action.id, f"{REPORT}_document")
        # the partner's people get it by the portal, counted, and none but theirs
        for user in (
            self.owner,
            self.rival,
            self.seller,
            self.norole,
            self.suspended,
            self.terminated,
        ):
            self.login(user)
            with self.subTest(user=user.login):
                self.assertFalse(self.get_certificates(*docs))
                for report in others:
                    found = self.get_certificates(own, report=report)
                    self.assertFalse(found, report)
        self.login(self.manager)
        found = self.get_certificates(own)
        self.assertIn(("html", own), found)

    # === REMOTE CALLS === #

    @mute_logger("odoo.http")
    def test_remote_calls_read_what_is_the_partners(self):
        self.sign(self.owner)
        self.sent.write({"note": "secret", "termination_reason": "secret"})
        self.login(self.owner)
        names = ["display_name", "state", "date_from", "signed_name", "version_id"]
        result, error = self.call_as_user(
            "partner.agreement", "search_read", [[], names]
        )
        self.assertFalse(error)
        self.assertEqual([row["id"] for row in result], self.sent.ids)
        self.assertIn("Reseller Agreement", result[0]["display_name"])
        for name in INTERNAL:
            with self.subTest(field=name):
                _result, error = self.call_as_user(
                    "partner.agreement", "read", [self.sent.ids, [name]]
                )
                self.assertTrue(error)
                _result, error = self.call_as_user(
                    "partner.agreement", "search", [[(name, "!=", False)]]
                )
                self.assertTrue(error)
        for path in (
            "template_id.reminder_days",
            "version_id.text",
            "version_id.state",
        ):
            _result, error = self.call_as_user(
                "partner.agreement", "search", [[(path, "!=", False)]]
            )
            self.assertTrue(error, path)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule", "odoo.models")
    def test_remote_calls_tell_others_nothing(self):
        """The rule holds by itself, without the pages."""
        names = ["display_name", "state"]
        for user in (self.seller, self.viewer, self.norole, self.rival):
            self.login(user)
            with self.subTest(user=user.login):
                found, _error = self.call_as_user(
                    "partner.agreement", "search_read", [[], names]
                )
                self.assertEqual(found, [])
                found, error = self.call_as_user(
                    "partner.agreement", "read", [self.sent.ids, names]
                )
                self.assertFalse(found)
                self.assertTrue(error)
        for user, agreement in (
            (self.suspended, self.gamma_signed | self.gamma_sent),
            (self.terminated, self.delta_signed),
        ):
            self.login(user)
            found, _error = self.call_as_user("partner.agreement", "search", [[]])
            self.assertEqual(set(found), set(agreement.ids))

    @mute_logger("odoo.http")
    def test_remote_calls_change_nothing(self):
        self.login(self.owner)
        for method, args in (
            ("write", [{"signed_name": "x"}]),
            ("unlink", []),
            ("action_sign", []),
            ("action_draft", []),
            ("action_send", []),
            ("action_terminate", []),
            ("message_post", []),
            ("activity_schedule", []),
            ("_portal_sign", [self.form()]),
            ("_take_signature", ["x", {}]),
            ("_decline", ["x", 1]),
            ("_set_protected", [{"state": "signed"}]),
        ):
            with self.subTest(method=method):
                _result, error = self.call_as_user(
                    "partner.agreement", method, [self.sent.ids, *args]
                )
                self.assertTrue(error)
        self.env.invalidate_all()
        self.assertEqual(self.sent.state, "sent")
