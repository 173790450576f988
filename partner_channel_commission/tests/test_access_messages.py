from odoo import http
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.partner_channel.tests.common import RemoteCase

from .common import POSTING, CommissionCommon


@tagged("post_install", "-at_install")
class TestStatementMessages(CommissionCommon, RemoteCase):
    """What is said about money is for those who see it, logged in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_plan(("resale", 5, POSTING))
        cls.finance = cls._create_staff(cls.alpha, "finance", "finance")
        cls.seller = cls._create_staff(cls.alpha, "seller", "seller")
        cls.rival = cls._create_staff(cls.beta, "rival", "owner")
        cls._invoice_partner(cls.alpha, 100, date="2026-06-10")
        cls.statement = cls.Statement._create_statements(
            cls.company, "2026-06-01", "2026-06-30"
        )
        cls.statement.action_send()
        cls.thread = {
            "thread_model": cls.statement._name,
            "thread_id": cls.statement.id,
        }

    def attempt_to_write(self):
        """Return the answers to all ways of writing on the statement."""
        comment = self.env.ref("mail.mt_comment").id
        post = {"body": "x", "message_type": "comment", "subtype_id": comment}
        values = {
            **post,
            "model": self.statement._name,
            "res_id": self.statement.id,
            "parent_id": self.statement.message_ids[:1].id,
        }
        return (
            self.send("/mail/message/post", **self.thread, post_data={"body": "x"}),
            self.call(self.statement._name, "message_post", self.statement.ids, **post),
            self.call("mail.message", "create", [values]),
        )

    def test_no_token_opens_a_statement(self):
        self.assertNotIn("access_token", self.statement._fields)
        self.cr.execute(
            "SELECT 1 FROM information_schema.columns WHERE table_name = %s "
            "AND column_name = 'access_token'",
            ["partner_commission_statement"],
        )
        self.assertFalse(self.cr.fetchall())
        keys = (
            {"token": "0b2ee1b0-1a4a-4d6e-9d5c-2f2f2f2f2f2f"},
            {"hash": "x", "pid": self.finance.partner_id.id},
        )
        for user in (None, self.seller, self.rival):
            self.authenticate(user and user.login, user and user.login)
            for key in keys:
                for url, params in (
                    ("/mail/chatter_fetch", {}),
                    ("/mail/message/post", {"post_data": {"body": "x"}}),
                ):
                    result, error = self.send(url, **self.thread, **params, **key)
                    with self.subTest(user=user and user.login, url=url, key=key):
                        self.assertTrue(error or not result["messages"])
        self.assertNotIn("<p>x</p>", self.statement.message_ids.mapped("body"))

    def test_without_login_nothing_is_read_or_written(self):
        self.authenticate(None, None)
        result, error = self.send("/mail/chatter_fetch", **self.thread)
        self.assertTrue(error or not result["messages"])
        for answer in self.attempt_to_write()[:1]:
            self.assert_refused(answer)

    def test_people_without_money_neither_read_nor_write(self):
        for user in (self.seller, self.rival):
            self.statement.message_subscribe(user.partner_id.ids)
            self.log_in(user)
            result = self.assert_let(self.send("/mail/chatter_fetch", **self.thread))
            self.assertFalse(result["messages"])
            for answer in self.attempt_to_write():
                self.assert_refused(answer)

    def test_a_suspended_partner_reads_and_does_not_write(self):
        self.statement.message_subscribe(self.finance.partner_id.ids)
        self.alpha_member.action_suspend()
        self.log_in(self.finance)
        result = self.assert_let(self.send("/mail/chatter_fetch", **self.thread))
        self.assertTrue(result["messages"])
        for answer in self.attempt_to_write():
            self.assert_refused(answer)
        page = self.url_open(f"/my/statements/{self.statement.id}")
        self.assertIn('data-allow_composer="0"', page.text)

    def test_those_who_see_money_talk_to_the_vendor(self):
        self.log_in(self.finance)
        for answer in self.attempt_to_write():
            self.assert_let(answer)
        page = self.url_open(f"/my/statements/{self.statement.id}")
        self.assertIn('data-allow_composer="1"', page.text)

    def test_mails_lead_to_the_page_of_the_statement(self):
        url = f"/my/statements/{self.statement.id}"
        for user, leads in ((self.finance, True), (self.seller, False)):
            action = self.statement._get_access_action(access_uid=user.id)
            self.assertEqual(action.get("url") == url, leads)
        self.log_in(self.finance)
        answer = self.url_open(
            f"/mail/view?model={self.statement._name}&res_id={self.statement.id}",
            allow_redirects=False,
        )
        self.assertTrue(answer.headers["Location"].endswith(url))
        groups = self.statement._notify_get_recipients_groups(
            self.env["mail.message"], "Statement", {}
        )
        options = {name: options for name, _is_member, options in groups}
        self.assertTrue(options["portal"]["has_button_access"])
        self.assertTrue(options["portal"]["active"])

    def test_files_are_judged_by_content(self):
        executable = b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff\0\0" + bytes(200)
        self.log_in(self.finance)
        for name, content, is_taken in (
            ("bill.pdf", executable, False),
            ("bill.exe", executable, False),
            ("bill.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n", True),
        ):
            answer = self.url_open(
                "/mail/attachment/upload",
                data={**self.thread, "csrf_token": http.Request.csrf_token(self)},
                files=[("ufile", (name, content, "application/pdf"))],
            )
            self.assertEqual("data" in answer.json(), is_taken, name)

    def test_opening_documents_takes_the_right_to_the_record(self):
        lead = self.env["crm.lead"].create({"name": "Not theirs"})
        for records, method in (
            (self.statement, "action_open_entries"),
            (self.statement, "action_open_bill"),
            (self.alpha_member, "action_open_commission_entries"),
            (lead, "action_open_commission_entries"),
        ):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(records.with_user(self.rival), method)()
            self.assertTrue(getattr(records, method)())
