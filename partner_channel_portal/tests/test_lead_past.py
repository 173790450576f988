"""What the next partner of a lead sees of what the former one did: nothing."""

import base64

from lxml import html

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .offer_common import LIST, OfferPageCase
from .remote_ways import get_ways

PAST = "Zyx-Past"
MODELS = (
    "crm.lead.qualification",
    "crm.lead.qualification.answer",
    "crm.lead.qualification.history",
    "crm.lead.qualification.contact",
    "qualification.snapshot",
    "partner.lead.offer",
    "partner.asset.use",
    "mail.message",
    "ir.attachment",
    "mail.activity",
    "crm.lead",
)


@tagged("post_install", "-at_install")
class TestLeadPast(OfferPageCase):
    """``alpha`` accepts, answers, signs, writes and plans; then ``beta`` has it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["qualification.template"].search([]).active = False
        cls.template = cls.env["qualification.template"].create(
            {"name": "Template", "program_id": cls.program.id}
        )
        section = cls.env["qualification.section"].create(
            {"name": "Section", "template_id": cls.template.id}
        )
        cls.story = cls.env["qualification.criterion"].create(
            {"name": "Story?", "kind": "text", "section_id": section.id}
        )
        cls.program.qualification_required = True

    def _work(self):
        """Let the first partner do all it can; return its sheet."""
        self.login(self.seller)
        self.post(f"{self.url}/accept")
        sheet = self.lead.qualification_id
        self.assertEqual(sheet.partner_id, self.alpha)
        self.post(
            f"/my/deals/{self.lead.id}/qualification",
            action="sign",
            revision=str(sheet.revision),
            signed_name=f"{PAST} Signer",
            **{
                f"answer_{self.story.id}": f"{PAST} answer",
                f"comment_{self.story.id}": f"{PAST} comment",
            },
        )
        self.assertEqual(sheet.state, "partner_qualified")
        row = sheet.vendor_answer_ids.filtered(
            lambda row: row.criterion_id == self.story
        )
        row.with_user(self.manager).remark = f"{PAST} remark"
        sheet.with_user(self.manager).contact_ids = [
            Command.create({"channel": "call", "result": f"{PAST} call"})
        ]
        sheet.with_user(self.manager).action_return()
        self._talk()
        return sheet

    def _talk(self):
        """Let partner and vendor write to each other, and the partner plan."""
        files = self.env["ir.attachment"].with_user(self.seller).sudo()
        file = files.create(
            {
                "name": f"{PAST}.txt",
                "raw": PAST.encode(),
                "res_model": "mail.compose.message",
                "res_id": 0,
            }
        )
        self.lead.with_user(self.seller).sudo().message_post(
            body=f"{PAST} to the vendor",
            author_id=self.seller.partner_id.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachment_ids=file.ids,
        )
        self.lead.with_user(self.manager).sudo().message_post(
            body=f"{PAST} to the partner",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.alpha.ids,
        )
        self.lead.sudo().activity_schedule(
            "mail.mail_activity_data_todo",
            summary=f"{PAST} plan",
            user_id=self.seller.id,
        )

    def _hand_on(self):
        """Take the lead back; the next partner accepts it."""
        self.env["partner.lead.offer"].search(
            [("lead_id", "=", self.lead.id), ("state", "=", "accepted")]
        )._note_idle()
        self.lead._take_from_partners()
        self.lead._distribute()
        [offer] = self.lead.offer_ids.filtered(lambda one: one.state == "offered")
        self.assertEqual(offer.partner_id, self.beta)
        self.login(self.rival)
        self.post(f"{LIST}/{offer.id}/accept")
        self.assertEqual(self.lead.partner_assigned_id, self.beta)

    def _get_pages(self):
        return (
            f"/my/lead/{self.env['ir.http']._slug(self.lead)}",
            f"/my/deals/{self.lead.id}/qualification",
            LIST,
            "/my/home",
            "/my/leads",
        )

    def test_no_page_shows_it(self):
        former = self._work()
        self.assertIn(PAST, self.get_page(self._get_pages()[1]).text_content())
        self._hand_on()
        sheet = self.lead.qualification_id
        self.assertNotEqual(sheet, former)
        self.assertRecordValues(sheet, [{"state": "draft", "partner_id": self.beta.id}])
        for url in self._get_pages():
            with self.subTest(url):
                text = html.tostring(self.get_page(url), encoding="unicode")
                self.assertNotIn(PAST, text)
                self.assertNotIn("Alpha", text)
        self.assertIn(
            "Story?", self.get_page(self._get_pages()[1]).text_content(), "asked anew"
        )

    def test_no_chatter_and_no_file_shows_it(self):
        self._work()
        file = self.env["ir.attachment"].search([("name", "=", f"{PAST}.txt")])
        talk = self.lead.message_ids.filtered(lambda m: PAST in (m.body or ""))
        self.assertEqual(len(talk), 2)
        self.assertEqual(talk.attachment_ids, file)
        self.assertEqual((file.res_model, file.res_id), ("crm.lead", self.lead.id))
        params = {"thread_model": "crm.lead", "thread_id": self.lead.id}

        def read():
            answer = self.url_open(
                "/mail/chatter_fetch",
                json={"jsonrpc": "2.0", "params": {**params, "fetch_params": {}}},
            )
            self.assertNotIn("error", answer.json())
            return answer.text

        self.assertIn(PAST, read(), "its own")
        self._hand_on()
        self.assertNotIn(PAST, read())
        self.assertEqual(file.res_model, "partner.lead.offer")
        self.assertEqual(file.read(["raw"])[0]["raw"], PAST.encode())
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule"):
            answer = self.url_open(f"/web/content/{file.id}")
        self.assertNotIn(PAST, answer.text)
        # the vendor reads on
        as_vendor = self.as_user(talk, self.manager)
        self.assertEqual(len(as_vendor.filtered(lambda m: PAST in m.body)), 2)

    def test_of_two_leads_each_hides_what_is_its_own_partners(self):
        """Alpha loses one lead and Beta another; both have written on each."""
        leads = self._make_lead() | self._make_lead()
        people = (self.seller, self.rival)
        kept, hidden = self.env["mail.message"], self.env["mail.message"]
        for lead, own in zip(leads, people, strict=True):
            for user in people:
                talk = self._write_with(lead, user)
                hidden |= talk if user == own else talk.browse()
                kept |= talk if user != own else talk.browse()
        former = dict(zip(leads.ids, (self.alpha, self.beta), strict=True))
        leads._hide_past(former)
        self.assertEqual(hidden.mapped("is_internal"), [True] * 4)
        self.assertEqual(kept.mapped("is_internal"), [False] * 4)
        self.assertEqual(set(kept.attachment_ids.mapped("res_model")), {"crm.lead"})
        self.assertFalse(any(hidden.attachment_ids.mapped("res_model")))
        self.assertEqual(len(kept.attachment_ids), 2)
        self.assertEqual(len(hidden.attachment_ids), 2)

    def _write_with(self, lead, user):
        """Return a message with a file of a partner's user, and the vendor's answer."""
        file = (
            self.env["ir.attachment"]
            .with_user(user)
            .sudo()
            .create({"name": "a.txt", "raw": b"a", "res_model": "mail.compose.message"})
        )
        values = {"message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
        question = lead.with_user(user).sudo()
        question = question.message_post(
            body="Question",
            author_id=user.partner_id.id,
            attachment_ids=file.ids,
            **values,
        )
        answer = lead.with_user(self.manager).sudo()
        answer = answer.message_post(
            body="Answer", partner_ids=user.partner_id.ids, **values
        )
        return (question | answer).sudo(False).with_env(self.env)

    @mute_logger("odoo.http", "odoo.models", "odoo.addons.base.models.ir_rule")
    def test_no_remote_call_tells_it(self):
        former = self._work()
        self._hand_on()
        ids = {
            "crm.lead": self.lead.ids,
            "crm.lead.qualification": former.ids,
            "crm.lead.qualification.answer": former.answer_ids.ids,
            "crm.lead.qualification.history": former.history_ids.ids,
            "crm.lead.qualification.contact": former.contact_ids.ids,
            "qualification.snapshot": former.snapshot_id.ids,
            "partner.lead.offer": self.lead.offer_ids.ids,
            "mail.message": self.lead.message_ids.ids,
        }
        reading = {"copy", "write", "unlink"}
        for name in MODELS:
            model = self.env[name]
            ways = get_ways(model, ids.get(name) or model.search([]).ids)
            for method, (args, kwargs) in ways.items():
                if method in reading:
                    continue
                with self.subTest(model=name, method=method):
                    self._assert_nothing(name, method, args, kwargs)
        fields = self.env["crm.lead"].with_user(self.rival)._fields
        for field in fields:
            with self.subTest(field=field):
                self._assert_nothing("crm.lead", "read", [self.lead.ids, [field]])
        for field in ("body", "author_id", "attachment_ids", "preview"):
            with self.subTest(message=field):
                args = [[("model", "=", "crm.lead")], [field]]
                self._assert_nothing("mail.message", "search_read", args)

    def _assert_nothing(self, model, method, args, kwargs=None):
        answer, error = self.call_as_user(model, method, args, **(kwargs or {}))
        self.assertNotIn(PAST, str(answer))
        self.assertNotIn(PAST, str(error))
        self.assertNotIn("Alpha", str(answer))

    def test_the_former_partner_reads_nothing_any_more(self):
        self._work()
        self._hand_on()
        self.login(self.seller)
        for url in self._get_pages()[:2]:
            with (
                self.subTest(url),
                mute_logger("odoo.http", "odoo.addons.base.models.ir_rule"),
            ):
                text = self.url_open(url).text
                self.assertNotIn("secret.example", text)
                self.assertNotIn(PAST, text)
        self.assertEqual(
            base64.b64encode(PAST.encode()),
            self.env["ir.attachment"].search([("name", "=", f"{PAST}.txt")]).datas,
        )
