from odoo import http
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PortalFormCase

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n"
EXECUTABLE = b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff\0\0" + bytes(200)


@tagged("post_install", "-at_install")
class TestFileAccess(PortalFormCase):
    """Files that come through Odoo's chatter, past the form."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.draft = cls._create_deals(cls.seller, partner_name="Draft")
        cls.submitted = cls._create_deals(
            cls.seller, partner_name="Submitted", submit=True
        )
        cls.approved = cls._create_deals(
            cls.seller, partner_name="Approved", submit=True
        )
        cls.approved._approve_registration()

    def setUp(self):
        super().setUp()
        self.login(self.seller)
        self.enterContext(mute_logger("odoo.http", "odoo.models"))

    def upload(self, deal, name="need.pdf", content=PDF, pending=False):
        """Upload as the chatter does; return the answer."""
        answer = self.url_open(
            "/mail/attachment/upload",
            data={
                "csrf_token": http.Request.csrf_token(self),
                "thread_model": "crm.lead",
                "thread_id": deal.id,
                **({"is_pending": "true"} if pending else {}),
            },
            files=[("ufile", (name, content, "application/pdf"))],
        )
        self.env.invalidate_all()
        return answer.json()

    def post(self, deal, answer):
        """Post a message with the file uploaded before; return the error."""
        data = answer["data"]
        [stored] = data["store_data"]["ir.attachment"]
        answer = self.url_open(
            "/mail/message/post",
            json={
                "jsonrpc": "2.0",
                "params": {
                    "thread_model": "crm.lead",
                    "thread_id": deal.id,
                    "post_data": {
                        "body": "See the file",
                        "attachment_ids": [data["attachment_id"]],
                        "attachment_tokens": [stored["ownership_token"]],
                    },
                },
            },
        ).json()
        self.env.invalidate_all()
        return answer.get("error")

    def test_files_are_judged_by_content_whatever_way_they_come(self):
        for deal in (self.draft, self.approved):
            for pending in (False, True):
                for name, content in (
                    ("need.pdf", EXECUTABLE),
                    ("need.exe", EXECUTABLE),
                    ("need.html", b"<html><script>alert(1)</script></html>"),
                    ("need.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
                    ("need.pdf", PDF + bytes(10 * 1024 * 1024)),
                ):
                    with self.subTest(deal=deal.name, name=name, pending=pending):
                        answer = self.upload(deal, name, content, pending)
                        self.assertIn(name, answer["error"])
            self.assertFalse(deal._get_portal_files())

    def test_a_good_file_is_kept_under_a_good_name(self):
        answer = self.upload(self.draft, "offer\u202efdp.PDF")
        file = self.draft._get_portal_files()
        self.assertEqual(file.id, answer["data"]["attachment_id"])
        self.assertEqual(
            (file.name, file.mimetype), ("offerfdp.PDF", "application/pdf")
        )

    def test_no_file_comes_to_what_is_being_decided(self):
        for pending in (False, True):
            self.assertIn("error", self.upload(self.submitted, pending=pending))
        self.submitted._reject_registration("other")
        self.assertIn("error", self.upload(self.submitted))
        # begun while it was allowed, sent when it no longer is
        answer = self.upload(self.draft, pending=True)
        self.draft._submit_registration()
        self.assertTrue(self.post(self.draft, answer))
        self.assertFalse(self.submitted._get_portal_files())
        self.assertFalse(self.draft._get_portal_files())

    def test_what_was_submitted_cannot_be_taken_away(self):
        answer = self.upload(self.draft)
        [stored] = answer["data"]["store_data"]["ir.attachment"]
        self.draft._submit_registration()
        params = {
            "attachment_id": answer["data"]["attachment_id"],
            "access_token": stored["ownership_token"],
        }
        deleted = self.url_open(
            "/mail/attachment/delete", json={"jsonrpc": "2.0", "params": params}
        ).json()
        self.assertIn("error", deleted)
        self.env.invalidate_all()
        self.assertTrue(self.draft._get_portal_files())

    def test_a_message_on_a_protected_deal_carries_a_file(self):
        answer = self.upload(self.approved, pending=True)
        self.assertFalse(self.post(self.approved, answer))
        self.assertEqual(self.approved._get_portal_files().name, "need.pdf")

    def test_a_deal_has_so_many_files_and_no_more(self):
        for number in range(10):
            self.assertIn("data", self.upload(self.approved, f"{number}.pdf"))
        self.assertIn("error", self.upload(self.approved, "more.pdf"))
        self.assertEqual(len(self.approved._get_portal_files()), 10)

    def test_remote_calls_attach_nothing_else(self):
        for attachments in ([["a.exe", "MZ"]], [["a.pdf", "no pdf"]]):
            _result, error = self.call_as_user(
                "crm.lead",
                "message_post",
                [self.approved.ids],
                body="x",
                attachments=attachments,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
            self.assertTrue(error)
        self.assertFalse(self.approved._get_portal_files())

    def test_roles_and_rivals_attach_nothing(self):
        for user in (self.rival, self.seller2):
            self.login(user)
            answer = self.url_open(
                "/mail/attachment/upload",
                data={
                    "csrf_token": http.Request.csrf_token(self),
                    "thread_model": "crm.lead",
                    "thread_id": self.draft.id,
                },
                files=[("ufile", ("a.pdf", PDF, "application/pdf"))],
            )
            self.assertEqual(answer.status_code, 404)
        self.login(self.viewer)
        self.assertIn("error", self.upload(self.draft))

    def test_the_vendor_attaches_what_it_likes(self):
        self.login(self.manager)
        self.assertIn("data", self.upload(self.submitted, "a.exe", EXECUTABLE))

    def test_ordinary_leads_stay_as_they_are(self):
        lead = self.env["crm.lead"].create(
            {"name": "Given", "partner_assigned_id": self.seller.partner_id.id}
        )
        self.assertIn("data", self.upload(lead, "a.exe", EXECUTABLE))
