from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.fields import Command
from odoo.tests import TransactionCase, freeze_time, tagged

from ..models import partner_portal_throttle as throttle
from .common_application import ApplicationMixin


@tagged("post_install", "-at_install")
class TestApplicationJob(TransactionCase, ApplicationMixin):
    """The jobs: what is unfinished is deleted, what is new is looked at."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpApplications()
        cls.reason = cls.env.ref("partner_channel_portal.application_reason_fit")

    def run_job(self, name):
        cron = self.env.ref(f"partner_channel_portal.ir_cron_{name}_applications")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def start(self, email, program=None):
        Application = self.env["partner.application"]
        program = program or self.program
        funnel = self.env["partner.application.funnel"]._visit(program, {}, "en_US")
        application, _errors = Application._portal_start(
            program, {"contact_name": "Anna", "email": email}, funnel
        )
        return application

    def test_unfinished_applications_go_and_the_funnel_stays(self):
        company = self.env["res.company"].create(
            {"name": "Vendor Two", "currency_id": self.env.ref("base.USD").id}
        )
        other = self.env["partner.program"].create(
            {
                "name": "Second",
                "company_id": company.id,
                "application_draft_days": 10,
                "grade_ids": [Command.create({"name": "Start"})],
            }
        )
        first, second = self.start("a@a.example"), self.start("b@b.example", other)
        kept, sent = self.start("c@c.example"), self.apply()
        second._confirm_email()
        self.assertEqual(
            [(a.date_draft_end - a.create_date).days for a in (first, second)],
            [30, 10],
        )
        files = self.env["ir.attachment"].create(
            {"name": "a", "raw": b"a", "res_model": first._name, "res_id": first.id}
        )
        past = fields.Datetime.now() - timedelta(minutes=1)
        (first + second).date_draft_end = past
        sent.date_draft_end = past
        funnels = (first + second).funnel_id
        for _run in range(2):
            self.run_job("clean")
            self.assertFalse((first + second).exists())
            self.assertFalse(files.exists())
            self.assertEqual(len((kept + sent).exists()), 2)
        self.assertEqual(funnels.exists().mapped("started"), [1, 1])
        self.assertEqual(funnels.mapped("confirmed"), [0, 1])

    def test_what_was_withdrawn_before_it_was_sent_goes_as_well(self):
        first, second = self.start("a@a.example"), self.start("b@b.example")
        kept, sent = self.start("c@c.example"), self.apply()
        second._confirm_email()
        for application in first + second + kept + sent:
            application._withdraw_application()
        past = fields.Datetime.now() - timedelta(minutes=1)
        (first + second + sent).date_draft_end = past
        for _run in range(2):
            self.run_job("clean")
            self.assertFalse((first + second).exists())
            self.assertEqual(len((kept + sent).exists()), 2)

    def test_saving_a_step_prolongs_a_draft(self):
        application = self.start("a@a.example")
        application.date_draft_end = fields.Datetime.now() + timedelta(days=1)
        steps = self._get_steps()
        wrong = {**steps["company"], "vat": "?"}
        errors = application._portal_save_step("company", wrong)
        self.assertEqual(list(errors), ["vat"])
        self.assertLess(
            application.date_draft_end, fields.Datetime.now() + timedelta(days=2)
        )
        application._portal_save_step("company", steps["company"])
        self.assertGreater(
            application.date_draft_end, fields.Datetime.now() + timedelta(days=29)
        )

    def test_new_applications_are_looked_at_once(self):
        self.env["res.partner"].create(
            {"name": "Known", "is_company": True, "vat": "DE136695976"}
        )
        known = self.apply(email="anna@gmail.com")
        other = self.apply(
            email="bo@gmail.com", vat="DE123456788", website="www.bo-bo.example"
        )
        for _run in range(2):
            self.run_job("screen")
            self.assertEqual((known + other).mapped("has_duplicates"), [True, False])
            self.assertTrue(all((known + other).mapped("date_screened")))
            self.assertEqual((known + other).mapped("state"), ["submitted"] * 2)

    def test_what_is_reviewed_at_once_is_looked_at_as_well(self):
        self.env["res.partner"].create(
            {"name": "Known", "is_company": True, "vat": "DE136695976"}
        )
        known = self.apply(email="anna@gmail.com")
        other = self.apply(
            email="bo@gmail.com", vat="DE123456788", website="www.bo-bo.example"
        )
        (known + other).with_user(self.manager).action_review()
        for _run in range(2):
            self.run_job("screen")
            self.assertEqual((known + other).mapped("has_duplicates"), [True, False])
            self.assertTrue(all((known + other).mapped("date_screened")))

    def test_what_is_corrected_after_a_question_is_looked_at_again(self):
        self.env["res.partner"].create(
            {"name": "Known", "is_company": True, "vat": "DE136695976"}
        )
        new = {"vat": "DE123456788", "website": "www.bo-bo.example"}
        answered = self.apply(email="bo@gmail.com", **new)
        reviewed = self.apply(email="ci@gmail.com", **{**new, "vat": "DE811569869"})
        self.env["partner.application"].flush_model()
        both = answered + reviewed
        both._screen()
        for application in both:
            application.has_duplicates = False
            application._ask_applicant("Is the tax ID right?")
            company = self._get_steps()["company"]
            self.assertEqual(application._portal_save_step("company", company), {})
        answered._portal_answer({"answer": "No"})
        # the vendor does not wait for the answer
        reviewed.with_user(self.manager).action_review()
        self.run_job("screen")
        self.assertEqual(both.mapped("has_duplicates"), [True, True])

    def test_whom_somebody_asked_is_not_declined_by_the_job(self):
        self.program.reapply_policy = "never"
        self.apply()._decline(self.reason)
        asked, reviewed, left = (self.apply() for _time in range(3))
        asked._ask_applicant("Why again?")
        asked._portal_answer({"answer": "We have grown"})
        reviewed.with_user(self.manager).action_review()
        self.run_job("screen")
        self.assertEqual(
            (asked + reviewed + left).mapped("state"),
            ["submitted", "in_review", "declined"],
        )

    def _apply_again(self, policy, months=6, after=timedelta(0), **values):
        """Return an application after one of the same company was declined."""
        self.program.write({"reapply_policy": policy, "reapply_months": months})
        self.apply()._decline(self.reason)
        with freeze_time(fields.Datetime.now() + after):
            again = self.apply(**values)
            self.run_job("screen")
        return again

    def test_applying_again_at_once(self):
        self.assertEqual(self._apply_again("always").state, "submitted")

    def test_applying_again_never(self):
        again = self._apply_again("never", email="somebody.else@else.example")
        self.assertEqual(again.state, "declined")
        self.assertEqual(
            again.reason_id,
            self.env.ref("partner_channel_portal.application_reason_early"),
        )
        self.assertTrue(again.has_duplicates)

    def test_applying_again_before_the_months_have_passed(self):
        again = self._apply_again("months", after=timedelta(days=100))
        self.assertEqual(again.state, "declined")

    def test_applying_again_after_the_months_have_passed(self):
        again = self._apply_again("months", after=timedelta(days=200))
        self.assertEqual(again.state, "submitted")

    def test_an_automatic_refusal_does_not_prolong_the_waiting(self):
        early = self._apply_again("months", after=timedelta(days=100))
        self.assertEqual(early.state, "declined")
        with freeze_time(fields.Datetime.now() + timedelta(days=200)):
            again = self.apply()
            self.run_job("screen")
        self.assertEqual(again.state, "submitted")

    def test_another_program_does_not_count(self):
        other = self.env["partner.program"].create(
            {
                "name": "Second",
                "grade_ids": [Command.create({"name": "Start"})],
                "is_published": True,
            }
        )
        self.program.reapply_policy = "never"
        self.apply(program=other)._decline(self.reason)
        again = self.apply()
        self.run_job("screen")
        self.assertEqual(again.state, "submitted")
        self.assertTrue(again.has_duplicates)

    def test_all_counters_of_past_days_go(self):
        Throttle = self.env["partner.portal.throttle"]
        Throttle.search([]).unlink()
        hour = fields.Datetime.now().replace(minute=0, second=0)
        Throttle.create(
            [
                {"user_id": self.env.uid, "action": "x", "key": str(n), "hour": day}
                | {"hits": 1}
                for day in (hour, hour - timedelta(days=2))
                for n in range(5)
            ]
        )
        with patch.object(throttle, "GC_BATCH", 3):
            self.assertEqual(Throttle._gc_throttle(), (3, True))
            self.assertEqual(Throttle._gc_throttle(), (2, False))
            self.assertEqual(Throttle._gc_throttle(), (0, False))
        self.assertEqual(Throttle.search([]).mapped("hour"), [hour] * 5)

    def test_the_clock_runs_in_working_hours(self):
        self.vendor.resource_calendar_id = self.env["resource.calendar"].create(
            {"name": "40 h", "tz": "UTC", "company_id": self.vendor.id}
        )
        # a Friday noon, eight hours: the same hour of Monday
        with freeze_time("2027-03-05 12:00:00"):
            application = self.apply()
        due = application.date_decision_due
        self.assertEqual((due.weekday(), due.day), (0, 8))
        application._ask_applicant("Why?")
        self.assertFalse(application.date_decision_due)
        with freeze_time("2027-03-09 08:00:00"):
            self.assertEqual(application._portal_answer({"answer": "So"}), {})
        self.assertEqual(application.date_decision_due.day, 9)
        self.assertEqual(application.date_submitted.day, 5, "the first time counts")
