from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models import learning_results_mixin
from .results_case import ResultsCase


@tagged("post_install", "-at_install")
class TestSubmitResults(ResultsCase):
    def _submit(self, *rows, user=None, **options):
        source = self.source.with_user(user or self.trainer)
        answer = source.submit_results(list(rows), **options)
        self.env.invalidate_all()
        return answer

    def _get_outcomes(self, *rows, **options):
        return [one["outcome"] for one in self._submit(*rows, **options)]

    def test_results_certify(self):
        answer = self._submit(self._row(), self._row("RIVAL@example.com"))
        self.assertEqual([one["outcome"] for one in answer], ["certificate"] * 2)
        self.assertEqual(
            {one["statement"] for one in answer},
            set(self._said().mapped("statement_id")),
        )
        self._process()
        expected = [("2026-03-01", "2026-03-01", "2027-03-01")]
        self.assertEqual(self._held(self.seller), expected)
        self.assertEqual(self._held(self.rival), expected)
        self.assertEqual(self._certificates(self.seller).score, 85)

    def test_the_same_again_adds_nothing(self):
        rows = [self._row(), self._row("nobody@example.com"), self._row(result="x")]
        first = self._submit(*rows)
        count = len(self._said())
        self._process()
        again = self._submit(*rows)
        self.assertEqual(count, 2)
        self.assertEqual(len(self._said()), 2)
        self.assertEqual([one["stored"] for one in first], [True, True, False])
        self.assertEqual(
            [(one["outcome"], one["stored"]) for one in again],
            [("known", False), ("known", False), ("error", False)],
        )
        self.assertEqual(len(self._held(self.seller)), 1)

    def test_each_row_says_what_becomes_of_it(self):
        self.course.create(
            {
                "name": "Not ours",
                "provider_id": self.source.id,
                "activity": "https://paper.example.org/other",
            }
        )
        rows = [
            self._row(),
            self._row(),
            self._row(score=90),
            self._row(date="2026-03-01T15:00:00Z", result="completed"),
            self._row(date="2026-03-02", result="failed"),
            self._row("nobody@example.com"),
            self._row("E-7"),
            self._row(course="Unheard Of"),
            self._row(course="not OURS"),
            self._row(course="https://paper.example.org/selling", date="02.03.2026"),
        ]
        self.assertEqual(
            self._get_outcomes(*rows),
            [
                "certificate",
                "known",
                "clash",
                "held",
                "kept",
                "no_person",
                "no_person",
                "no_course",
                "course_off",
                "certificate",
            ],
        )
        self._process()
        self.assertEqual(len(self._held(self.seller)), 2)
        states = dict.fromkeys(self._said().mapped("state"))
        self.assertEqual(set(states), {"matched", "unmatched", "ignored"})

    def test_what_was_foretold_is_what_happens(self):
        self.exercise.move_on = "completed_and_passed"
        first = self._row()
        second = self._row(date="2026-03-05", result="completed")
        self.assertEqual(self._get_outcomes(first), ["kept"])
        self._process()
        self.assertFalse(self._held(self.seller))
        self.assertEqual(self._get_outcomes(second), ["certificate"])
        self._process()
        self.assertEqual(self._held(self.seller)[0][0], "2026-03-01")

    def test_a_certification_is_named_instead_of_a_course(self):
        self.exercise.unlink()
        rows = [
            self._row(course="sales"),
            self._row("rival@example.com", course="Sales"),
        ]
        self.assertEqual(self._get_outcomes(*rows), ["certificate"] * 2)
        self._process()
        self.assertTrue(self._held(self.seller))
        self.assertTrue(self._held(self.rival))
        self.assertEqual(self.source.course_ids.mapped("name"), ["Sales"])
        self.assertEqual(self._get_outcomes(*rows), ["known"] * 2)
        self.assertEqual(len(self.source.course_ids), 1)

    def test_names_of_several_courses_are_refused(self):
        self.exercise.copy({"activity": "https://paper.example.org/twin"})
        for course in ("Selling on Paper", "Sales"):
            [answer] = self._submit(self._row(course=course))
            self.assertEqual(answer["errors"][0]["field"], "course")
            self.assertIn("Several courses", answer["errors"][0]["message"])

    def test_certifications_of_the_same_name_are_not_guessed(self):
        twin = self.kind.copy({"name": "Sales", "survey_id": False})
        [answer] = self._submit(self._row(course="Sales"))
        self.assertEqual(answer["outcome"], "error")
        self.assertIn("Several courses", answer["errors"][0]["message"])
        # a course that is named itself is none of several
        self.exercise.name = "sales"
        self.assertEqual(self._get_outcomes(self._row(course="Sales")), ["certificate"])
        self.exercise.type_id = twin
        row = self._row("rival@example.com", course=self.exercise.activity)
        self.assertEqual(self._get_outcomes(row), ["certificate"])

    def test_accounts_are_tied_by_hand(self):
        self._submit(self._row("E-7"))
        self.assertEqual(
            self._said().actor_key, f"account:urn:lms:{self.source.id}|E-7"
        )
        self._process()
        self.env["lms.identity"].with_user(self.trainer).create(
            {
                "provider_id": self.source.id,
                "actor_key": self._said().actor_key,
                "partner_id": self.seller.id,
            }
        )
        self._process()
        self.assertTrue(self._held(self.seller))

    def test_the_e_mail_of_a_contact_finds_nobody(self):
        self.owner.email = "boss@example.com"
        self.assertEqual(
            self._get_outcomes(self._row("boss@example.com")), ["no_person"]
        )

    def test_the_callers_key_knows_a_result_again(self):
        one = self._row(key="order-1")
        self.assertEqual(self._get_outcomes(one), ["certificate"])
        self.assertEqual(self._get_outcomes(one), ["known"])
        self.assertEqual(self._get_outcomes({**one, "date": "2026-03-02"}), ["clash"])
        self._process()
        self.assertEqual(self._get_outcomes({**one, "key": "order-2"}), ["held"])

    def test_all_or_nothing(self):
        rows = [self._row(), self._row(date="31/12/2025")]
        answer = self._submit(*rows, all_or_nothing=True)
        self.assertEqual([one["stored"] for one in answer], [False, False])
        self.assertFalse(self._said())
        answer = self._submit(*rows)
        self.assertEqual([one["stored"] for one in answer], [True, False])

    def test_who_may(self):
        for user in (
            self.manager,
            self.seller.user_ids,
            self.env.ref("base.public_user"),
        ):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._submit(self._row(), user=user)
        self.assertFalse(self._said())
        self.assertEqual(
            self._get_outcomes(self._row(), user=self.admin), ["certificate"]
        )

    def test_limits(self):
        for rows in ("x", {"a": 1}, None, [self._row()] * 1001):
            with self.assertRaises(UserError):
                self.source.with_user(self.trainer).submit_results(rows)
        with self.assertRaisesRegex(UserError, "exactly one"):
            (self.source | self.provider).with_user(self.trainer).submit_results([])
        limit = learning_results_mixin.CALLS_PER_HOUR
        try:
            learning_results_mixin.CALLS_PER_HOUR = 1
            self._submit()
            with self.assertRaisesRegex(UserError, "this hour"):
                self._submit()
        finally:
            learning_results_mixin.CALLS_PER_HOUR = limit

    def test_a_system_that_is_off_or_strict_takes_nothing(self):
        self.source.action_switch_off()
        with self.assertRaisesRegex(UserError, "switched on"):
            self._submit(self._row())
        self.provider.is_strict = True
        with self.assertRaisesRegex(UserError, "cmi5"):
            self.provider.with_user(self.trainer).submit_results([])

    def test_two_systems_are_kept_apart(self):
        other = self._create_provider("More", kind="file")
        row = self._row(course="https://elsewhere.example/1")
        self._submit(row)
        other.with_user(self.trainer).submit_results([row])
        said = self.Statement.search([("activity", "=", row["course"])])
        self.assertEqual(len(said), 2)
        self.assertEqual(len(set(said.mapped("statement_id"))), 2)

    def test_the_queries_do_not_grow_with_the_rows(self):
        def count(*rows):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.source.with_user(self.trainer).submit_results(list(rows))
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(self._row())
        few = count(self._row(date="2026-02-01"))
        many = count(
            *(self._row(date=f"2026-01-{day:02}") for day in range(1, 31)),
            *(
                self._row("rival@example.com", date=f"2026-01-{d:02}")
                for d in range(1, 31)
            ),
        )
        self.assertLessEqual(many, few + 2)
        self.assertLess(few, 50)
