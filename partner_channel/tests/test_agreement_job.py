"""Agreements by the calendar: reminded once, ended on the company's day."""

from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .agreement_case import AgreementCase


@tagged("post_install", "-at_install")
class TestAgreementJob(AgreementCase):
    @classmethod
    @freeze_time("2028-03-15 12:00:00")
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls._sign(cls.northwind, "2028-03-01", date_to="2028-08-31")
        cls.second = cls._sign(cls.contoso, "2028-03-01", date_to="2028-08-31")
        cls.endless = cls._sign(
            cls._create_membership("Endless", manager=cls.manager), "2028-03-01"
        )

    def _run_on(self, moment):
        with freeze_time(moment):
            self._run_job()

    def _activities(self, agreement):
        kind = self.env.ref("partner_channel.mail_activity_renew_agreement")
        return agreement.activity_ids.filtered(lambda a: a.activity_type_id == kind)

    def test_the_channel_manager_is_reminded_once(self):
        """60 days before 31 August 2028 is 2 July."""
        self._run_on("2028-07-01 12:00:00")
        self.assertFalse(self._activities(self.first | self.second))
        for _turn in range(2):
            self._run_on("2028-07-02 12:00:00")
            for agreement, user in (
                (self.first, self.manager),
                (self.second, self.other_manager),
            ):
                told = self._activities(agreement)
                self.assertEqual(told.user_id, user)
                self.assertEqual(len(told), 1)
                self.assertEqual(told.date_deadline, date(2028, 8, 31))
                self.assertIn("ends on", told.note)
        self.assertFalse(self._activities(self.endless))

    def test_nobody_is_reminded_of_what_is_renewed_or_has_left(self):
        with freeze_time("2028-06-01 12:00:00"):
            self._sign(self.northwind, "2028-06-01", date_from="2028-09-01")
            self.contoso.action_terminate()
        self._run_on("2028-07-05 12:00:00")
        self.assertFalse(self._activities(self.first | self.second))

    def test_without_a_manager_the_head_of_the_program_is_reminded(self):
        self.northwind.manager_id = False
        self.program.head_id = self.head
        self._run_on("2028-07-05 12:00:00")
        self.assertEqual(self._activities(self.first).user_id, self.head)

    def test_an_archived_manager_does_not_hide_the_head(self):
        self.program.head_id = self.head
        self.manager.active = False
        self._run_on("2028-07-05 12:00:00")
        self.assertEqual(self._activities(self.first).user_id, self.head)
        self.assertEqual(self._activities(self.second).user_id, self.other_manager)

    def test_many_are_reminded_at_once(self):
        with freeze_time("2028-03-15 12:00:00"):
            for number in range(3):
                member = self._create_membership(f"M{number}", manager=self.manager)
                self._sign(member, "2028-03-01", date_to="2028-08-31")
        agreements = type(self.env["partner.agreement"])
        with patch.object(
            agreements,
            "activity_schedule",
            autospec=True,
            side_effect=agreements.activity_schedule,
        ) as schedule:
            self._run_on("2028-07-05 12:00:00")
        sizes = sorted(len(call.args[0]) for call in schedule.call_args_list)
        self.assertEqual(sizes, [1, 4], "once for each manager and day")
        told = self.template.agreement_ids.filtered(lambda a: self._activities(a))
        self.assertEqual(len(told), 5)

    def test_a_renewal_ends_the_reminder(self):
        self._run_on("2028-07-05 12:00:00")
        self.assertTrue(self._activities(self.first))
        with freeze_time("2028-07-06 12:00:00"):
            self._sign(self.northwind, "2028-07-06", date_from="2028-09-01")
        self.assertFalse(self._activities(self.first))
        self.assertTrue(self._activities(self.second))

    def test_a_newer_version_reminds_anew(self):
        with freeze_time("2028-07-05 12:00:00"):
            self._run_job()
            self._publish(self.template, date_resign="2028-07-31")
            self.assertFalse(self._activities(self.first))
            self._run_job()
        told = self._activities(self.first)
        self.assertEqual(told.date_deadline, date(2028, 7, 31))
        self.assertIn("newer version", told.note)
        self.assertTrue(self._activities(self.endless))

    def test_agreements_end_after_their_last_day(self):
        self._run_on("2028-08-31 12:00:00")
        self.assertEqual(self.first.state, "signed")
        for _turn in range(2):
            self._run_on("2028-09-01 12:00:00")
            self.assertEqual(
                (self.first | self.second).mapped("state"), ["expired", "expired"]
            )
            self.assertEqual(self.first.date_last, date(2028, 8, 31))
            self.assertFalse(self.first.date_ended, "nobody terminated it")
        self.assertEqual(self.endless.state, "signed")
        self.assertFalse(self._activities(self.first))

    def test_the_day_is_the_companys(self):
        self.company.partner_id.tz = "Pacific/Auckland"
        self._run_on("2028-08-31 11:00:00")
        self.assertEqual(self.first.state, "signed", "23:00 on the last day")
        self._run_on("2028-08-31 12:30:00")
        self.assertEqual(self.first.state, "expired", "the day after, there")

    def test_companies_end_on_their_own_days(self):
        program = self._create_program("Elsewhere", company=self.other_company)
        template = self._create_template("Elsewhere", program)
        self._publish(template)
        member = self._create_membership("Initech", program)
        with freeze_time("2028-03-15"):
            there = self._sign(
                member, "2028-03-01", template=template, date_to="2028-08-31"
            )
        self.company.partner_id.tz = "Pacific/Auckland"
        self.other_company.partner_id.tz = "America/Los_Angeles"
        self._run_on("2028-08-31 13:00:00")
        self.assertEqual((self.first.state, there.state), ("expired", "signed"))

    def test_a_newer_version_supersedes(self):
        with freeze_time("2028-07-05 12:00:00"):
            self._publish(self.template, date_resign="2028-07-31")
        self._run_on("2028-08-01 12:00:00")
        self.assertEqual(
            (self.first | self.second | self.endless).mapped("state"),
            ["superseded"] * 3,
        )
        with freeze_time("2028-08-02 12:00:00"):
            self.template.current_version_id.date_resign = "2028-12-31"
        for agreement in self.first | self.endless:
            self.assertEqual(agreement.date_last, date(2028, 7, 31), "it has ended")

    def test_a_renewed_agreement_is_superseded_by_its_successor(self):
        with freeze_time("2028-06-01 12:00:00"):
            new = self._sign(self.northwind, "2028-06-01", date_from="2028-07-01")
        self.assertEqual(self.first.state, "signed")
        self._run_on("2028-07-01 12:00:00")
        self.assertEqual((self.first.state, new.state), ("superseded", "signed"))

    def test_a_job_that_was_stopped_goes_on(self):
        agreements = type(self.env["partner.agreement"])
        work = agreements._remind

        def stop(records):
            work(records)
            raise KeyboardInterrupt

        with freeze_time("2028-07-05 12:00:00"):
            self._run_batch_by_batch(1)
            self.assertEqual(len(self._activities(self.first)), 1)
            with (
                patch.object(agreements, "_remind", stop),
                self.assertRaises(KeyboardInterrupt),
            ):
                self._run_batch_by_batch(1)
        self.env.invalidate_all()
        self.assertFalse(self._activities(self.second), "taken back with its mark")
        self._run_on("2028-07-05 12:00:00")
        for agreement in self.first | self.second:
            self.assertEqual(len(self._activities(agreement)), 1)

    def _run_batch_by_batch(self, size):
        agreements = self.env["partner.agreement"]
        agreements._run_batch(
            agreements._get_reminder_domain(), size, lambda batch: batch._remind()
        )

    @mute_logger("odoo.addons.base.models.ir_cron")
    def test_nobody_but_the_system_runs_it(self):
        agreements = self.env["partner.agreement"]
        for user in (self.seller, self.manager):
            with self.assertRefused(AccessError):
                agreements.with_user(user)._cron_follow_agreements()
