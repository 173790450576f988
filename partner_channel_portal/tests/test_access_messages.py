from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PortalFormCase


@tagged("post_install", "-at_install")
class TestMessageAccess(PortalFormCase):
    """Who writes on a deal: people who may, not people who follow."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deal = cls._create_deals(cls.seller, submit=True)
        cls._end_memberships()

    def attempt_to_write(self, user, deal):
        """Return the names of the ways by which a person writes on a deal."""
        self.login(user)
        comment = self.env.ref("mail.mt_comment").id
        values = {
            "model": "crm.lead",
            "res_id": deal.id,
            "body": "x",
            "message_type": "comment",
            "subtype_id": comment,
        }
        post = {"body": "x", "message_type": "comment", "subtype_id": comment}
        ways = {
            "message_post": ("crm.lead", "message_post", [deal.ids], post),
            "create": ("mail.message", "create", [[values]], {}),
            "reply": (
                "mail.message",
                "create",
                [[{**values, "parent_id": deal.message_ids[:1].id}]],
                {},
            ),
        }
        done = set()
        for name, (model, method, args, kwargs) in ways.items():
            _result, error = self.call_as_user(model, method, args, **kwargs)
            if not error:
                done.add(name)
        params = {
            "thread_model": "crm.lead",
            "thread_id": deal.id,
            "post_data": {"body": "x"},
        }
        answer = self.url_open(
            "/mail/message/post", json={"jsonrpc": "2.0", "params": params}
        )
        return done if "error" in answer.json() else done | {"route"}

    @mute_logger("odoo.http", "odoo.models")
    def test_a_suspended_partner_does_not_write_by_following(self):
        for user, deal in (
            (self.suspended, self.suspended_deal),
            (self.terminated, self.terminated_deal),
            (self.rival, self.deal),
        ):
            deal.message_subscribe(user.partner_id.ids)
            deal.message_notify(body="For you", partner_ids=user.partner_id.ids)
            with self.subTest(user=user.login):
                self.assertEqual(self.attempt_to_write(user, deal), set())

    @mute_logger("odoo.http", "odoo.models")
    def test_a_suspended_partner_does_not_change_what_was_written(self):
        self.gamma_membership.action_activate()
        message = self.suspended_deal.with_user(self.suspended).message_post(
            body="First", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.gamma_membership.action_suspend()
        self.login(self.suspended)
        _result, error = self.call_as_user(
            "mail.message", "write", [message.ids, {"body": "Later"}]
        )
        self.assertTrue(error)
        params = {"message_id": message.id, "update_data": {"body": "Later"}}
        answer = self.url_open(
            "/mail/message/update_content", json={"jsonrpc": "2.0", "params": params}
        )
        self.assertIn("error", answer.json())
        self.env.invalidate_all()
        self.assertIn("First", message.body)

    @mute_logger("odoo.http", "odoo.models")
    def test_people_of_an_active_partner_write(self):
        ways = {"message_post", "create", "reply", "route"}
        for user in (self.seller, self.viewer):
            with self.subTest(user=user.login):
                self.assertEqual(self.attempt_to_write(user, self.deal), ways)
