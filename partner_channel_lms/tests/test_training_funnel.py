"""Assigned, started, passed: figures worked out by hand."""

from datetime import date, datetime

from odoo.tests import freeze_time, tagged

from .training_case import TrainingCase


@tagged("post_install", "-at_install")
class TestTrainingFunnel(TrainingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2028-03-15 12:00:00"))
        cls.Report = cls.env["partner.training.funnel"]

    def _row(self, person, kind=None):
        self._flush()
        kind = kind or self.kind
        return self.Report.search(
            [("person_id", "=", person.id), ("type_id", "=", kind.id)]
        )

    def _counts(self, person):
        row = self._row(person)
        return row.way, row.assigned, row.started, row.passed

    def test_the_stages_of_two_people(self):
        self._join(self.owner)
        self._join(self.seller, "ongoing")
        self.assertEqual(self._counts(self.owner), ("course", 1, 0, 0))
        self.assertEqual(self._counts(self.seller), ("course", 1, 1, 0))
        self._take(self.seller)
        self.assertEqual(self._counts(self.seller), ("course", 1, 1, 1))
        self.assertEqual(self._row(self.seller).stage, "3")

    def test_a_finished_course_is_not_passed(self):
        self._join(self.seller, "completed")
        self.assertEqual(self._counts(self.seller), ("course", 1, 1, 0))

    def test_what_the_tier_gave_is_told_apart(self):
        self._join(self.seller).membership_id = self.member
        self.assertEqual(self._counts(self.seller), ("tier", 1, 0, 0))

    def test_an_exam_without_the_course_counts_all_the_way(self):
        self._take(self.rival)
        self.assertEqual(self._counts(self.rival), ("exam", 1, 1, 1))

    def test_only_real_attempts_count(self):
        self._take(self.owner, trial=True)
        self.assertFalse(self._row(self.owner))
        self._take(self.owner, right=False)
        self.assertEqual(self._counts(self.owner), ("exam", 1, 1, 0))
        self._take(self.seller, finish=False)
        self.assertEqual(self._counts(self.seller), ("exam", 1, 1, 0))
        session = self._take(self.rival, finish=False)
        session.is_session_answer = True
        self.assertFalse(self._row(self.rival))

    def test_an_attempt_nobody_has_begun_is_nothing(self):
        self.exam._create_answer(partner=self.seller, check_attempts=False)
        self.assertFalse(self._row(self.seller))

    def test_a_pass_before_the_exam_had_a_type_counts(self):
        attempt = self._take(self.seller, finish=False)
        attempt.write({"state": "done", "end_datetime": datetime(2028, 3, 1)})
        self.assertFalse(self._certificates(self.seller))
        self.assertEqual(self._counts(self.seller), ("exam", 1, 1, 1))

    def test_what_was_revoked_is_not_passed(self):
        self._take(self.seller)
        self._certificates(self.seller)._revoke("Taken by another")
        self.assertEqual(self._counts(self.seller), ("exam", 1, 1, 0))
        self._take(self.seller)
        self.assertEqual(self._counts(self.seller), ("exam", 1, 1, 1))

    def test_a_failed_renewal_leaves_the_certified_passed(self):
        self._join(self.seller)
        self._take(self.seller)
        self._take(self.seller, right=False)
        self.assertEqual(self._counts(self.seller)[2:], (1, 1))

    def test_what_was_earned_outside_counts(self):
        self._issue(self.seller, date(2028, 2, 1))
        self.assertEqual(self._counts(self.seller), ("exam", 1, 1, 1))

    def test_the_days_between(self):
        self._take_on(self.seller, date(2028, 3, 11))
        row = self._row(self.seller)
        self.assertEqual((row.date_assigned, row.days_to_pass), (date(2028, 3, 11), 0))
        attempt = self.env["survey.user_input"].search(
            [("partner_id", "=", self.seller.id)]
        )
        attempt.start_datetime = datetime(2028, 3, 1, 9)
        row = self._row(self.seller)
        self.assertEqual((row.date_assigned, row.days_to_pass), (date(2028, 3, 1), 10))

    def test_customers_and_archived_people_are_not_of_the_funnel(self):
        customer = self.env["res.partner"].create({"name": "Carl Customer"})
        self._join(customer)
        self._join(self.seller)
        self.seller.user_ids.active = False
        self.seller.active = False
        self.assertFalse(self._row(customer))
        self.assertFalse(self._row(self.seller))

    def test_the_rates_of_groups(self):
        other = self._create_kind("Engineer")
        self._join(self.owner)
        self._join(self.seller, "ongoing")
        self._join(self.rival)
        self._take(self.rival)
        self._take(self.rival, exam=other.sudo().survey_id, right=False)
        self._flush()
        groups = {
            (kind, partner): values
            for kind, partner, *values in self.Report._read_group(
                [("type_id", "in", (self.kind | other).ids)],
                ["type_id", "partner_id"],
                ["assigned:sum", "started:sum", "passed:sum", "pass_rate:avg"],
            )
        }
        self.assertEqual(
            groups,
            {
                (self.kind, self.north): [2, 1, 0, 0.0],
                (self.kind, self.south): [1, 1, 1, 100.0],
                (other, self.south): [1, 1, 0, 0.0],
            },
        )
        self.assertEqual((self.kind | other).mapped("learner_count"), [3, 1])
        action = self.kind.action_view_training_funnel()
        rows = self.Report.search(action["domain"])
        self.assertEqual(rows.person_id, self.owner | self.seller | self.rival)
        self.assertEqual(rows.browse(rows.ids).channel_id, self.course)
