"""Whatever a partner's person sends, no page fails and nothing is told or changed."""

from odoo import http
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.partner_channel_portal.tools.upload import MAX_SIZE

from .invoice_common import PDF, OwnInvoiceCommon

ODD = (
    "\x00",
    "a\x00b",
    "-1",
    str(2**63),
    str(10**40),
    "1e400",
    "nan",
    "-inf",
    "[1]",
    "__class__",
    "%",
    "' OR 1=1 --",
    "\U0001f600" * 2,
    "\u202e\u0661\u0662",
    "x" * 5000,
)
HOSTILE = {
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "html": b"<html><script>alert(1)</script></html>",
    "html before": b"<html><script>alert(1)</script></html>" + PDF,
    "program": b"MZ" + bytes(200),
    "program before": b"MZ" + PDF,
    "zip": b"PK\x03\x04" + bytes(200),
    "empty": b"",
    "huge": PDF + bytes(MAX_SIZE),
}


@tagged("post_install", "-at_install")
class TestPortalFuzz(OwnInvoiceCommon, HttpCase):
    """The routes of commissions and statements under odd input."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._create_staff(cls.alpha, "seller", "seller")
        cls.rival = cls._create_staff(cls.beta, "rival", "owner")
        cls._invoice_partner(cls.alpha, 300, date="2026-07-10")
        cls.sent = cls.Statement._create_statements(
            cls.company, "2026-07-01", "2026-07-31", memberships=cls.alpha_member
        )
        cls.sent.action_send()
        cls.entry = cls.sent.entry_ids

    def _send_to(self, url, files=None, **values):
        data = {"csrf_token": http.Request.csrf_token(self), **values}
        return self.url_open(url, data=data, files=files, allow_redirects=False)

    def _login(self, user):
        self.authenticate(user.login, user.login)

    def assert_answers(self, response, *codes):
        self.assertLess(response.status_code, 500, response.url)
        if codes:
            self.assertIn(response.status_code, codes, response.url)

    def _get_state(self):
        self.env.invalidate_all()
        return (
            self.Entry.search([], order="id").read(["amount", "statement_id"]),
            (self.statement | self.sent).read(["state", "bill_id", "accepted_by_id"]),
            (self.statement | self.sent).dispute_ids.ids,
            self.alpha_member.self_billing_date,
        )

    # === ADDRESSES === #

    def test_odd_parameters_show_the_page(self):
        self._login(self.finance)
        pages = (
            "/my/commissions",
            "/my/commissions/how",
            "/my/commissions/export",
            "/my/commissions/self-billing",
            f"/my/commissions/{self.entry.id}",
            "/my/statements",
            f"/my/statements/{self.sent.id}",
            f"/my/statements/{self.sent.id}/export",
            f"/my/statements/{self.statement.id}/invoice",
        )
        names = ("sortby", "filterby", "search", "search_in", "page", "amount")
        for page in pages:
            for odd in ODD:
                params = {
                    **dict.fromkeys(names, odd),
                    "accepted": odd,
                    "membership_id": odd,
                    "date_begin": odd,
                }
                response = self.opener.get(
                    self.base_url() + page, params=params, timeout=30
                )
                self.assert_answers(response, 200, 400)
            lists = [(name, value) for name in names for value in ("1", "2")]
            response = self.opener.get(self.base_url() + page, params=lists, timeout=30)
            self.assert_answers(response, 200)

    def test_odd_numbers_in_addresses_are_not_found(self):
        self._login(self.finance)
        for number in ("0", str(2**31), str(2**63), str(10**40), "-1", "1.5", "x"):
            for page in (
                f"/my/commissions/{number}",
                f"/my/statements/{number}",
                f"/my/statements/{number}/pdf",
                f"/my/statements/{number}/export",
                f"/my/statements/{number}/invoice",
            ):
                self.assert_answers(self.url_open(page), 404)
            for page in ("/my/commissions/page/", "/my/statements/page/"):
                self.assert_answers(self.url_open(page + number), 200, 404)

    # === WHAT IS SENT === #

    @mute_logger("odoo.http")
    def test_odd_comments_and_files_in_their_place(self):
        self._login(self.finance)
        before = self._get_state()
        dispute = f"/my/commissions/{self.entry.id}/dispute"
        for odd in ("\x00", "", " ", "x" * 5000):
            self.assert_answers(self._send_to(dispute, comment=odd), 200)
        file = ("comment.txt", b"text", "text/plain")
        self.assert_answers(self._send_to(dispute, files={"comment": file}), 200, 400)
        for name in ("membership_id", "agree"):
            self.assert_answers(
                self._send_to("/my/commissions/self-billing", files={name: file})
            )
        for odd in ODD:
            self.assert_answers(
                self._send_to(
                    "/my/commissions/self-billing", membership_id=odd, agree="1"
                )
            )
        for page in ("/my/commissions", "/my/statements", "/my/commissions/how"):
            names = ("search", "sortby", "filterby", "page", "amount")
            for name in names:
                self.assert_answers(self._send_to(page, files={name: file}))
        self.assertEqual(self._get_state(), before)

    @mute_logger("odoo.http")
    def test_odd_invoices_are_refused(self):
        self._login(self.finance)
        before = self._get_state()
        url = f"/my/statements/{self.statement.id}/invoice"
        values = {"number": "R-1", "date": "2026-07-01", "amount": "50"}
        good = ("invoice.pdf", PDF, "application/pdf")
        for name in values:
            for odd in ODD:
                answer = self._send_to(
                    url, files=[("file", good)], **{**values, name: odd}
                )
                if name == "number":
                    # most of it is a number somebody may give an invoice
                    self.assert_answers(answer, 200, 303)
                    self._take_back()
                else:
                    self.assert_answers(answer, 200)
                self.assertEqual(self._get_state(), before, (name, odd))
            rest = {key: value for key, value in values.items() if key != name}
            answer = self._send_to(url, files=[("file", good), (name, good)], **rest)
            self.assert_answers(answer, 200)
        for kind, content in HOSTILE.items():
            for file_name in ("invoice.pdf", "../i\x00.pdf", "a.svg"):
                answer = self._send_to(
                    url,
                    files=[("file", (file_name, content, "application/pdf"))],
                    **values,
                )
                self.assert_answers(answer, 200, 413)
                self.assertEqual(self._get_state(), before, (kind, file_name))

    def _take_back(self):
        """Cancel the bill of what was taken."""
        self.env.invalidate_all()
        self.statement.bill_id.button_cancel()

    def test_of_many_files_one_is_kept_and_shown_as_a_file(self):
        self._login(self.finance)
        url = f"/my/statements/{self.statement.id}/invoice"
        answer = self._send_to(
            url,
            files=[("file", (f"{i}.pdf", PDF, "text/html")) for i in range(60)],
            number="R-1",
            date="2026-07-01",
            amount="50",
        )
        self.assert_answers(answer, 303)
        attachments = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "account.move"),
                ("res_id", "=", self.statement.bill_id.id),
            ]
        )
        self.assertEqual(attachments.mapped("mimetype"), ["application/pdf"])

    # === WHO IT IS NOT FOR === #

    @mute_logger("odoo.http")
    def test_whom_the_money_is_not_for_finds_nothing(self):
        pages = (
            f"/my/commissions/{self.entry.id}",
            f"/my/statements/{self.sent.id}",
            f"/my/statements/{self.sent.id}/pdf",
            f"/my/statements/{self.sent.id}/export",
            f"/my/statements/{self.statement.id}/invoice",
        )
        sent_to = (
            f"/my/commissions/{self.entry.id}/dispute",
            f"/my/commissions/{self.entry.id}/withdraw",
            f"/my/statements/{self.sent.id}/accept",
            f"/my/statements/{self.statement.id}/invoice",
        )
        before = self._get_state()
        for user in (self.seller, self.rival):
            self._login(user)
            for page in pages:
                self.assert_answers(self.url_open(page), 404)
            for page in sent_to:
                self.assert_answers(self._send_to(page, comment="x"), 404)
            for membership in self.alpha_member.ids:
                answer = self._send_to(
                    "/my/commissions/self-billing",
                    membership_id=membership,
                    agree="1",
                )
                self.assert_answers(answer, 403, 404)
        self._login(self.seller)
        for page in ("/my/commissions", "/my/commissions/export", "/my/statements"):
            self.assert_answers(self.url_open(page), 404)
        self._login(self.rival)
        page = self.url_open("/my/commissions/export")
        self.assertNotIn(self.entry.move_id.name, page.text)
        self.assertEqual(self._get_state(), before)

    @mute_logger("odoo.http")
    def test_a_suspended_partner_changes_nothing_and_a_terminated_one_sees_nothing(
        self,
    ):
        self.alpha_member.action_suspend()
        before = self._get_state()
        self._login(self.finance)
        self.assert_answers(self.url_open(f"/my/statements/{self.sent.id}"), 200)
        for page in (
            f"/my/commissions/{self.entry.id}/dispute",
            f"/my/commissions/{self.entry.id}/withdraw",
            f"/my/statements/{self.sent.id}/accept",
            f"/my/statements/{self.statement.id}/invoice",
        ):
            self.assert_answers(self._send_to(page, comment="x"), 403)
        self._send_to(
            "/my/commissions/self-billing",
            membership_id=self.alpha_member.id,
            agree="1",
        )
        self.assertEqual(self._get_state(), before)
        self.alpha_member.action_terminate()
        for page in (
            "/my/commissions",
            "/my/commissions/how",
            "/my/commissions/export",
            f"/my/commissions/{self.entry.id}",
            f"/my/statements/{self.sent.id}",
            f"/my/statements/{self.sent.id}/pdf",
        ):
            self.assert_answers(self.url_open(page), 404)
