from itertools import permutations
from unittest.mock import patch

from odoo.tests import tagged

from ..tools import xapi_evidence
from .lms_case import ADL, LmsCase

FIRST = ("2026-03-01", "2026-03-01", "2027-03-01")


@tagged("post_install", "-at_install")
class TestStatement(LmsCase):
    def test_who_passes_elsewhere_is_certified(self):
        statement = self._say(result={"success": True, "score": {"scaled": 0.9}})
        self._receive(statement)
        self.assertEqual(self._get(statement).state, "matched")
        self.assertEqual(self._held(self.seller), [FIRST])
        certificate = self._certificates(self.seller)
        self.assertEqual(certificate.score, 90)
        self.assertEqual(certificate.issued_company_partner_id, self.north)
        self.assertEqual(certificate.commercial_partner_id, self.north)

    def test_the_same_told_again_changes_nothing(self):
        statement = self._say()
        self._receive(statement)
        before = self._certificates(self.seller)
        self._receive(statement)
        # a replay of history gives new ids to the same fact
        self._receive(self._say(), self._say())
        self.Statement.search([])._process()
        self.assertEqual(self._certificates(self.seller), before)
        self.assertEqual(len(self.Statement.search([])), 3)

    def test_two_people_of_two_partners_at_once(self):
        self._receive(self._say(), self._say(mail="rival@example.com"))
        self.assertEqual(self._held(self.seller), [FIRST])
        self.assertEqual(self._held(self.rival), [FIRST])

    def test_an_older_pass_shortens_nothing_and_failing_revokes_nothing(self):
        new, old = self._say(day="2026-05-01"), self._say(day="2026-03-01")
        failed = self._say("failed", day="2026-06-01", result={"success": False})
        self._receive(new)
        self._receive(old, failed)
        later = ("2026-05-01", "2026-05-01", "2027-05-01")
        self.assertEqual(self._held(self.seller), [FIRST, later])

    def test_any_order_of_arrival_ends_the_same(self):
        first, again = self._say(), self._say(day="2026-05-01")
        told = [first, again, self._void(first), self._say("failed", day="2026-04-01")]
        ends = []
        for order in permutations(told):
            with self.env.cr.savepoint() as savepoint:
                for statement in order:
                    self._receive(statement)
                ends.append(self._held(self.seller))
                savepoint.rollback()
            self.env.invalidate_all()
        self.assertEqual(ends, [[("2026-05-01", "2026-05-01", "2027-05-01")]] * 24)

    def test_what_is_voided_is_taken_back_and_can_be_earned_again(self):
        statement = self._say()
        self._receive(statement)
        self._receive(self._void(statement))
        self.assertEqual(self._get(statement).state, "voided")
        self.assertEqual(self._held(self.seller), [])
        self.assertIn("taken back", self._certificates(self.seller).revoke_reason)
        self._receive(self._say())
        self.assertEqual(self._held(self.seller), [FIRST])

    def test_a_proof_told_twice_stands_when_one_is_voided(self):
        one, two = self._say(), self._say()
        self._receive(one, two, self._void(one))
        self.assertEqual(self._held(self.seller), [FIRST])

    def test_what_a_trainer_revoked_is_not_issued_again(self):
        self._receive(self._say())
        self._certificates(self.seller)._revoke("Cheated")
        self._receive(self._say())
        self.assertEqual(self._held(self.seller), [])
        self.assertEqual(len(self._certificates(self.seller)), 1)

    def test_another_system_voids_nothing(self):
        statement = self._say()
        self._receive(statement)
        other = self._create_provider("Other")
        self._receive(self._void(statement), provider=other)
        self.assertEqual(self._held(self.seller), [FIRST])

    def test_a_voiding_statement_cannot_be_voided(self):
        statement = self._say()
        void = self._void(statement)
        self._receive(statement, void, self._void(void))
        self.assertEqual(self._held(self.seller), [])

    def test_what_is_dated_in_the_future_waits(self):
        statement = self._say(day="2999-01-01")
        self._receive(statement)
        record = self._get(statement)
        self.assertEqual((record.state, record.reason), ("error", "future"))
        self.assertEqual(self._held(self.seller), [])

    def test_one_that_fails_does_not_keep_the_others(self):
        good, bad = self._say(), self._say(mail="rival@example.com")
        kind = type(self.env["partner.certification"])
        issue = kind._issue_from_statements

        def fail(records, pairs):
            if any(person == self.rival.id for person, _course in pairs):
                raise ValueError("broken")
            return issue(records, pairs)

        with patch.object(kind, "_issue_from_statements", fail):
            self._receive(good, bad)
        record = self._get(bad)
        self.assertEqual(
            (record.state, record.reason, record.attempts), ("error", "failure", 1)
        )
        self.assertEqual(self._held(self.seller), [FIRST])
        self.Statement._cron_retry()
        self._process()
        self.assertEqual(self._held(self.rival), [FIRST])

    def test_the_number_of_queries_does_not_grow_with_the_statements(self):
        self._receive(self._say())
        counts = []
        for number in (2, 20):
            said = [self._say("progressed") for _number in range(number)]
            self.Statement._take_in(self.provider, [(one, []) for one in said])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.Statement.search([("state", "=", "new")])._process()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)


@tagged("post_install", "-at_install")
class TestRules(LmsCase):
    def _certifies(self, *statements):
        """Return whether these certify the seller; nothing of it stays."""
        with self.env.cr.savepoint() as savepoint:
            self._receive(*statements)
            held = bool(self._held(self.seller))
            savepoint.rollback()
        self.env.invalidate_all()
        return held

    def test_only_what_cmi5_defines_certifies_in_a_session(self):
        for context, certified in (
            (self._cmi5("cmi5", "moveon"), True),
            (self._cmi5("cmi5"), False),
            (self._cmi5(), False),
            (self._cmi5("cmi5", "moveon", mode="Browse"), False),
            (self._cmi5("cmi5", "moveon", mode="Review"), False),
        ):
            with self.subTest(context=context):
                statement = self._say(context=context)
                self.assertEqual(self._certifies(statement), certified)

    def test_a_strict_system_proves_nothing_without_cmi5(self):
        self.provider.is_strict = True
        self.assertFalse(self._certifies(self._say()))
        statement = self._say(context=self._cmi5("cmi5", "moveon"))
        self.assertTrue(self._certifies(statement))

    def test_satisfied_counts_for_a_course_only(self):
        verb = "https://w3id.org/xapi/adl/verbs/satisfied"
        course = {
            "id": self.course.activity,
            "definition": {"type": xapi_evidence.COURSE},
        }
        block = {**course, "definition": {"type": "https://example.org/block"}}
        self.assertTrue(self._certifies(self._say(verb, object=course)))
        self.assertFalse(self._certifies(self._say(verb, object=block)))

    def test_what_contradicts_itself_proves_nothing(self):
        for values in (
            {"result": {"success": False}},
            {
                "result": {"score": {"scaled": 0.4}},
                "context": {"extensions": {xapi_evidence.MASTERY: 0.5}},
            },
        ):
            with self.subTest(values):
                self.assertFalse(self._certifies(self._say(**values)))

    def test_when_a_course_is_mastered(self):
        passed, completed = self._say(), self._say("completed", day="2026-04-01")
        for move_on, outcomes in (
            ("passed", (True, False, True)),
            ("completed", (False, True, True)),
            ("completed_or_passed", (True, True, True)),
            ("completed_and_passed", (False, False, True)),
        ):
            self.course.move_on = move_on
            with self.subTest(move_on):
                self.assertEqual(self._certifies(passed), outcomes[0])
                self.assertEqual(self._certifies(completed), outcomes[1])
                self.assertEqual(self._certifies(completed, passed), outcomes[2])
                self.assertEqual(self._certifies(passed, completed), outcomes[2])

    def test_other_verbs_are_kept_and_prove_nothing(self):
        statement = self._say(f"{ADL}experienced")
        self._receive(statement)
        record = self._get(statement)
        self.assertEqual((record.state, record.reason), ("ignored", "verb"))
