from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import JsonRpcException, freeze_time, tagged
from odoo.tests.common import HttpCase
from odoo.tools import mute_logger

from .learning_case import LearningCase
from .lms_case import LmsCase


@tagged("post_install", "-at_install")
class TestLearningState(LearningCase):
    """Progress from attendance, passing from certificates alone."""

    def setUp(self):
        super().setUp()
        self.path = self._create_path()

    def test_attending_shows_progress_and_certificates_finish(self):
        own = self._enrol()
        self._read_lesson(self.seller)
        own._review()
        self.assertRecordValues(own, [{"state": "running", "progress": 50}])
        self._take(self.seller)
        # the certificate finishes the path at once
        self.assertRecordValues(
            own, [{"state": "done", "progress": 100, "date_next": False}]
        )
        self.assertTrue(self._attending(self.course), "what was learnt may be read")

    def test_a_course_marked_as_done_passes_nothing(self):
        own = self._enrol()
        self._read_lesson(self.seller)
        attendance = self.course.channel_partner_ids.filtered(
            lambda row: row.partner_id == self.seller
        )
        attendance.write({"member_status": "completed", "completion": 100})
        own._review()
        self.assertRecordValues(own, [{"state": "running", "progress": 99}])
        [(_intro, first), (_course, second)] = own._get_step_facts()[own.id]
        self.assertEqual((first.state, second.state), ("studied", "studied"))

    def test_failed_and_trial_attempts_pass_nothing(self):
        own = self._enrol()
        self._read_lesson(self.seller)
        self._take(self.seller, right=False)
        self._take(self.seller, trial=True)
        own._review()
        self.assertEqual(own.state, "running")

    def test_an_optional_step_holds_nobody_up(self):
        self.path.step_ids[1].is_mandatory = False
        own = self._enrol()
        self._read_lesson(self.seller)
        self.assertIn(own, own._review())
        self.assertEqual(own.state, "done")

    @freeze_time("2027-03-01 12:00:00")
    def test_overdue_follows_from_the_first_step_that_is_left(self):
        own = self._enrol()
        with freeze_time("2027-03-11 12:00:00"):
            own._review()
            self.assertEqual(own.state, "waiting", "the last day counts")
        with freeze_time("2027-03-12 12:00:00"):
            own._review()
            self.assertEqual(own.state, "overdue")
            self._read_lesson(self.seller)
            own._review()
            self.assertRecordValues(
                own, [{"state": "running", "date_next": date(2027, 3, 31)}]
            )
        with freeze_time("2027-04-01 12:00:00"):
            own._review()
            self.assertEqual(own.state, "overdue")
            self.path.step_ids[1].due_days = 60
            self.assertRecordValues(
                own, [{"state": "running", "date_due": date(2027, 4, 30)}]
            )

    def test_a_revoked_certificate_passes_nothing(self):
        own = self._enrol()
        self._take(self.seller)
        self._certificates(self.seller)._revoke("Copied")
        self._read_lesson(self.seller)
        own._review()
        self.assertEqual(own.state, "running")

    def test_many_enrolments_cost_as_many_queries_as_few(self):
        self.path.role_ids = False
        self._enrol()
        enrolments = self.Enrolment.search([])
        self.assertEqual(len(enrolments), 3)
        enrolments._review()
        few = self._count(enrolments._review)
        for number in range(6):
            self._create_person(self.north, f"Person {number}", f"many{number}")
        more = self.Enrolment.search([])
        self.assertEqual(len(more), 9)
        self.assertEqual(self._count(more._review), few)


@tagged("post_install", "-at_install")
class TestLearningReminder(LearningCase):
    """E-mails about what is due: once for each due day."""

    @freeze_time("2027-03-01 12:00:00")
    def setUp(self):
        super().setUp()
        self.path = self._create_path(remind_days=3)
        self.seller.lang = "en_US"
        self.own = self._enrol()
        self._mails().unlink()

    def _mails(self):
        # gamification writes as well when a lesson is read
        return self.env["mail.mail"].search(
            [("subject", "not like", "New rank")], order="id"
        )

    def _told(self):
        """Return subjects of the e-mails since the last time, and who got them."""
        mails = self._mails()
        told = [(mail.subject, mail.recipient_ids.mapped("name")) for mail in mails]
        mails.unlink()
        return told

    def _run_on(self, day):
        with freeze_time(f"{day} 12:00:00"):
            self._run_job("ir_cron_learning_review")
            return self._told()

    def test_the_enrolment_is_told(self):
        self.own._cancel("rule")
        self._enrol()
        self.assertEqual(
            self._told(), [("Your learning path: First Steps", ["Sam Seller"])]
        )

    def test_once_before_and_once_after_the_due_day(self):
        self.assertEqual(self._run_on("2027-03-07"), [])
        self.assertEqual(
            self._run_on("2027-03-08"),
            [("Due 03/11/2027: First Steps", ["Sam Seller"])],
        )
        self.assertEqual(self._run_on("2027-03-09"), [])
        told = self._run_on("2027-03-12")
        self.assertEqual(
            told,
            [
                ("Overdue: First Steps", ["Sam Seller"]),
                ("Training overdue: 1", ["Olga Owner"]),
            ],
        )
        self.assertEqual(self._run_on("2027-03-13"), [])
        self._read_lesson(self.seller)
        # the next step is due on the 31st
        self.assertEqual(self._run_on("2027-03-27"), [])
        self.assertEqual(len(self._run_on("2027-03-28")), 1)

    def test_owners_are_told_only_if_the_path_says_so(self):
        self.path.tells_owner = False
        told = self._run_on("2027-03-12")
        self.assertEqual(told, [("Overdue: First Steps", ["Sam Seller"])])

    def test_a_job_stopped_before_its_commit_writes_once(self):
        with freeze_time("2027-03-12 12:00:00"):
            savepoint = self.cr.savepoint(flush=True)
            self.own._review_daily(date(2027, 3, 12))
            savepoint.rollback()
            self.env.invalidate_all()
            savepoint.close(rollback=False)
            self.assertFalse(self._told(), "the e-mail goes with the mark")
            self.own._review_daily(date(2027, 3, 12))
            self.assertEqual(len(self._told()), 2)
            self.own._review_daily(date(2027, 3, 12))
            self.assertEqual(self._told(), [])

    def test_each_is_written_to_in_the_own_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.seller.lang = "fr_FR"
        template = self.env.ref("partner_channel_lms.mail_template_learning_remind")
        template.with_context(lang="fr_FR").subject = "Échéance : {{ object.id }}"
        told = self._run_on("2027-03-08")
        self.assertEqual(told[0][0], f"Échéance : {self.own.id}")


@tagged("post_install", "-at_install")
class TestLearningOutside(LmsCase):
    """Courses of a learning system outside, which says itself what was passed."""

    def setUp(self):
        super().setUp()
        self.path = self.env["learning.path"].create(
            {
                "name": "Elsewhere",
                "program_id": self.program.id,
                "role_ids": self.env.ref(
                    "partner_channel_portal.portal_role_seller"
                ).ids,
                "step_ids": [(0, 0, {"lms_course_id": self.course.id, "due_days": 10})],
            }
        )
        self.own = self.env["learning.path"]._enrol_by_rule(self.memberships)

    def test_passed_there_finishes_the_step(self):
        self.assertEqual(self.path.type_ids, self.kind)
        self.assertEqual(self.own.partner_id, self.seller)
        self._receive(self._say("progressed"))
        self.own._review()
        self.assertEqual(self.own.state, "running")
        today = str(self.own.date_start)
        self._receive(self._say("completed", day=today))
        self.own._review()
        self.assertEqual(self.own.state, "running", "completing passes nothing")
        self._receive(self._say("passed", day=today))
        self.assertEqual(self.own.state, "done")


@tagged("post_install", "-at_install")
class TestLearningForgery(LearningCase, HttpCase):
    """Nobody writes by hand how far somebody is."""

    def test_a_state_cannot_be_written(self):
        self._create_path()
        own = self._enrol()
        for values in (
            {"state": "done"},
            {"progress": 100},
            {"date_due": "2099-01-01"},
            {"reminded_for": "2099-01-01"},
        ):
            with self.assertRaises(AccessError):
                own.write(values)
        path = self._create_path(name="Second", role_ids=False)
        with self.assertRaises(AccessError):
            self.Enrolment.create(
                {"path_id": path.id, "partner_id": self.owner.id, "state": "done"}
            )
        forged = self.Enrolment.with_context(default_state="done").create(
            {"path_id": path.id, "partner_id": self.owner.id}
        )
        self.assertEqual(forged.state, "waiting")

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_a_lesson_marked_over_rpc_finishes_no_exam(self):
        self._create_path()
        own = self._enrol()
        self._read_lesson(self.seller)
        self.authenticate("lms_seller", "lms_seller")
        lessons = self.course.slide_ids
        try:
            self.make_jsonrpc_request(
                "/web/dataset/call_kw/slide.slide/action_mark_completed",
                {
                    "model": "slide.slide",
                    "method": "action_mark_completed",
                    "args": [lessons.ids],
                    "kwargs": {},
                },
            )
        except JsonRpcException:
            self.assertTrue(lessons, "refused for exams")
        own._review()
        self.assertNotEqual(own.state, "done")
