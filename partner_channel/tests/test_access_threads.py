from datetime import datetime

from odoo.fields import Command
from odoo.tests import tagged

from .common import PartnerChannelCommon, RemoteCase


@tagged("post_install", "-at_install")
class TestInternalThreads(PartnerChannelCommon, RemoteCase):
    """What the vendor says about programs and memberships is not for partners."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.records = cls.program, cls.northwind
        cls.messages = cls.env["mail.message"].concat(
            *(
                record.message_post(body="Secret", subtype_xmlid="mail.mt_comment")
                for record in cls.records
            )
        )

    def test_a_partner_reads_no_message(self):
        self.log_in(self.seller)
        for record, message in zip(self.records, self.messages, strict=True):
            self.assert_refused(
                self.call("mail.message", "read", message.ids, ["body"]), "AccessError"
            )
            domain = [["model", "=", record._name], ["res_id", "=", record.id]]
            found = self.assert_let(
                self.call("mail.message", "search_read", domain, ["body"])
            )
            self.assertFalse(found)
            thread = {"thread_model": record._name, "thread_id": record.id}
            for url in ("/mail/chatter_fetch", "/mail/thread/messages"):
                result = self.assert_let(self.send(url, **thread))
                self.assertFalse(result["messages"], url)

    def test_a_partner_follows_nothing(self):
        self.log_in(self.seller)
        me = self.seller.partner_id.ids
        for record in self.records:
            for attempt in (
                self.call(record._name, "message_subscribe", record.ids, me),
                self.send(
                    "/mail/thread/subscribe",
                    res_model=record._name,
                    res_id=record.id,
                    partner_ids=me,
                ),
            ):
                self.assert_refused(attempt, "AccessError")
            self.assertNotIn(self.seller.partner_id, record.message_partner_ids)

    def test_a_partner_posts_nothing_even_as_a_follower(self):
        for record in self.records:
            record.message_subscribe(self.seller.partner_id.ids)
            record.message_notify(
                body="For you", partner_ids=self.seller.partner_id.ids
            )
        count = self.env["mail.message"].search_count([])
        self.log_in(self.seller)
        for record, message in zip(self.records, self.messages, strict=True):
            for answer in (
                *self.attempt_to_post(record),
                *self.attempt_to_create(record, message),
                self.send(
                    "/mail/message/reaction",
                    message_id=message.id,
                    content="👍",
                    action="add",
                ),
            ):
                self.assert_refused(answer)
        self.assertEqual(self.env["mail.message"].search_count([]), count)

    def attempt_to_post(self, record):
        """Yield the answers to posting on a record."""
        yield self.call(record._name, "message_post", record.ids, body="Hi")
        to = self.rival.partner_id.ids
        yield self.call(
            record._name, "message_notify", record.ids, body="Hi", partner_ids=to
        )
        yield self.send(
            "/mail/message/post",
            thread_model=record._name,
            thread_id=record.id,
            post_data={"body": "Hi"},
        )

    def attempt_to_create(self, record, parent):
        """Yield the answers to creating a message of each kind on a record."""
        for kind in ("comment", "notification", "user_notification"):
            values = {
                "model": record._name,
                "res_id": record.id,
                "body": "Hi",
                "parent_id": parent.id,
                "message_type": kind,
                "subtype_id": self.env.ref("mail.mt_comment").id,
            }
            yield self.call("mail.message", "create", [values])

    def test_the_vendors_people_go_on_talking(self):
        self.program.with_user(self.head).message_subscribe(self.head.partner_id.ids)
        message = self.northwind.with_user(self.manager).message_post(body="Call them")
        self.assertEqual(message.with_user(self.manager).body, "<p>Call them</p>")

    def test_opening_the_registrations_takes_the_right_to_the_membership(self):
        self.log_in(self.rival)
        self.assert_refused(
            self.call("partner.membership", "action_open_leads", self.northwind.ids),
            "AccessError",
        )


@tagged("post_install", "-at_install")
class TestForgedMessages(PartnerChannelCommon, RemoteCase):
    def test_a_partner_does_not_date_messages_nor_write_history(self):
        lead = self._register(self.northwind)
        lead.message_subscribe(self.seller.partner_id.ids)
        ordinary = self.env["crm.lead"].create(
            {"name": "Given", "partner_assigned_id": self.seller.partner_id.id}
        )
        field = self.env["ir.model.fields"]._get("crm.lead", "registration_state")
        tracking = Command.create(
            {"field_id": field.id, "old_value_char": "x", "new_value_char": "Approved"}
        )
        past = "2001-01-01 00:00:00"
        self.log_in(self.seller)
        for context in ({}, {"default_date": past}):
            created = self.assert_let(
                self.call(
                    "mail.message",
                    "create",
                    [
                        {
                            "model": "crm.lead",
                            "res_id": ordinary.id,
                            "body": "We agreed long ago",
                            "message_type": "comment",
                            "subtype_id": self.env.ref("mail.mt_comment").id,
                            **({} if context else {"date": past}),
                            "tracking_value_ids": [tracking],
                        }
                    ],
                    context=context,
                )
            )
            message = self.env["mail.message"].browse(created)
            self.assertGreater(message.date, datetime(2020, 1, 1))
            self.assertFalse(message.tracking_value_ids)
            self.call("mail.message", "write", message.ids, {"date": past})
            self.assertGreater(message.date, datetime(2020, 1, 1))
