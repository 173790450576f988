"""Reminders and the duty to report: each told once, whatever stops the job."""

from datetime import date, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import PartnerChannelCommon


@tagged("post_install", "-at_install")
class TestReminder(PartnerChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.write(
            {
                "protection_days": 90,
                "reminder_days": 14,
                "last_reminder_days": 3,
                "update_days": 20,
                "update_grace_days": 3,
            }
        )
        with freeze_time("2028-03-01 12:00:00"):
            cls.lead = cls._register(
                cls.northwind, registrant_id=cls.seller.partner_id.id
            )
            cls.other = cls._register(
                cls.northwind,
                partner_name="Zen Ltd",
                customer_vat="",
                website="",
                registrant_id=cls.seller.partner_id.id,
            )
            (cls.lead | cls.other)._approve_registration()

    def _run(self, name, day):
        cron = self.env.ref(f"partner_channel.{name}")
        with (
            freeze_time(f"{day} 12:00:00"),
            self.enter_registry_test_mode(),
            mute_logger("odoo.addons.base.models.ir_cron", "odoo.addons.base"),
        ):
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _count(self, lead, words):
        return len(lead.message_ids.filtered(lambda m: words in (m.body or "")))

    def test_the_end_is_told_twice_to_both(self):
        """90 days from 1 March 2028 is 30 May."""
        self.assertEqual(self.lead.date_protection_end, date(2028, 5, 30))
        told = []
        for day in ("2028-05-15", "2028-05-16", "2028-05-17", "2028-05-27"):
            self._run("ir_cron_remind_of_end", day)
            self._run("ir_cron_remind_of_end", day)
            told.append(self._count(self.lead, "protection of this deal ends"))
        self.assertEqual(told, [0, 1, 1, 2])
        self._run("ir_cron_remind_of_end", "2028-05-30")
        self.assertEqual(self._count(self.lead, "protection of this deal ends"), 2)
        people = self.lead.message_ids[0].notified_partner_ids
        self.assertLessEqual(self.seller.partner_id | self.manager.partner_id, people)

    def test_a_late_first_run_tells_once(self):
        self._run("ir_cron_remind_of_end", "2028-05-29")
        self.assertEqual(self._count(self.lead, "protection of this deal ends"), 1)

    def test_nothing_is_told_where_the_program_does_not_ask(self):
        self.program.write({"reminder_days": 0, "last_reminder_days": 0})
        self._run("ir_cron_remind_of_end", "2028-05-29")
        self.assertFalse(self._count(self.lead, "protection of this deal ends"))

    def test_a_job_that_was_stopped_tells_nobody_twice(self):
        leads = type(self.lead)
        module = "odoo.addons.partner_channel.models.deal.deal_reminder_mixin"
        self.enterContext(patch(f"{module}._BATCH", 1))
        tell, stopped = leads._tell_both, []

        def stumble(lead, body):
            if lead == self.other and not stopped:
                stopped.append(True)
                raise ValueError("out of memory")
            return tell(lead, body)

        self.patch(leads, "_tell_both", stumble)
        self._run("ir_cron_remind_of_end", "2028-05-16")
        self._run("ir_cron_remind_of_end", "2028-05-16")
        self.assertTrue(stopped)
        for lead in self.lead | self.other:
            self.assertEqual(self._count(lead, "protection of this deal ends"), 1)

    # === UPDATES === #

    def test_a_missed_update_is_reminded_then_overdue(self):
        self.assertEqual(self.lead.date_update_due, date(2028, 3, 21))
        self._run("ir_cron_remind_of_updates", "2028-03-21")
        self.assertFalse(self._count(self.lead, "update of this deal is due"))
        for _time in range(2):
            self._run("ir_cron_remind_of_updates", "2028-03-22")
        self.assertEqual(self._count(self.lead, "update of this deal is due"), 1)
        overdue = [("is_update_overdue", "=", True)]
        Lead = self.env["crm.lead"]
        for day, expected in (("2028-03-24", False), ("2028-03-25", True)):
            with freeze_time(day):
                self.lead.invalidate_recordset()
                self.assertEqual(self.lead.is_update_overdue, expected)
                self.assertEqual(self.lead in Lead.search(overdue), expected)

    def test_an_update_moves_the_day_on(self):
        with freeze_time("2028-03-15 12:00:00"):
            update = self.lead._post_update(
                "Demo held", date(2028, 6, 1), self.seller.partner_id
            )
        self.assertTrue(update.is_counted and update.is_kept)
        self.assertEqual(self.lead.date_update_due, date(2028, 4, 4))
        self.assertEqual(self.lead.date_deadline, date(2028, 6, 1))
        with self.assertRaises(AccessError):
            update.text = "Other"
        with self.assertRaises(AccessError):
            update.unlink()

    def test_what_is_not_protected_has_no_updates(self):
        self.lead._withdraw_registration()
        with self.assertRefused(UserError, "not protected"):
            self.lead._post_update("Demo held")
        with self.assertRefused(UserError, "what has happened"):
            self.other._post_update(" ")

    def test_the_discipline_counts_what_was_due(self):
        self.assertEqual(
            (self.northwind | self.contoso)._get_update_discipline(),
            {self.northwind.id: (0, 0), self.contoso.id: (0, 0)},
        )
        with freeze_time("2028-03-21 12:00:00"):
            self.lead._post_update("in time")
            self.lead._post_update("again the same day")
        with freeze_time("2028-03-26 12:00:00"):
            # that of the other deal is overdue since the 24th
            discipline = self.northwind._get_update_discipline()
            self.assertEqual(discipline, {self.northwind.id: (1, 2)})
            self.other._post_update("late")
            discipline = self.northwind._get_update_discipline()
            self.assertEqual(discipline, {self.northwind.id: (1, 2)})
        with freeze_time("2029-04-30 12:00:00"):
            # a year later only what was missed since counts: the deals of April 2028
            discipline = self.northwind._get_update_discipline()
            self.assertEqual(discipline, {self.northwind.id: (0, 0)})

    def test_the_discipline_earns_open_registrations(self):
        """2 deals: one update kept of two that were due."""
        with freeze_time("2028-03-21 12:00:00"):
            self.lead._post_update("in time")
        with freeze_time("2028-03-26 12:00:00"):
            history = self.northwind._measure_registration_history()
            self.assertEqual(history[self.northwind.id].discipline, 0.5)

    def test_a_deal_that_ended_in_time_is_no_miss(self):
        with freeze_time("2028-03-22 12:00:00"):
            self.lead._withdraw_registration()
        with freeze_time("2028-03-30 12:00:00"):
            self.other._withdraw_registration()
            discipline = self.northwind._get_update_discipline()
        self.assertEqual(discipline, {self.northwind.id: (0, 1)})

    def test_a_duty_that_comes_later_begins_with_the_job(self):
        self.program.update_days = 0
        third = self._register(
            self.contoso, partner_name="Third", customer_vat="", website=""
        )
        third._approve_registration()
        self.assertFalse(third.date_update_due)
        self.program.update_days = 20
        day = date.today()
        self._run("ir_cron_remind_of_updates", day)
        self.assertEqual(third.date_update_due, day + timedelta(days=20))

    def test_the_jobs_are_the_systems(self):
        Lead = self.env["crm.lead"]
        for user in (self.seller, self.manager, self.head):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                Lead.with_user(user)._cron_remind_of_updates()
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                Lead.with_user(user)._cron_remind_of_end()
