"""How long a step may take, and who is told when it is late: once."""

from datetime import datetime
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .qualification_case import QualificationCase


@tagged("post_install", "-at_install")
class TestQualificationJob(QualificationCase):
    @classmethod
    def setUpClass(cls):
        # a Wednesday; the working day of the calendar is eight hours from 8 to 17
        with freeze_time("2028-03-01 07:00:00"):
            super().setUpClass()

    @classmethod
    def _create_program(cls, name, company=None, **values):
        company = company or cls.company
        calendar = company.resource_calendar_id
        calendar.tz = "UTC"
        return super()._create_program(name, company, **values)

    def _run(self, moment):
        cron = self.env.ref("partner_channel.ir_cron_remind_qualifications")
        with freeze_time(moment), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _count_told(self, lead):
        return len(lead.message_ids.filtered(lambda m: "was due on" in (m.body or "")))

    def test_each_step_has_its_hours(self):
        """40 hours are five days of work, 16 two, 24 three; a weekend between."""
        self.assertEqual(self.sheet.date_due, datetime(2028, 3, 7, 17))
        with freeze_time("2028-03-02 07:00:00"):
            self._sign()
        self.assertEqual(self.sheet.date_due, datetime(2028, 3, 3, 17))
        self._row("Budget").write({"remark": "Why?"})
        with freeze_time("2028-03-03 07:00:00"):
            self.sheet._return()
        self.assertEqual(self.sheet.date_due, datetime(2028, 3, 9, 17))
        self.program.qualification_own_step = True
        with freeze_time("2028-03-06 07:00:00"):
            self._qualify()
        self.assertEqual(self.sheet.date_due, datetime(2028, 3, 8, 17))
        self._row("Called").write({"value_yesno": "yes"})
        self.sheet._confirm()
        self.assertFalse(self.sheet.date_due)

    def test_no_limit_is_none(self):
        self.program.qualification_vendor_hours = 0
        self._sign()
        self.assertFalse(self.sheet.date_due)

    def test_a_late_partner_is_told_once(self):
        for moment, told in (
            ("2028-03-07 16:59:00", 0),
            ("2028-03-07 17:01:00", 1),
            ("2028-03-08 17:01:00", 1),
        ):
            self._run(moment)
            self._run(moment)
            self.assertEqual(self._count_told(self.lead), told, moment)
        self.assertEqual(self.sheet.activity_ids.user_id, self.manager)
        found = self.env["crm.lead.qualification"].search(
            [("is_overdue", "=", True), ("id", "=", self.sheet.id)]
        )
        with freeze_time("2028-03-07 17:01:00"):
            self.sheet.invalidate_recordset()
            self.assertTrue(self.sheet.is_overdue)
        self.assertFalse(found, "the clock of the test stands before it")

    def test_a_late_vendor_is_told_to_the_head(self):
        self.program.head_id = self.head
        with freeze_time("2028-03-02 07:00:00"):
            self._sign()
        self._run("2028-03-04 12:00:00")
        self._run("2028-03-04 12:00:00")
        self.assertEqual(self.sheet.activity_ids.user_id, self.manager | self.head)
        self.assertEqual(len(self.sheet.activity_ids), 2)
        self.assertFalse(self._count_told(self.lead))

    def test_a_job_that_was_stopped_tells_nobody_twice(self):
        other = self._register(
            self.contoso,
            partner_name="Zen",
            customer_vat="",
            website="",
            registrant_id=self.rival.partner_id.id,
        )
        sheets = type(self.sheet)
        module = "odoo.addons.partner_channel.models.deal.qualification_reminder_mixin"
        self.enterContext(patch(f"{module}._BATCH", 1))
        remind, stopped = sheets._remind, []

        def stop(batch):
            if batch == other.qualification_id and not stopped:
                stopped.append(batch)
                raise ZeroDivisionError
            return remind(batch)

        self.patch(sheets, "_remind", stop)
        # both due in far future whatever day it is
        (self.sheet | other.qualification_id)._set_protected(
            {"date_due": "2028-03-07 17:00:00"}
        )
        with mute_logger("odoo.addons.base.models.ir_cron", "odoo.addons.base"):
            try:
                self._run("2028-03-08 12:00:00")
            except ZeroDivisionError:
                self.env.invalidate_all()
        self.assertTrue(stopped)
        self._run("2028-03-08 12:00:00")
        told = [self._count_told(lead) for lead in (self.lead, other)]
        self.assertEqual(told, [1, 1])

    def test_what_has_ended_is_left_alone(self):
        self._sign()
        self.assertTrue(self.sheet.activity_ids)
        self.lead._withdraw_registration()
        self.assertFalse(self.sheet.date_due or self.sheet.activity_ids)
        # a deal whose end was written some other way
        self.sheet._set_protected({"date_due": "2028-03-07 17:00:00"})
        self._run("2028-03-08 12:00:00")
        self.assertFalse(self._count_told(self.lead) or self.sheet.activity_ids)

    def test_the_clock_rests_once_it_was_let_through(self):
        self._sign()
        self.lead.with_user(self.head)._waive_qualification("Known customer")
        self.assertFalse(self.sheet.date_due or self.sheet.activity_ids)
        self._row("Budget").write({"remark": "Why?"})
        self.sheet._return()
        self.assertFalse(self.sheet.date_due, "nor does it begin with the next step")
        self._run("2028-06-01 12:00:00")
        self.assertFalse(self._count_told(self.lead))

    def test_the_clock_rests_with_the_deal(self):
        """Won or lost; opened again it goes on, with the hours of the step anew."""
        values = {"name": "Given", "type": "lead"}
        values["partner_assigned_id"] = self.northwind.partner_id.id
        leads = self.env["crm.lead"].create([values, values])
        for lead in leads:
            lead.action_qualification()
        sheets = leads.qualification_id
        self._sign(sheets[1])
        self._lose(leads)
        self.assertFalse(any(sheets.mapped("date_due")) or sheets.activity_ids)
        self._run("2028-06-01 12:00:00")
        self.assertFalse(self._count_told(leads))
        with freeze_time("2028-03-01 07:00:00"):
            leads.action_unarchive()
        self.assertEqual(
            sheets.mapped("date_due"),
            [datetime(2028, 3, 7, 17), datetime(2028, 3, 2, 17)],
        )
        self.assertEqual(sheets[1].activity_ids.user_id, self.manager)
        # 40 hours of the partner's, 16 of the vendor's
        self.program.qualification_threshold = 0
        self._answer_vendor(sheet=sheets[1])
        sheets[1]._qualify()
        leads[1].convert_opportunity(self.env["res.partner"])
        sheets[1]._set_protected({"date_due": "2028-03-07 17:00:00"})
        leads[1].action_set_won()
        self.assertFalse(sheets[1].date_due)

    def test_a_registration_that_is_lost_rests(self):
        self.program.qualification_required = False
        self.lead._approve_registration()
        self.assertTrue(self.sheet.date_due)
        self._lose(self.lead)
        self.assertFalse(self.sheet.date_due)
        self.lead.action_unarchive()
        self.assertEqual(self.lead.registration_state, "approved")
        self.assertTrue(self.sheet.date_due)

    def test_nobody_else_runs_it(self):
        with self.assertRaises(AccessError):
            self.sheet.with_user(self.head)._cron_remind_qualifications()
