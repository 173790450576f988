from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.partner_channel.tests.common import RemoteCase

from .common import CertificationCommon


@tagged("post_install", "-at_install")
class TestTypeThreads(CertificationCommon, RemoteCase):
    """What the vendor says about a certification is not for partners."""

    def setUp(self):
        super().setUp()
        self.message = self.kind.message_post(
            body="Secret", subtype_xmlid="mail.mt_comment"
        )
        self.user = self.rival.user_ids

    def test_a_partner_neither_reads_nor_follows(self):
        self.log_in(self.user)
        self.assert_refused(
            self.call("mail.message", "read", self.message.ids, ["body"]), "AccessError"
        )
        thread = {"thread_model": self.kind._name, "thread_id": self.kind.id}
        for url in ("/mail/chatter_fetch", "/mail/thread/messages"):
            self.assertFalse(self.assert_let(self.send(url, **thread))["messages"])
        self.assert_refused(
            self.call(
                self.kind._name, "message_subscribe", self.kind.ids, self.rival.ids
            ),
            "AccessError",
        )
        self.assertNotIn(self.rival, self.kind.message_partner_ids)

    def test_a_partner_does_not_post_even_as_a_follower(self):
        self.kind.message_subscribe(self.rival.ids)
        self.log_in(self.user)
        comment = self.env.ref("mail.mt_comment").id
        post = {"body": "Hi", "message_type": "comment", "subtype_id": comment}
        values = {**post, "model": self.kind._name, "res_id": self.kind.id}
        for attempt in (
            self.call(self.kind._name, "message_post", self.kind.ids, **post),
            self.call("mail.message", "create", [values]),
            self.send(
                "/mail/message/post",
                thread_model=self.kind._name,
                thread_id=self.kind.id,
                post_data={"body": "Hi"},
            ),
        ):
            self.assert_refused(attempt)

    def test_opening_certificates_takes_the_right_to_the_type(self):
        visitor = self.env["res.users"].create(
            {
                "name": "Visitor",
                "login": "lms_visitor",
                "group_ids": [Command.set(self.env.ref("base.group_public").ids)],
            }
        )
        action = self.kind.action_view_certifications()
        self.assertEqual(action["domain"], [("type_id", "in", self.kind.ids)])
        with self.assertRaises(AccessError):
            self.kind.with_user(visitor).action_view_certifications()

    def test_the_page_takes_any_parameter(self):
        self.log_in(self.user)
        url = "/my/certifications?self=1&env=2&domain=3&page=x&query=4"
        self.assertEqual(self.url_open(url).status_code, 200)
