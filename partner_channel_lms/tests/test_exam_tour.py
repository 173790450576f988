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

    def test_who_fails_in_the_browser_has_no_certificate(self):
        attempt = self._take(self.seller, right=False, finish=False)
        self.authenticate("lms_seller", "lms_seller")
        last = self.exam.question_ids[-1]
        wrong = last.suggested_answer_ids.filtered(lambda choice: not choice.is_correct)
        attempt.last_displayed_page_id = self.exam.question_ids[0]
        self.make_jsonrpc_request(
            f"/survey/submit/{self.exam.access_token}/{attempt.access_token}",
            {"question_id": last.id, str(last.id): str(wrong.id)},
        )
        attempt.invalidate_recordset()
        self.assertEqual(attempt.state, "done")
        self.assertFalse(self._certificates(self.seller))

    def test_nobody_else_can_hand_in_an_attempt(self):
        attempt = self._take(self.seller, finish=False)
        last = self.exam.question_ids[-1]
        right = last.suggested_answer_ids.filtered("is_correct")
        self.authenticate("lms_rival", "lms_rival")
        self.make_jsonrpc_request(
            f"/survey/submit/{self.exam.access_token}/{attempt.access_token}",
            {"question_id": last.id, str(last.id): str(right.id)},
        )
        attempt.invalidate_recordset()
        self.assertEqual(attempt.state, "in_progress")
        self.assertFalse(self._certificates(self.seller | self.rival))

    def _certificates(self, people):
        return self.Certification.search([("partner_id", "in", people.ids)])
