from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .moodle_case import MoodleCase


@tagged("post_install", "-at_install")
class TestMoodleEnrol(MoodleCase):
    """Learning paths enrol people in a Moodle, by the job."""

    def setUp(self):
        super().setUp()
        self.owner.user_ids.login = "owner@example.com"
        # Moodle knows the contact's address, which partners may write themselves
        self.rival.user_ids.login = "rita"
        self.env["learning.path"].create(
            {
                "name": "Elsewhere",
                "program_id": self.program.id,
                "step_ids": [(0, 0, {"lms_course_id": self.course.id, "due_days": 9})],
            }
        )
        self.env["learning.path"]._enrol_by_rule(self.memberships)

    def _run(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(
                "partner_channel_lms.ir_cron_enrol_outside"
            ).method_direct_trigger()
        self.env.invalidate_all()
        orders = self.env["lms.enrolment"].search([])
        return {order.partner_id: order for order in orders}

    def _told(self):
        return [(one["userid"], one["courseid"]) for one in self.moodle.enrolled]

    def test_who_is_known_there_is_enrolled_and_nobody_else(self):
        for _time in range(2):
            orders = self._run()
            self.assertEqual(self._told(), [("7", "2")], "once")
            self.assertEqual(orders[self.seller].state, "told")
            unknown = orders[self.owner]
            self.assertEqual((unknown.state, unknown.attempts), ("waiting", 1))
            self.assertIn("does not know", unknown.error)
            self.assertGreater(unknown.date_try, fields.Datetime.now())
            self.assertEqual(orders[self.rival].state, "failed")
            self.assertIn("portal login", orders[self.rival].error)
        self.moodle.add_user(11, "owner@example.com")
        past = fields.Datetime.now() - timedelta(hours=1)
        unknown._set_protected({"date_try": past})
        self.assertEqual(self._run()[self.owner].state, "told")
        self.assertEqual(self._told(), [("7", "2"), ("11", "2")])

    def _tie(self, account, person):
        self.env["lms.identity"].create(
            {
                "provider_id": self.provider.id,
                "actor_key": f"account:{self.home}|{account}",
                "partner_id": person.id,
            }
        )

    def test_one_account_of_a_person_is_enrolled_and_never_a_strangers(self):
        self.moodle.add_user(9, "other@example.com")
        self.moodle.add_user(11, "owner@example.com", idnumber="E11")
        # the seller's own tie goes before the login, which leads to account 7
        self._tie("9", self.seller)
        # the owner's login leads to an account that is the rival's
        self._tie("idnumber:E11", self.rival)
        orders = self._run()
        self.assertEqual(sorted(self._told()), [("11", "2"), ("9", "2")])
        parked = orders[self.owner]
        self.assertEqual((parked.state, parked.attempts), ("waiting", 1))
        self.assertEqual(orders[self.rival].state, "told")

    def test_who_may_be_one_of_two_waits_for_a_human(self):
        self.moodle.add_user(12, "seller@example.com")
        for account in ("8", "9"):
            self.moodle.add_user(int(account), f"a{account}@example.com")
            self._tie(account, self.rival)
        orders = self._run()
        self.assertFalse(self._told())
        for person in (self.seller, self.rival):
            self.assertEqual(orders[person].state, "waiting")
            self.assertIn("Tie one of them", orders[person].error)
        self._tie("12", self.seller)
        orders[self.seller].sudo()._tell_again()
        self.assertEqual(self._run()[self.seller].state, "told")
        self.assertEqual(self._told(), [("12", "2")])

    def test_who_is_refused_there_takes_nobody_along(self):
        self.moodle.users[8]["confirmed"] = False
        self._tie("8", self.rival)
        orders = self._run()
        self.assertEqual(self._told(), [("7", "2")])
        self.assertIn("usernotconfirmed", orders[self.rival].error)

    def test_who_is_tied_by_hand_needs_no_address(self):
        self._tie("8", self.rival)
        self.assertEqual(self._run()[self.rival].state, "told")
        self.assertEqual(sorted(self._told()), [("7", "2"), ("8", "2")])
