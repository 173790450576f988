from datetime import date

from odoo.tests import freeze_time, tagged

from .learning_case import LearningCase


@tagged("post_install", "-at_install")
class TestLearningRenewal(LearningCase):
    """A certificate near its end puts its holder on the path again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.slide = cls.course.slide_ids.filtered("survey_id")

    def _begin(self, person):
        """Begin the exam as the course's page does."""
        slide = self.slide.with_user(person.user_ids)
        slide.action_set_viewed()
        slide._generate_certification_url()
        lesson = self.env["slide.slide.partner"].search(
            [("partner_id", "=", person.id), ("slide_id", "=", self.slide.id)]
        )
        return lesson.user_input_ids

    def _answer(self, attempt, right=True):
        attempt._mark_in_progress()
        for question in self.exam.question_ids:
            answer = question.suggested_answer_ids.filtered(
                lambda choice: choice.is_correct == right
            )
            attempt._save_lines(question, str(answer.id))
        attempt._mark_done()

    def _pass_first(self):
        """Let the seller finish the path; return its attempt and the enrolment."""
        with freeze_time("2027-01-10 12:00:00"):
            self._create_path()
            first = self._enrol()
            attempt = self._begin(self.seller)
            self._answer(attempt)
            self.assertEqual(first.state, "running", "the introduction is left")
            self._read_lesson(self.seller)
            first._review()
            self.assertRecordValues(
                first,
                [{"state": "done", "progress": 100, "date_end": date(2027, 1, 10)}],
            )
        return attempt, first

    def test_passed_expiring_failed_and_passed_again(self):
        attempt, first = self._pass_first()
        with freeze_time("2027-11-10 12:00:00"):
            self.assertFalse(self._enrol(), "61 days before the end")
        self.exam.write({"is_attempts_limited": True, "attempts_limit": 1})
        with freeze_time("2027-11-12 12:00:00"):
            self._run_job("ir_cron_learning_enrol")
            second = self._of(self.seller) - first
            self.assertEqual(second.reason, "renewal")
            self.assertEqual(second.state, "running", "what was read is read")
            fresh = self._begin(self.seller)
            self.assertEqual(len(fresh - attempt), 1)
            self.assertNotEqual(fresh.invite_token, attempt.invite_token)
            self._answer(fresh, right=False)
            self.assertNotIn(self.seller, self._attending(self.course))
        with freeze_time("2027-11-13 12:00:00"):
            # the last attempt was failed: Odoo took the course, the path gives it
            self._run_job("ir_cron_course_access")
            self.assertIn(self.seller, self._attending(self.course))
            again = self._begin(self.seller)
            self.assertFalse(again & (fresh | attempt))
            self._answer(again)
            self.assertEqual(second.state, "done")
            self.assertFalse(self._enrol())

    def test_renewed_before_its_window_by_an_automation(self):
        self._pass_first()
        with freeze_time("2027-03-10 12:00:00"):
            held = self._certificates(self.seller)
            renewal = held._learn_again()
            self.assertRecordValues(
                renewal,
                [
                    {
                        "reason": "renewal",
                        "state": "running",
                        "date_beyond": held.date_expiry,
                    }
                ],
            )
            self.assertFalse(held._learn_again())
            self._answer(self._begin(self.seller))
            self.assertEqual(renewal.state, "done")

    def test_taken_off_by_hand_is_enrolled_for_the_renewal(self):
        with freeze_time("2027-01-10 12:00:00"):
            self._create_path()
            self._enrol().action_cancel()
            self._take(self.seller)
        with freeze_time("2027-12-01 12:00:00"):
            renewal = self._enrol()
            self.assertEqual(renewal.reason, "renewal")
            renewal.action_cancel()
            self.assertFalse(self._enrol())

    def test_whose_certificate_was_revoked_learns_again(self):
        attempt, first = self._pass_first()
        first.path_id.renews = False
        with freeze_time("2027-03-10 12:00:00"):
            self.assertFalse(self._enrol())
            self._certificates(self.seller)._revoke("Cheated")
            self._run_job("ir_cron_learning_enrol")
            second = self._of(self.seller) - first
            self.assertRecordValues(second, [{"reason": "revoked", "state": "running"}])
            self.assertFalse(self._enrol(), "twice in a row")
            fresh = self._begin(self.seller)
            self.assertFalse(fresh & attempt)
            self._answer(fresh)
            self.assertEqual(second.state, "done")
            self.assertFalse(self._enrol())
        with freeze_time("2028-04-01 12:00:00"):
            self.assertFalse(self._enrol(), "an end is none by revoking")

    def test_revoked_and_taken_off_by_hand_is_for_good(self):
        self._pass_first()
        with freeze_time("2027-03-10 12:00:00"):
            self._certificates(self.seller)._revoke("Cheated")
            self._enrol().action_cancel()
            self.assertFalse(self._enrol())
        with freeze_time("2027-12-01 12:00:00"):
            self.assertFalse(self._enrol())

    def test_one_of_two_certificates_revoked_is_no_reason(self):
        self._pass_first()
        with freeze_time("2027-03-10 12:00:00"):
            self._take(self.seller)
            older = self._certificates(self.seller).sorted("date_issued")[0]
            older._revoke("Entered twice")
            self.assertFalse(self._enrol())

    def test_a_path_may_be_for_newcomers_alone(self):
        with freeze_time("2027-01-10 12:00:00"):
            self._create_path(renews=False)
            self._take(self.seller)
        with freeze_time("2027-12-01 12:00:00"):
            self.assertFalse(self._enrol())

    def test_what_is_held_and_what_was_revoked_of_two_people(self):
        """The seller's newer certificate and the owner's only one are revoked."""
        people = self.seller | self.owner
        self._take_on(self.seller, date(2027, 1, 10))
        for person, day in ((self.seller, 20), (self.owner, 15)):
            certificates = self._certificates(person)
            self._take_on(person, date(2027, 1, day))
            with freeze_time("2027-03-01 12:00:00"):
                (self._certificates(person) - certificates)._revoke("Copied")
        proofs, revoked = self.env["partner.certification"]._get_proofs(
            people, self.kind
        )
        mine, theirs = ((person.id, self.kind.id) for person in people)
        self.assertEqual([proof.issued for proof in proofs[mine]], [date(2027, 1, 10)])
        self.assertNotIn(theirs, proofs)
        self.assertEqual(
            revoked,
            {
                mine: (date(2027, 1, 20), date(2027, 3, 1)),
                theirs: (date(2027, 1, 15), date(2027, 3, 1)),
            },
        )
        none = self.env["partner.certification"]._get_proofs(people, self.kind.browse())
        self.assertEqual(none, ({}, {}))
