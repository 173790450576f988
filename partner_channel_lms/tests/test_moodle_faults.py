import json
from unittest.mock import patch

from odoo.tests import tagged

from ..tools import lms_api_moodle, lms_http
from ..tools.lms_api import LmsBroken
from .moodle_case import COURSES, NOON, STATUS, MoodleCase
from .moodle_stand_in import TOKEN


@tagged("post_install", "-at_install")
class TestMoodleFaults(MoodleCase):
    def setUp(self):
        super().setUp()
        self.moodle.finish(7, 2, NOON)
        self.moodle.finish(8, 2, NOON)

    def _assert_failed(self, wording):
        log = self._pull()
        self.assertEqual(log.state, "failed")
        self.assertIn(wording, log.message)
        self.assertFalse(self.provider.date_cursor, "the cursor stays")

    def test_a_wrong_token_stops_the_connection_with_one_activity(self):
        self.provider.password = "changed"
        self._assert_failed("invalidtoken")
        self.assertEqual(self.provider.state, "stopped")
        asked = len(self.moodle.asked)
        self._pull()
        self.assertEqual(len(self.moodle.asked), asked, "asked no more")
        self.assertEqual(len(self.provider.activity_ids), 1)
        self.provider.password = TOKEN
        self.provider.action_switch_on()
        self.assertEqual(self._pull().stored, 4)

    def test_a_suspended_user_of_the_token_stops_the_connection(self):
        self.moodle.refusal = "wsaccessusersuspended"
        self._assert_failed("wsaccessusersuspended")
        self.assertEqual(self.provider.state, "stopped")

    def test_accounts_that_hide_whether_they_are_confirmed_are_not_taken(self):
        self.moodle.sees_details = False
        self._assert_failed("moodle/user:viewalldetails")
        self.assertFalse(self._said())
        with self.assertRaisesRegex(LmsBroken, "viewalldetails"):
            self.provider._enrol(self.seller, self.course)
        self.assertFalse(self.moodle.enrolled)

    def test_completion_nobody_may_see_is_named_once(self):
        self.moodle.sees_completion = False
        log = self._pull()
        self.assertEqual((log.state, log.stored, log.unread), ("done", 0, 2))
        self.assertEqual(log.details.count("course 2: "), 1)
        self.assertIn("report/completion:view", log.details)
        self.moodle.sees_completion = True
        self.assertEqual(self._pull().stored, 4)

    def test_a_busy_moodle_is_asked_again(self):
        self.moodle.faults = [
            (COURSES, 429, {"Retry-After": "3"}, b""),
            (STATUS, 503, {}, b""),
        ]
        self.assertEqual(self._pull().stored, 4)
        self.assertEqual(self.waits[0], 3)

    def test_a_moodle_that_stays_busy_goes_on_with_the_same_people(self):
        self.provider.page_size = 1
        people = sorted((self.seller | self.rival).ids)
        second = {self.seller.id: 7, self.rival.id: 8}[people[1]]

        def be_busy(function):
            _name, arguments = self.moodle.asked[-1]
            if arguments.get("userid") == str(second):
                self.moodle.faults.append((function, 429, {}, b""))

        self.moodle.on_call = be_busy
        self._assert_failed("429")
        self.assertEqual(self.provider.resume["pull"]["more"], str(people[0]))
        self.assertEqual(len(self._said()), 2, "what came is kept")
        self.moodle.on_call = None
        self.moodle.faults.clear()
        self.moodle.asked.clear()
        log = self._pull()
        self.assertEqual((log.state, log.people, log.stored), ("done", 1, 2))
        self.assertFalse(self.provider.resume)

    def test_maintenance_and_a_database_that_is_down_are_waited_for(self):
        for code in ("sitemaintenance", "upgraderunning", "dbconnectionfailed"):
            for function in ("", COURSES):
                with self.subTest(code=code, function=function):
                    body = json.dumps({"exception": "x", "errorcode": code}).encode()
                    self.moodle.faults = [(function, 200, {}, body)]
                    self._assert_failed(code)
                    self.assertEqual(self.provider.state, "on")
        self.assertEqual(self._pull().stored, 4)

    def test_what_is_not_what_was_agreed_is_refused(self):
        for body, wording in (
            (b"<html>Login</html>", "no JSON"),
            (b'[{"id": 7, "em', "no JSON"),
            (b"<br>Warning: x in /y.php\n[]", "no JSON"),
            (b"null", "not what its documentation says"),
            (b'{"users": []}', "not what its documentation says"),
            (b"7", "not what its documentation says"),
        ):
            with self.subTest(body):
                self.moodle.faults = [("core_user_get_users_by_field", 200, {}, body)]
                self._assert_failed(wording)
        self.assertFalse(self._said())

    def test_one_broken_answer_about_a_person_stops_nobody_else(self):
        self.moodle.faults = [(COURSES, 200, {}, b"<html>")]
        log = self._pull()
        self.assertEqual((log.state, log.unread, log.stored), ("done", 1, 2))
        self.assertIn("no JSON", log.details)
        self.assertEqual(self._pull().stored, 2, "asked again the next time")

    def test_broken_answers_about_everybody_end_the_round(self):
        self.moodle.faults = [(COURSES, 200, {}, b"<html>")] * 2
        with patch.object(lms_api_moodle, "MOST_BROKEN", 2):
            self._assert_failed("no JSON")

    def test_half_answers_certify_nobody(self):
        empty = {"completionstatus": {"completed": True, "completions": []}}
        odd = [{"id": 2, "completed": 1}, {"id": "2", "completed": True}, 7, None]
        self.moodle.faults = [
            (STATUS, 200, {}, json.dumps(empty).encode()),
            (COURSES, 200, {}, json.dumps(odd).encode()),
        ]
        log = self._pull()
        self.assertEqual((log.state, log.stored), ("done", 0))
        self.assertEqual(self._pull().stored, 4)

    def test_a_grade_that_may_not_be_seen_hides_nothing(self):
        error = {"exception": "x", "errorcode": "nopermissions", "message": "no"}
        self.moodle.faults = [
            (
                "gradereport_overview_get_course_grades",
                200,
                {},
                json.dumps(error).encode(),
            )
        ] * 2
        log = self._pull()
        self.assertEqual((log.stored, log.unread), (4, 2))

    def test_another_host_is_never_asked(self):
        self.moodle.faults = [("", 302, {"Location": "http://127.0.0.2:1/x"}, b"")]
        self._assert_failed("another host")

    def test_an_endless_answer_ends(self):
        with patch.object(lms_http, "MOST_BYTES", 30):
            self._assert_failed("larger")

    def test_silence_is_waited_for_not_long(self):
        self.moodle.faults = [("", 200, {}, None)] * 5
        self._assert_failed("No answer")
        self.assertEqual(self._pull().stored, 4)

    def test_time_that_is_up_goes_on_with_the_next_people(self):
        self.provider.page_size = 1
        cron = type(self.env["ir.cron"])
        # one before, three for each person: the second's are not made
        commit, left = cron._commit_progress, [4]

        def run_out(records, *args, **kwargs):
            left[0] -= 1
            return commit(records, *args, **kwargs) if left[0] >= 0 else 0.0

        with patch.object(cron, "_commit_progress", run_out):
            log = self._pull()
        self.assertEqual(log.message, "Goes on next time.")
        self.assertFalse(self.provider.date_cursor)
        self.moodle.asked.clear()
        self._pull()
        self.assertEqual(len(self._said()), 4)
        self.assertTrue(self.provider.date_cursor)

    def test_a_round_stopped_after_its_last_person_ends(self):
        place = self.provider._find_place("pull", self.provider._get_api())
        last = {**place, "more": str(max(self.seller.id, self.rival.id))}
        self.provider.resume = {"pull": last}
        log = self._pull()
        self.assertEqual((log.state, log.people), ("done", 0))
        self.assertFalse(self.provider.resume)
        self.assertTrue(self.provider.date_due)
