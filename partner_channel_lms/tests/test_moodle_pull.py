import json
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import mail_new_test_user

from ..tools import lms_api_moodle, lms_http
from ..tools.lms_api import LmsUnavailable
from .lms_case import LmsCase
from .moodle_stand_in import ACTIVITY, GRADE, TOKEN, MoodleStandIn

#: 1 March 2026, noon UTC
NOON = 1_772_366_400
DAY = 86_400
STATUS = "core_completion_get_course_completion_status"
COURSES = "core_enrol_get_users_courses"


class MoodleCase(LmsCase):
    @classmethod
    def _request_handler(cls, s, r, /, **kw):
        # Odoo's guard against requests in tests knows no pair of timeouts
        return super()._request_handler(s, r, **{**kw, "timeout": 12})

    def setUp(self):
        super().setUp()
        self.moodle = MoodleStandIn()
        self.addCleanup(self.moodle.close)
        self.waits = []
        patcher = patch.object(lms_http.time, "sleep", self.waits.append)
        patcher.start()
        self.addCleanup(patcher.stop)
        # demo data and others are not asked
        self.env["lms.provider"].search([]).unlink()
        # only the people of this test are asked about
        self.env["partner.membership"].search(
            [("id", "not in", self.memberships.ids), ("state", "!=", "terminated")]
        )._set_protected({"state": "draft"})
        self.provider = self._create_moodle(self.moodle)
        self.home = self.moodle.url
        self.course = self.env["lms.course"].create(
            {
                "name": "Selling",
                "provider_id": self.provider.id,
                "activity": f"{self.home}/course/view.php?id=2",
                "type_id": self.kind.id,
            }
        )
        self.moodle.add_user(7, "Seller@example.com")
        self.moodle.add_user(8, "rival@example.com")
        self.moodle.add_course(2, "Selling")
        self.moodle.add_course(3, "Serving")

    def _create_moodle(self, moodle, name="Moodle"):
        return self._create_provider(
            name, kind="moodle", endpoint=moodle.url, password=TOKEN
        )

    def _pull(self):
        """Run the job as if the next round were due; return its log."""
        self.provider.date_due = False
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(
                "partner_channel_lms.ir_cron_pull_statements"
            ).method_direct_trigger()
        self.env.invalidate_all()
        return self.env["lms.sync.log"].search(
            [("provider_id", "=", self.provider.id)], limit=1, order="id desc"
        )

    def _said(self):
        return self.Statement.search([("provider_id", "=", self.provider.id)])

    def _get_rows(self):
        """Return all rows a round might write, but for its log."""
        self.env.flush_all()
        rows = []
        for table in ("lms_statement", "lms_account", "lms_course"):
            self.env.cr.execute(f"SELECT * FROM {table} ORDER BY id")
            rows += self.env.cr.fetchall()
        return rows


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

    def test_people_are_found_by_hand_made_ties_as_well(self):
        self.moodle.add_user(9, "private@example.com", idnumber="E9")
        self.moodle.add_user(10, "other@example.com")
        for name, person in (("idnumber:E9", self.owner), ("10", self.rival)):
            self.env["lms.identity"].create(
                {
                    "provider_id": self.provider.id,
                    "actor_key": f"account:{self.home}|{name}",
                    "partner_id": person.id,
                }
            )
        self.moodle.finish(9, 2, NOON)
        self.moodle.finish(10, 2, NOON)
        self._pull()
        self._process()
        self.assertTrue(self._held(self.owner))
        self.assertTrue(self._held(self.rival))

    def test_a_tie_goes_before_the_address_of_the_account(self):
        self.env["lms.identity"].create(
            {
                "provider_id": self.provider.id,
                "actor_key": f"account:{self.home}|7",
                "partner_id": self.rival.id,
            }
        )
        self.moodle.finish(7, 2, NOON)
        for size in (1, 50):
            self.provider.page_size = size
            self._pull()
            self._process()
            self.assertTrue(self._held(self.rival))
            self.assertFalse(self._held(self.seller), "the account is another's")

    def test_what_partners_may_write_finds_nobody(self):
        self.owner.email = "boss@example.com"
        self.moodle.add_user(11, "boss@example.com")
        self.moodle.finish(11, 2, NOON)
        self._pull()
        self.assertFalse(self._said())

    def test_an_address_of_two_accounts_or_unconfirmed_is_nobodys(self):
        self.moodle.add_user(12, "seller@example.com")
        self.moodle.users[8]["confirmed"] = False
        for user in (7, 8, 12):
            self.moodle.finish(user, 2, NOON)
        self._pull()
        self.assertFalse(self._said())

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
        self.moodle.finish(7, 2, NOON)
        self.moodle.users.pop(8)
        self.env["lms.identity"].create(
            {
                "provider_id": self.provider.id,
                "actor_key": f"account:{self.home}|99",
                "partner_id": self.rival.id,
            }
        )
        with self.assertLogs(level="DEBUG") as logs:
            log = self._pull()
        # the stand-in repeats the token in its errors
        self.assertIn("99: core_enrol_get_users_courses: invaliduser", log.details)
        self.assertNotIn(TOKEN, "".join(self.moodle.lines))
        self.assertNotIn(TOKEN, "".join(logs.output))
        self.assertNotIn(TOKEN, str(log.read()))

    def test_values_are_asked_for_in_phps_way_and_at_most_500(self):
        self._pull()
        name, arguments = self.moodle.asked[0]
        self.assertEqual(name, "core_user_get_users_by_field")
        self.assertEqual(arguments["field"], "email")
        self.assertEqual(
            sorted(arguments["values"]), ["rival@example.com", "seller@example.com"]
        )
        with patch.object(lms_api_moodle, "MOST_VALUES", 1):
            self.moodle.asked.clear()
            self._pull()
        self.assertEqual(self.moodle.count("core_user_get_users_by_field"), 2)

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


@tagged("post_install", "-at_install")
class TestMoodleByHand(MoodleCase):
    def test_the_test_says_who_answers(self):
        message = self.provider.action_test()["params"]["message"]
        self.assertIn("Stand-in", message)
        self.assertIn("5.1", message)

    def test_the_test_names_what_is_missing(self):
        self.moodle.functions.remove("enrol_manual_enrol_users")
        with self.assertRaisesRegex(UserError, "enrol_manual_enrol_users"):
            self.provider.action_test()
        self.provider.password = "wrong"
        with self.assertRaisesRegex(UserError, "invalidtoken"):
            self.provider.action_test()
        self.assertEqual(self.provider.state, "on", "a test stops nothing")

    def test_courses_are_listed_once(self):
        self.course.name = "Our own name"
        for expected in ("New courses: 1", "New courses: 0"):
            message = self.provider.action_fetch_courses()["params"]["message"]
            self.assertIn(expected, message)
        self.assertEqual(
            self.provider.course_ids.mapped("name"), ["Our own name", "Serving"]
        )
        self.assertFalse(self.provider.course_ids[1].type_id)

    def test_people_are_enrolled_there(self):
        self.assertTrue(self.provider._enrol(self.seller, self.course))
        self.assertEqual(
            self.moodle.enrolled, [{"roleid": "5", "userid": "7", "courseid": "2"}]
        )
        self.assertFalse(self.provider._enrol(self.owner, self.course), "unknown there")
        xapi = self._create_provider("Store")
        self.assertFalse(xapi._enrol(self.seller, self.course))
        self.provider.action_switch_off()
        self.assertFalse(self.provider._enrol(self.seller, self.course))
        self.assertEqual(len(self.moodle.enrolled), 1)

    def test_a_refusal_when_enrolling_stops_the_connection(self):
        self.provider.password = "changed"
        self.assertFalse(self.provider._enrol(self.seller, self.course))
        self.assertEqual(self.provider.state, "stopped")

    def test_a_moodle_that_is_gone_cannot_be_told(self):
        self.moodle.close()
        with self.assertRaises(LmsUnavailable):
            self.provider._enrol(self.seller, self.course)

    def test_only_the_administrator_asks_by_hand(self):
        trainer = mail_new_test_user(
            self.env, "lms_m", groups="partner_channel_lms.group_channel_trainer"
        )
        provider = self.provider.with_user(trainer)
        for attempt in (
            provider.action_test,
            provider.action_fetch_courses,
            provider.action_pull,
            lambda: provider.read(["endpoint"]),
            lambda: provider.read(["password"]),
            lambda: self.env["lms.account"].with_user(trainer).create({}),
        ):
            with self.assertRaises(AccessError):
                attempt()
        self.assertFalse(self.moodle.asked)

    def test_the_address_of_accounts_stays_when_a_copy_forgets_the_rest(self):
        self.assertEqual(self.provider.account_home, self.home)
        self.provider.endpoint = False
        self.assertEqual(self.provider.account_home, self.home)
        self.assertEqual(self.provider._get_account_home(), self.home)

    def test_only_xapi_is_strict(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(Exception) as raised,
            self.env.cr.savepoint(),
        ):
            self.provider.is_strict = True
            self.env.flush_all()
        self.assertIn("strict_kind", str(raised.exception))


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
        self.assertEqual(self.provider.resume["more"], str(people[0]))
        self.assertEqual(len(self._said()), 2, "what came is kept")
        self.moodle.on_call = None
        self.moodle.faults.clear()
        self.moodle.asked.clear()
        log = self._pull()
        self.assertEqual((log.state, log.people, log.stored), ("done", 1, 2))
        self.assertFalse(self.provider.resume)

    def test_maintenance_is_waited_for(self):
        body = json.dumps({"exception": "x", "errorcode": "sitemaintenance"}).encode()
        self.moodle.faults = [("", 200, {}, body)]
        self._assert_failed("sitemaintenance")
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

    def test_two_runs_at_once_store_everything_once(self):
        original = lms_api_moodle.MoodleApi._read_people
        runs = []

        def be_overtaken(api, learners):
            page = original(api, learners)
            if not runs:
                runs.append(1)
                # another server reads everybody, and is about to end its round
                provider = api._get_learners.__self__
                log = provider.env["lms.sync.log"].create(
                    {"provider_id": provider.id, "kind": "pull"}
                )
                provider._read_pages(provider._get_api(), log)
                provider.resume = {"more": str(learners[-1].person), "step": 0}
            return page

        with patch.object(lms_api_moodle.MoodleApi, "_read_people", be_overtaken):
            self._pull()
        log = self.provider.log_ids.sorted("id")[0]
        self.assertEqual(log.state, "failed")
        self.assertIn("Another run", log.message)
        self.assertEqual(log.stored, 0)
        self.assertEqual(len(self._said()), 4)
        self.assertTrue(self.provider.resume, "the other run's place stays")

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
        self.provider.resume = {"more": str(max(self.seller.id, self.rival.id))}
        log = self._pull()
        self.assertEqual((log.state, log.people), ("done", 0))
        self.assertFalse(self.provider.resume)
        self.assertTrue(self.provider.date_due)
