from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools.lms_api import LmsApi, LmsBroken, LmsRefused, LmsUnavailable
from .lms_case import COURSE, LmsCase


class TakingApi(LmsApi):
    """A learning system that takes enrolments and remembers them."""

    def __init__(self, errors=()):
        self.told, self.errors = [], list(errors)

    def enrol(self, activity, learners):
        self.told.append(
            (activity, sorted(learner.value.lower() for learner in learners))
        )
        if self.errors:
            error = self.errors.pop(0)
            if error:
                raise error
        return learners


@tagged("post_install", "-at_install")
class TestEnrolOutside(LmsCase):
    """Learning systems are told whom to enrol, by a job that tries again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner.user_ids.login = "owner@example.com"

    def _use(self, *errors):
        api_ = TakingApi(errors)
        self.provider.endpoint = "https://academy.example.org/xapi"
        patcher = patch.object(
            type(self.env["lms.provider"]), "_get_api", lambda provider: api_
        )
        patcher.start()
        self.addCleanup(patcher.stop)
        return api_

    def _enrol(self, roles=False):
        self.env["learning.path"].create(
            {
                "name": "Elsewhere",
                "program_id": self.program.id,
                "role_ids": roles,
                "step_ids": [(0, 0, {"lms_course_id": self.course.id, "due_days": 10})],
            }
        )
        return self.env["learning.path"]._enrol_by_rule(self.memberships)

    def _orders(self):
        return self.env["lms.enrolment"].search([], order="id")

    def _run(self):
        with self.enter_registry_test_mode():
            cron = self.env.ref("partner_channel_lms.ir_cron_enrol_outside")
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _make_due(self):
        past = fields.Datetime.now() - timedelta(hours=1)
        self._orders()._set_protected({"date_try": past})

    def test_a_system_that_takes_no_enrolments_is_not_told(self):
        # one that only pushes, and one that is asked
        for endpoint in (False, "https://academy.example.org/xapi"):
            self.provider.endpoint = endpoint
            self._enrol()._cancel("rule")
            self.assertFalse(self._orders())
            self.env["learning.path"].search([]).unlink()

    def test_everybody_is_told_once_by_the_login(self):
        api_ = self._use()
        enrolled = self._enrol()
        self.assertEqual(self._orders().mapped("state"), ["waiting"] * 3)
        self.assertFalse(api_.told, "nothing is asked while people are enrolled")
        self._run()
        addresses = ["owner@example.com", "rival@example.com", "seller@example.com"]
        self.assertEqual(api_.told, [(COURSE, addresses)])
        self.assertEqual(self._orders().mapped("state"), ["told"] * 3)
        self._run()
        self.assertEqual(len(api_.told), 1, "twice in a row")
        enrolled._order_outside()
        self.assertEqual(self._orders().mapped("state"), ["told"] * 3)

    def test_a_system_that_is_down_is_told_later(self):
        api_ = self._use(LmsUnavailable("down"), None)
        self._enrol()
        self._run()
        orders = self._orders()
        self.assertEqual(orders.mapped("state"), ["waiting"] * 3)
        self.assertEqual(orders.mapped("attempts"), [1, 1, 1])
        self._run()
        self.assertEqual(len(api_.told), 1, "not before its time")
        self._make_due()
        self._run()
        self.assertEqual(orders.mapped("state"), ["told"] * 3)

    def test_one_wrong_address_holds_nobody_else_up(self):
        self._use(LmsBroken("who?"), None, LmsBroken("who is that?"), None)
        self._enrol()
        self._run()
        self.assertEqual(self._orders().mapped("state"), ["told", "waiting", "told"])
        wrong = self._orders()[1]
        self.assertEqual(wrong.error, "who is that?")
        for _number in range(4):
            wrong._fail("who is that?")
        self.assertEqual(wrong.state, "failed")
        wrong.action_retry()
        self.assertRecordValues(wrong, [{"state": "waiting", "attempts": 0}])

    def test_a_refusal_stops_the_connection(self):
        self._use(LmsRefused("no"))
        self._enrol()
        self._run()
        self.assertEqual(self.provider.state, "stopped")
        self.assertEqual(self._orders().mapped("state"), ["waiting"] * 3)

    def test_who_has_no_address_waits_for_a_person(self):
        api_ = self._use()
        # the address of a contact is the partner's to write
        self.rival.user_ids.login = "rita"
        self.rival.email = "rival@example.com"
        self._enrol()
        self._run()
        self.assertEqual(api_.told[0][1], ["owner@example.com", "seller@example.com"])
        failed = self._orders().filtered(lambda order: order.state == "failed")
        self.assertEqual(failed.partner_id, self.rival)

    def test_who_left_in_the_meantime_is_not_told(self):
        api_ = self._use(LmsUnavailable("down"))
        enrolled = self._enrol()
        self._run()
        enrolled.filtered(lambda one: one.partner_id == self.rival)._cancel("rule")
        self.seller.parent_id = False
        self._make_due()
        for _time in range(2):
            self._run()
            self.assertEqual(len(api_.told), 2)
            self.assertEqual(api_.told[1], (COURSE, ["owner@example.com"]))
        self.assertRecordValues(
            self._orders(), [{"partner_id": self.owner.id, "state": "told"}]
        )

    def test_a_course_that_fails_oddly_keeps_no_other_waiting(self):
        api_ = self._use(ValueError("odd"))
        other = self.course.copy({"activity": f"{COURSE}/other"})
        self.env["learning.path"].create(
            {
                "name": "More Elsewhere",
                "program_id": self.program.id,
                "step_ids": [(0, 0, {"lms_course_id": other.id, "due_days": 10})],
            }
        )
        self._enrol()
        with mute_logger("odoo.addons.partner_channel_lms.models.lms_enrolment"):
            self._run()
        self.assertEqual(
            [course for course, _all in api_.told], [COURSE, other.activity]
        )
        orders = self._orders().grouped("course_id")
        self.assertEqual(orders[other].mapped("state"), ["told"] * 3)
        self.assertEqual(orders[self.course].mapped("state"), ["waiting"] * 3)
        self.assertEqual(orders[self.course][0].error, "ValueError: odd")

    def test_a_refusal_in_the_middle_ends_the_questions(self):
        api_ = self._use(LmsBroken("who?"), LmsRefused("no"))
        self._enrol()
        self._run()
        self.assertEqual(self.provider.state, "stopped")
        self.assertEqual(len(api_.told), 2)
        self.assertEqual(self._orders().mapped("state"), ["waiting"] * 3)

    def test_nobody_writes_them(self):
        self._use()
        self._enrol()
        with self.assertRaises(AccessError):
            self._orders().write({"state": "told"})
        with self.assertRaises(AccessError):
            self._orders().with_user(self.seller.user_ids).read(["state"])
