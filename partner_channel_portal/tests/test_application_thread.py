from odoo import http
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.partner_channel.tests.common import RemoteCase

from .common_application import ApplicationMixin
from .test_registration_files import PDF


@tagged("post_install", "-at_install")
class TestApplicationThread(RemoteCase, ApplicationMixin):
    """What the vendor says about an applicant, and its files, are the vendor's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpApplications()
        cls.application = cls.apply()
        cls.application.with_user(cls.manager).message_post(
            body="They hide something",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        cls.thread = {
            "thread_model": cls.application._name,
            "thread_id": cls.application.id,
        }

    def get_keys(self):
        """Return what an address could carry, the secrets known."""
        person = self.rival.partner_id.id
        return (
            {"token": self.application.access_token},
            {"hash": self.application._sign_token(person), "pid": person},
        )

    def test_the_link_opens_the_page_and_not_the_thread(self):
        messages = self.application.message_ids
        for user in (None, self.rival):
            self.authenticate(user and user.login, user and user.login)
            for key in self.get_keys():
                with self.subTest(user=user and user.login, key=list(key)):
                    result, error = self.send(
                        "/mail/chatter_fetch", **self.thread, **key
                    )
                    self.assertTrue(error or not result["messages"])
                    self.assert_refused(
                        self.send(
                            "/mail/message/post",
                            **self.thread,
                            **key,
                            post_data={"body": "x"},
                        )
                    )
        self.assertEqual(self.application.message_ids, messages)

    def test_the_link_attaches_nothing_past_the_form(self):
        files = self.env["ir.attachment"].search_count([])
        for user in (None, self.rival):
            self.authenticate(user and user.login, user and user.login)
            for key in self.get_keys():
                with (
                    self.subTest(user=user and user.login, key=list(key)),
                    mute_logger("odoo.http"),
                ):
                    answer = self.url_open(
                        "/mail/attachment/upload",
                        data={
                            "csrf_token": http.Request.csrf_token(self),
                            **self.thread,
                            **key,
                        },
                        files=[("ufile", ("a.pdf", PDF, "application/pdf"))],
                    )
                    self.assertEqual(answer.status_code, 404)
        self.assertEqual(self.env["ir.attachment"].search_count([]), files)

    def test_the_vendors_people_go_on_talking(self):
        self.log_in(self.manager)
        result = self.assert_let(self.send("/mail/chatter_fetch", **self.thread))
        self.assertTrue(result["messages"])
        self.assert_let(
            self.send("/mail/message/post", **self.thread, post_data={"body": "So?"})
        )
