from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import mail_new_test_user

from ..tools.lms_api import LmsUnavailable
from .moodle_case import MoodleCase


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

    def test_names_of_courses_come_as_html(self):
        self.moodle.add_course(4, "Q&A <advanced>")
        self.provider.action_fetch_courses()
        self.assertIn("Q&A <advanced>", self.provider.course_ids.mapped("name"))

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
