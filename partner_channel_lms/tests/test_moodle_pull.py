from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..tools import moodle_accounts
from .lrs_stand_in import LrsStandIn
from .moodle_case import COURSES, DAY, NOON, STATUS, MoodleCase
from .moodle_stand_in import ACTIVITY, GRADE, TOKEN, MoodleStandIn


@tagged("post_install", "-at_install")
class TestMoodlePull(MoodleCase):
    def test_what_is_done_there_certifies(self):
        self.moodle.finish(7, 2, NOON, "85.00")
        log = self._pull()
        self.assertEqual((log.state, log.message), ("done", False))
        self.assertEqual((log.people, log.stored, log.unread), (2, 2, 0))
        said = self._said().sorted("kind")
        self.assertEqual(said.mapped("kind"), ["completed", "passed"])
        self.assertEqual(said.mapped("score"), [85.0, 85.0])
        self.assertEqual(said[0].activity, self.course.activity)
        self.assertEqual(said[0].actor_key, "mbox:mailto:seller@example.com")
        self._process()
        self.assertEqual(
            self._held(self.seller), [("2026-03-01", "2026-03-01", "2027-03-01")]
        )
        self.assertFalse(self._held(self.rival))

    def test_done_without_a_grade_is_attendance(self):
        self.moodle.finish(7, 2, NOON, "-", kinds=(ACTIVITY,))
        self._pull()
        self._process()
        self.assertEqual(self._said().mapped("kind"), ["completed"])
        self.assertEqual(self._said().score, 0)
        self.assertFalse(self._held(self.seller))
        self.course.move_on = "completed"
        self._process()
        self.assertTrue(self._held(self.seller))

    def test_the_day_is_that_of_the_last_criterion_or_of_any(self):
        moments, kinds = (NOON, NOON + DAY), (GRADE, ACTIVITY)
        self.moodle.finish(7, 2, moments, kinds=kinds)
        self.moodle.finish(7, 3, moments, kinds=kinds, aggregation=2)
        self._pull()
        days = {
            (one.activity[-1], str(one.timestamp))
            for one in self._said().filtered(lambda one: one.kind == "passed")
        }
        self.assertEqual(
            days, {("2", "2026-03-02 12:00:00"), ("3", "2026-03-01 12:00:00")}
        )

    def test_a_second_round_writes_nothing_and_asks_for_no_details(self):
        self.moodle.finish(7, 2, NOON, "85.00")
        self._pull()
        self._process()
        before, asked = self._get_rows(), self.moodle.count(STATUS)
        log = self._pull()
        self.assertEqual((log.state, log.people, log.stored), ("done", 2, 0))
        self.assertEqual(self._get_rows(), before)
        self.assertEqual((asked, self.moodle.count(STATUS)), (1, 1))

    def test_read_again_brings_back_what_was_lost_here(self):
        other = self._create_moodle(self.moodle, "Other")
        self.env["lms.account"].create({"provider_id": other.id, "account": "7"})
        other.action_switch_off()
        self.moodle.finish(7, 2, NOON)
        self._pull()
        self._said().unlink()
        self.assertEqual(self._pull().stored, 0, "done before: not asked about")
        self.provider.action_read_again()
        self.assertFalse(self.provider.date_due)
        for stored in (2, 0):
            self.assertEqual(self._pull().stored, stored)
        self.assertEqual(len(self._said()), 2)
        accounts = self.env["lms.account"].search([("provider_id", "=", other.id)])
        self.assertEqual(len(accounts), 1, "another's are its own")
        with self.assertRaises(AccessError):
            self.provider.with_user(self.seller.user_ids).action_read_again()

    def _create_store(self, stored):
        """Create a record store of three statements, read one by one."""
        lrs = LrsStandIn()
        self.addCleanup(lrs.close)
        at = stored.strftime("%Y-%m-%dT%H:%M:%SZ")
        lrs.statements = [{**self._say(), "stored": at} for _number in range(3)]
        store = self._create_provider(
            "A Store", endpoint=lrs.url, username="odoo", password="secret", page_size=1
        )
        return lrs, store

    def _pull_both(self, both):
        """Run the job; return the state of each one's run."""
        self._pull()
        logs = self.env["lms.sync.log"].search([], limit=2, order="id desc")
        self.assertEqual(logs.provider_id, both)
        return logs.mapped("state")

    def test_a_store_and_a_moodle_are_read_by_one_job(self):
        stored = fields.Datetime.now() - timedelta(days=5)
        lrs, store = self._create_store(stored)
        self.provider.page_size = 1
        for user in (7, 8):
            self.moodle.finish(user, 2, NOON)
        both = store | self.provider
        # both fail in the middle: each keeps what it has, and goes on its own way
        self.moodle.faults = [(COURSES, 503, {}, b"")] * 9
        lrs.faults = [None, (404, {}, b"")]
        self.assertEqual(self._pull_both(both), ["failed"] * 2)
        self.assertFalse(store.resume, "a page that fails is not asked for for ever")
        self.assertTrue(self.provider.resume, "who is busy goes on where it was")
        self.moodle.faults = []
        for _time in range(2):
            self.assertEqual(self._pull_both(both), ["done"] * 2)
            self.assertEqual(both.mapped("resume"), [False, False])
            self.assertEqual(store.date_cursor, stored.replace(microsecond=0))
            self.assertGreater(self.provider.date_due, fields.Datetime.now())
            said = self.Statement.search([("provider_id", "=", store.id)])
            self.assertEqual((len(said), len(self._said())), (3, 4))

    def test_done_anew_after_a_reset_is_a_new_day(self):
        self.moodle.finish(7, 2, NOON)
        self._pull()
        del self.moodle.done[7, 2]
        self._pull()
        self.assertEqual(len(self._said()), 2, "a reset takes nothing back")
        self.moodle.finish(7, 2, NOON + 200 * DAY)
        self._pull()
        self._process()
        self.assertEqual(len(self._held(self.seller)), 2)
        self.assertEqual(len(self._said()), 4)

    def test_badges_are_asked_for_if_wished(self):
        badge = {"id": 4, "name": "Seller", "dateissued": NOON, "dateexpire": None}
        self.moodle.badges[7] = [badge]
        self._pull()
        self.assertFalse(self._said())
        self.provider.with_badges = True
        self._pull()
        said = self._said()
        self.assertEqual(said.activity, f"{self.home}/badges/overview.php?id=4")
        self.assertEqual((said.kind, said.activity_name), ("completed", "Seller"))
        self.assertEqual(self._pull().stored, 0)

    def test_a_course_without_criteria_gets_a_note_and_stops_nobody(self):
        self.moodle.without_criteria = {2}
        for user in (7, 8):
            self.moodle.finish(user, 2, NOON)
            self.moodle.finish(user, 3, NOON)
        log = self._pull()
        self.assertEqual(log.state, "done")
        self.assertIn("no criteria", self.course.note)
        self.assertEqual(
            set(self._said().mapped("activity")), {f"{self.home}/course/view.php?id=3"}
        )
        # the course is asked about once a round, not for each person
        self.assertEqual(self.moodle.count(STATUS), 3)
        self.moodle.without_criteria = set()
        self.assertEqual(self._pull().stored, 4)
        self.assertFalse(self.course.note)

    def test_the_token_goes_in_no_address_and_no_log(self):
        for user in (7, 8):
            self.moodle.finish(user, 2, NOON)
        # a learner who has become a teacher stays done, and is no longer listed
        self.moodle.untracked.add((8, 2))
        with self.assertLogs(level="DEBUG") as logs:
            log = self._pull()
        # the stand-in repeats the token in its errors
        self.assertIn(f"{STATUS}: usernotenroled", log.details)
        self.assertNotIn(TOKEN, "".join(self.moodle.lines))
        self.assertNotIn(TOKEN, "".join(logs.output))
        self.assertNotIn(TOKEN, str(log.read()))

    def test_values_are_asked_for_in_phps_way_and_at_most_500(self):
        self._pull()
        name, arguments = self.moodle.asked[0]
        self.assertEqual(name, "core_user_get_users_by_field")
        self.assertEqual(arguments["field"], "email")
        # a login with capitals is asked for in small letters as well
        self.assertEqual(
            arguments["values"],
            ["Seller@example.com", "rival@example.com", "seller@example.com"],
        )
        with patch.object(moodle_accounts, "MOST_VALUES", 1):
            self.moodle.asked.clear()
            self._pull()
        self.assertEqual(self.moodle.count("core_user_get_users_by_field"), 3)

    def test_the_queries_of_a_batch_do_not_grow_with_its_people(self):
        def count_queries():
            self._pull()
            self.moodle.finish(7, 3, NOON)
            page = next(self.provider._get_api().completions())
            log = self.env["lms.sync.log"].create(
                {"provider_id": self.provider.id, "kind": "pull"}
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.provider._get_learners(0)
            self.provider._store_page(page, log)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        with patch.object(type(self.env["ir.cron"]), "_commit_progress"):
            few = count_queries()
            people = [
                self._create_person(self.north, f"P{n}", f"p{n}") for n in range(8)
            ]
            for number, person in enumerate(people):
                person.user_ids.login = f"p{number}@example.com"
                self.moodle.add_user(20 + number, f"p{number}@example.com")
                self.moodle.finish(20 + number, 2, NOON)
            del self.moodle.done[7, 3]
            many = count_queries()
        self.assertLessEqual(many, few + 2)
        self.assertLess(few, 40)

    def test_two_moodles_are_asked_in_turn_and_kept_apart(self):
        other = MoodleStandIn()
        self.addCleanup(other.close)
        second = self._create_moodle(other, "Second")
        for moodle in (self.moodle, other):
            moodle.add_user(7, "seller@example.com")
            moodle.add_course(2, "Selling")
            moodle.finish(7, 2, NOON)
        self._pull()
        self.assertEqual(len(self._said()), 2)
        said = self.Statement.search([("provider_id", "=", second.id)])
        self.assertEqual(len(said), 2)
        ids = {*said.mapped("statement_id"), *self._said().mapped("statement_id")}
        self.assertEqual(len(ids), 4)

    def test_a_round_is_made_when_it_is_due(self):
        self._pull()
        due = fields.Datetime.add(self.provider.date_round, minutes=60)
        self.assertEqual(self.provider.date_due, due)
        self.assertEqual(self.provider.date_cursor, self.provider.date_round)
        asked = len(self.moodle.asked)
        self.provider._pull("pull")
        self.provider._pull("scan")
        self.assertEqual(len(self.moodle.asked), asked)
        self.provider.action_pull()
        self.assertFalse(self.provider.date_due)

    def test_people_of_former_partners_are_not_asked_about(self):
        self.memberships[1]._set_protected({"state": "terminated"})
        self.assertEqual(self._pull().people, 1)
