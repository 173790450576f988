"""Who has an open offer learns nothing from the chatter, exports or methods either."""

import json

from odoo import http
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .offer_common import OfferMixin, OfferPageCase
from .remote_ways import RemoteWalkMixin, get_ways

_QUIET = (
    "odoo.http",
    "odoo.models",
    "odoo.addons.base.models.ir_rule",
    "odoo.addons.web.controllers.export",
)
BODY = "Qzx: Jane Mustermann, jane@secret.example, +49 555 0199, 1 Elm Street"


class TalkMixin(OfferMixin):
    """``messages`` of the vendor on ``lead``, that alpha is offered, with a file."""

    @classmethod
    def setUpOffers(cls):
        result = super().setUpOffers()
        lead = cls.lead.with_user(cls.manager).sudo()
        cls.file = cls.env["ir.attachment"].create(
            {
                "name": "Qzx.txt",
                "raw": BODY.encode(),
                "mimetype": "text/plain",
                "res_model": "crm.lead",
                "res_id": lead.id,
            }
        )
        cls.message = lead.message_post(
            body=BODY,
            subject="Jane Mustermann",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachment_ids=cls.file.ids,
        )
        cls.note = lead.message_post(body=BODY, subtype_xmlid="mail.mt_note")
        cls.messages = cls.lead.message_ids
        return result


@tagged("post_install", "-at_install")
class TestOfferChatter(TalkMixin, OfferPageCase):
    def _get_calls(self, user):
        """Return ``(route, parameters)`` of all that concerns a thread."""
        lead, message = self.lead.id, self.message.id
        thread = {"thread_model": "crm.lead", "thread_id": lead}
        wanted = ["activities", "attachments", "contact_fields", "followers"]
        wanted += ["scheduledMessages", "suggestedRecipients"]
        fetch = [["mail.thread", {**thread, "request_list": wanted}], "init_messaging"]
        followers = self.lead.message_follower_ids.ids or [1]
        return (
            ("/mail/thread/messages", thread),
            ("/mail/chatter_fetch", thread),
            ("/portal/chatter_init", thread),
            ("/mail/data", {"fetch_params": fetch}),
            ("/mail/action", {"fetch_params": fetch}),
            ("/mail/thread/recipients", thread),
            ("/mail/thread/recipients", {**thread, "message_id": message}),
            ("/mail/thread/recipients/get_suggested_recipients", thread),
            ("/mail/partner/from_email", {**thread, "emails": ["x@y.example"]}),
            ("/mail/read_subscription_data", {"follower_id": followers[0]}),
            ("/mail/inbox/messages", {}),
            ("/mail/history/messages", {}),
            ("/mail/starred/messages", {}),
            ("/mail/message/translate", {"message_id": message}),
            ("/mail/link_preview", {"message_id": message}),
            ("/website_mail/is_follower", {"records": {"crm.lead": [lead]}}),
            *self._get_changing_calls(user),
            # a second time, should the first ones have opened the way
            ("/mail/thread/messages", thread),
            ("/mail/chatter_fetch", thread),
            ("/mail/data", {"fetch_params": fetch}),
        )

    def _get_changing_calls(self, user):
        """Return ``(route, parameters)`` of what would change something."""
        lead, message, me = self.lead.id, self.message.id, user.partner_id.ids
        thread = {"thread_model": "crm.lead", "thread_id": lead}
        record = {"res_model": "crm.lead", "res_id": lead, "partner_ids": me}
        return (
            ("/mail/thread/subscribe", record),
            ("/website_mail/follow", {"id": lead, "object": "crm.lead"}),
            ("/mail/message/post", {**thread, "post_data": {"body": "Hi"}}),
            (
                "/mail/message/update_content",
                {"message_id": message, "update_data": {"body": "Hi"}},
            ),
            (
                "/mail/message/reaction",
                {"message_id": message, "content": "👍", "action": "add"},
            ),
            ("/mail/update_is_internal", {"message_id": message, "is_internal": 0}),
            ("/mail/attachment/delete", {"attachment_id": self.file.id}),
        )

    def _get_state(self):
        """Return what no call of a partner may change."""
        self.env.invalidate_all()
        lead = self.lead
        return (
            lead.message_partner_ids,
            lead.message_ids,
            lead.message_ids.mapped("body"),
            lead.message_ids.reaction_ids,
            self.message.is_internal,
            self.file.exists(),
            self.offer.state,
        )

    def test_no_route_of_the_chatter_says_it(self):
        before = self._get_state()
        for user in (self.owner, self.seller):
            self.login(user)
            for url, params in self._get_calls(user):
                with self.subTest(user=user.login, url=url), mute_logger(*_QUIET):
                    answer = self.url_open(
                        url, json={"jsonrpc": "2.0", "params": params}
                    )
                    self.assert_silent(answer.text)
                    self.assertIn("jsonrpc", answer.text, "there is such a route")
        self.assertEqual(self._get_state(), before)

    def test_the_same_routes_say_it_once_the_lead_is_theirs(self):
        """Or the test above would find nothing whatever there is."""
        self.offer._accept()
        self.login(self.owner)
        calls = self._get_calls(self.owner)
        for url, params in calls[:2]:
            answer = self.url_open(url, json={"jsonrpc": "2.0", "params": params})
            self.assertIn("Jane Mustermann", answer.text, url)

    def test_no_page_and_no_file_says_it(self):
        message, file = self.message.id, self.file.id
        for user in (self.owner, self.seller):
            self.login(user)
            for url in (
                f"/mail/message/{message}",
                f"/mail/view?message_id={message}",
                f"/mail/view?model=crm.lead&res_id={self.lead.id}&access_token=x",
                f"/web/content/{file}",
                f"/web/content/{file}?access_token=x",
                f"/web/content/mail.message/{message}/body",
                f"/mail/attachment/pdf_first_page/{file}",
            ):
                with self.subTest(url=url), mute_logger(*_QUIET):
                    self.assert_silent(self.url_open(url).text)
            self._check_posts()

    def _check_posts(self):
        token = {"csrf_token": http.Request.csrf_token(self)}
        file = {"file_ids": str(self.file.id), "zip_name": "all.zip"}
        ufile = [("ufile", ("hi.txt", b"Hi", "text/plain"))]
        thread = {"thread_model": "crm.lead", "thread_id": str(self.lead.id)}
        with mute_logger(*_QUIET):
            answer = self.url_open("/mail/attachment/zip", data=token | file)
            self.assertNotIn(BODY.encode(), answer.content)
            self.assertNotIn(b"Qzx.txt", answer.content)
            answer = self.url_open(
                "/mail/attachment/upload", data=token | thread, files=ufile
            )
        self.assert_silent(answer.text)
        self.assertFalse(
            self.env["ir.attachment"].search_count([("name", "=", "hi.txt")])
        )

    def test_no_export_says_it(self):
        names = ("name", "contact_name", "email_from", "phone", "display_name")
        exports = (
            (self.lead, names),
            (self.messages, ("body", "subject", "record_name")),
            (self.offer, ("lead_id/name", "lead_id/contact_name", "display_name")),
            (self.file, ("name", "index_content")),
        )
        for user in (self.owner, self.seller):
            self.login(user)
            for records, fields in exports:
                for kind in ("csv", "xlsx"):
                    for ids in (records.ids, False):
                        data = {
                            "model": records._name,
                            "fields": [{"name": n, "label": n} for n in fields],
                            "ids": ids,
                            "domain": [["id", "in", records.ids]],
                            "import_compat": False,
                        }
                        with self.subTest(model=records._name, kind=kind, ids=ids):
                            self._check_export(kind, data)

    def _check_export(self, kind, data):
        token = http.Request.csrf_token(self)
        with mute_logger(*_QUIET):
            answer = self.url_open(
                f"/web/export/{kind}",
                data={"data": json.dumps(data), "csrf_token": token},
            )
        self.assert_silent(answer.text)
        # exporting takes a right of its own, that no partner has
        self.assertEqual(answer.status_code, 500)

    def test_no_remote_call_reads_the_messages(self):
        self.login(self.seller)
        for records in (self.messages, self.file):
            ways = get_ways(self.env[records._name], records.ids)
            for method, (args, kwargs) in ways.items():
                with self.subTest(method=method), mute_logger(*_QUIET):
                    answer, error = self.call_as_user(
                        records._name, method, args, **kwargs
                    )
                    self.assert_silent(f"{answer} {error and error['message']}")
                    self.assert_silent(str(error and error["data"]["message"]))
        with mute_logger(*_QUIET):
            found = self.call_as_user(
                "mail.message", "search_count", [[("body", "ilike", "Mustermann")]]
            )
        self.assertEqual(found, (0, None))


@tagged("post_install", "-at_install")
class TestOfferMethods(TransactionCase, TalkMixin, RemoteWalkMixin):
    """Every public method, as a person of the partner the lead is offered to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpChannel()
        cls.setUpOffers()

    def _get_state(self):
        lead = self.lead
        lead.invalidate_recordset()
        self.offer.invalidate_recordset()
        partners = lead.partner_assigned_id, lead.message_partner_ids
        return self.offer.state, lead.distribution_state, partners, lead.active

    def _look(self):
        self.seen = self._get_state()

    def test_no_public_method_says_it_or_answers(self):
        before = self._get_state()
        for records in (self.offer, self.lead):
            names = self._get_public_methods(records)
            self.assertGreater(len(names), 40)
            for name in names:
                for args in ([records.ids], []):
                    with self.subTest(model=records._name, method=name, args=args):
                        self.seen = before
                        answer, error = self._try(
                            records._name, name, args, user=self.seller
                        )
                        self.assert_silent(f"{answer} {error or ''}")
                        self.assertEqual(self.seen, before)
