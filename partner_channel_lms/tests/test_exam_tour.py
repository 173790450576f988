from odoo.tests import HttpCase, tagged

from .common import CertificationCommon


@tagged("post_install", "-at_install")
class TestExamTour(CertificationCommon, HttpCase):
    def test_a_seller_studies_passes_in_the_browser_and_counts_for_the_tier(self):
        self.requirement.threshold = 1
        membership = self.memberships[0]
        self.assertEqual(membership.grade_id, self.entry)
        self.start_tour(
            "/my/certifications", "partner_channel_lms_exam", login="lms_seller"
        )
        certificate = self._certificates(self.seller)
        self.assertEqual(certificate.state, "valid")
        self.assertEqual(certificate.user_input_id.survey_id, self.exam)
        membership._review_tiers()
        self.assertEqual(membership.grade_id, self.certified)

    def test_who_hands_in_wrong_answers_has_no_certificate(self):
        attempt = self._begin(self.seller)
        self.authenticate("lms_seller", "lms_seller")
        self._hand_in(attempt, right=False)
        self.assertEqual(attempt.state, "done")
        self.assertFalse(self._certificates(self.seller))

    def test_who_hands_in_right_answers_has_one(self):
        attempt = self._begin(self.seller)
        self.authenticate("lms_seller", "lms_seller")
        self._hand_in(attempt, right=True)
        self.assertEqual(self._certificates(self.seller).user_input_id, attempt)

    def test_nobody_else_can_hand_in_an_attempt(self):
        attempt = self._begin(self.seller)
        for login in ("lms_rival", None):
            self.authenticate(login, login)
            self._hand_in(attempt, right=True)
            self.assertEqual(attempt.state, "in_progress")
        self.assertFalse(self._certificates(self.seller))
        self.assertFalse(self._certificates(self.rival))

    def _begin(self, person):
        attempt = self.exam._create_answer(partner=person, check_attempts=False)
        attempt._mark_in_progress()
        return attempt

    def _hand_in(self, attempt, right):
        """Send the answers to the survey's own pages, question by question."""
        for question in self.exam.question_ids:
            answer = question.suggested_answer_ids.filtered(
                lambda choice: choice.is_correct == right
            )
            self.make_jsonrpc_request(
                f"/survey/submit/{self.exam.access_token}/{attempt.access_token}",
                {"question_id": question.id, str(question.id): str(answer.id)},
            )
        attempt.invalidate_recordset()
