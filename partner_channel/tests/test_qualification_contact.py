"""The vendor's log of contacts about a lead that it qualifies."""

from datetime import datetime

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .qualification_case import QualificationCase


@tagged("post_install", "-at_install")
class TestQualificationContact(QualificationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.analyst = cls._create_user("ana", "partner_channel.group_channel_analyst")
        cls.coordinator = cls._create_user(
            "cora", "partner_channel.group_channel_coordinator"
        )
        cls.admin = cls._create_user("adam", "partner_channel.group_channel_admin")

    def _log(self, user=None, sheet=None, **values):
        return (
            self.env["crm.lead.qualification.contact"]
            .with_user(user or self.manager)
            .create({"sheet_id": (sheet or self.sheet).id, **values})
        )

    def _get_notes(self, sheet=None):
        """Return the notes about contacts, the last one first."""
        messages = (sheet or self.sheet).message_ids
        return messages.filtered(lambda message: "Contact:" in (message.body or ""))

    # === WHAT IS WRITTEN === #

    def test_a_row_is_of_whoever_writes_it_now(self):
        contact = self._log()
        self.assertEqual(contact.user_id, self.manager)
        self.assertLess((datetime.now() - contact.date).total_seconds(), 60)
        self.assertEqual(contact.channel, "call")
        with self.assertRefused(ValidationError, "not one of your own people"):
            self._log(user_id=self.seller.id)

    def test_the_last_one_first_and_both_on_the_sheet(self):
        self.assertRecordValues(
            self.sheet, [{"contact_count": 0, "last_contact": False}]
        )
        middle = self._log(date="2026-02-02 10:00:00", channel="email")
        last = self._log(date="2026-03-03 10:00:00", channel="meeting")
        first = self._log(date="2026-01-01 10:00:00")
        same = self._log(date="2026-03-03 10:00:00", channel="other")
        self.sheet.invalidate_recordset()
        self.assertEqual(list(self.sheet.contact_ids), [same, last, middle, first])
        self.assertEqual(self.sheet.contact_count, 4)
        self.assertEqual(self.sheet.last_contact, same.display_name)
        self.assertIn("3/3/26", self.sheet.last_contact)
        self.assertIn(f"Other · {self.manager.name}", self.sheet.last_contact)
        first.date = "2026-04-04 10:00:00"
        self.assertIn("4/4/26", self.sheet.last_contact)

    def test_each_row_is_a_note_of_the_sheet(self):
        contact = self._log(
            contact_name="Ann <b>Buyer</b>", result="Wants a demo", next_step="Demo"
        )
        [note] = self._get_notes()
        self.assertIn("Ann &lt;b&gt;Buyer&lt;/b&gt; · Wants a demo · Demo", note.body)
        self.assertTrue(note.is_internal)
        self.assertEqual(note.author_id, self.manager.partner_id)
        contact.with_user(self.head).result = "Wants a price"
        note = self._get_notes()[0]
        self.assertIn("Wants a demo · Demo → ", note.body)
        self.assertIn("Wants a price · Demo", note.body)
        self.assertEqual(note.author_id, self.head.partner_id)
        contact.result = "Wants a price"
        self.assertEqual(len(self._get_notes()), 2, "nothing was changed")

    def test_rows_of_two_sheets_at_once(self):
        other = self._register(
            self.northwind, partner_name="Beta", customer_vat="", website=""
        ).qualification_id
        contacts = (
            self.env["crm.lead.qualification.contact"]
            .with_user(self.manager)
            .create(
                [
                    {"sheet_id": self.sheet.id, "result": "One"},
                    {"sheet_id": other.id, "result": "Two"},
                    {"sheet_id": other.id, "result": "Three"},
                ]
            )
        )
        self.assertIn("One", self._get_notes().body)
        note = self._get_notes(other)
        self.assertEqual(len(note), 1)
        self.assertIn("Two", note.body)
        self.assertIn("Three", note.body)
        self.assertEqual((self.sheet | other).mapped("contact_count"), [1, 2])
        contacts.write({"next_step": "Call again"})
        self.assertEqual(len(self._get_notes(other)), 2)
        with self.assertRefused(UserError, "stays with its qualification"):
            contacts[0].sheet_id = other

    def test_the_form_of_the_sheet(self):
        view = "partner_channel.crm_lead_qualification_view_form"
        revision = self.sheet.revision
        form = Form(self.sheet.with_user(self.manager), view)
        with form.contact_ids.new() as row:
            row.channel = "meeting"
            row.contact_name = "Ann"
            row.result = "Agreed"
        form.save()
        self.assertRecordValues(
            self.sheet.contact_ids,
            [{"channel": "meeting", "user_id": self.manager.id, "result": "Agreed"}],
        )
        self.assertEqual(self.sheet.revision, revision, "no news for the partner")

    # === WHO === #

    def test_who_writes(self):
        for user in (self.manager, self.coordinator, self.head, self.admin):
            with self.subTest(user.login):
                contact = self._log(user)
                contact.result = "Corrected"
                self.assertEqual(contact.user_id, user)
                with (
                    mute_logger("odoo.addons.base.models.ir_model"),
                    self.assertRefused(AccessError),
                ):
                    contact.unlink()

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_who_does_not(self):
        contact = self._log()
        for user, reads in (
            (self.analyst, True),
            (self.other_manager, False),
            (self.seller, False),
            (self.rival, False),
        ):
            with self.subTest(user.login):
                foreign = contact.with_user(user)
                self.assertEqual(foreign.has_access("read"), reads)
                with self.assertRefused(AccessError):
                    self._log(user)
                with self.assertRefused(AccessError):
                    foreign.write({"result": "Forged"})
                with self.assertRefused(AccessError):
                    self.sheet.with_user(user).write(
                        {"contact_ids": [Command.create({"result": "Forged"})]}
                    )
                with self.assertRefused(AccessError):
                    foreign.unlink()
        self.assertEqual(self.sheet.contact_count, 1)
        self.assertFalse(contact.result)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_another_company_sees_nothing(self):
        contact = self._log()
        self.head.write(
            {
                "company_ids": [Command.set(self.other_company.ids)],
                "company_id": self.other_company.id,
            }
        )
        self.assertFalse(contact.with_user(self.head).has_access("read"))
        with self.assertRefused(AccessError):
            self._log(self.head)
        with self.assertRefused(UserError, "company"):
            contact.user_id = self.head

    def test_ones_own_deal_somebody_else_works_on(self):
        contact = self._log()
        self.manager.partner_id.parent_id = self.northwind.partner_id
        with self.assertRefused(AccessError, "your own company"):
            self._log()
        with self.assertRefused(AccessError, "your own company"):
            contact.result = "Ours"

    # === UNTIL WHEN === #

    def _assert_closed(self, contact, *words):
        for user in (self.manager, self.coordinator, self.admin):
            with self.subTest(user.login):
                with self.assertRefused(UserError, *words):
                    self._log(user)
                with self.assertRefused(UserError, *words):
                    contact.with_user(user).result = "Late"
        self.assertEqual(self.sheet.contact_ids, contact)

    def test_a_decided_sheet_takes_none(self):
        contact = self._log()
        self._qualify()
        contact.result = "In the vendor's own step"
        self._row("Called").with_user(self.manager).write({"value_yesno": "yes"})
        self.sheet.with_user(self.manager).action_confirm()
        self._assert_closed(contact, "is decided")

    def test_a_rejected_sheet_takes_none(self):
        contact = self._log()
        self._sign()
        sheet = self.sheet.with_user(self.manager)
        sheet.reject_reason = "No budget"
        sheet.action_reject()
        self._assert_closed(contact, "is decided")

    def test_a_replaced_sheet_keeps_its_own(self):
        contact = self._log()
        self._qualify()
        self.sheet.with_user(self.manager).action_begin_again()
        self._assert_closed(contact, "has ended")
        self.assertNotEqual(self.lead.qualification_id, self.sheet)
        self.assertFalse(self.lead.qualification_id.contact_ids)
        self.assertEqual(contact._fields["sheet_id"].ondelete, "cascade")
