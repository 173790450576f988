from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import CertificationCommon


@tagged("post_install", "-at_install")
class TestCourseBenefit(CertificationCommon):
    """People attend the courses of their company's tier, as long as it is on it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.course.write({"enroll": "invite", "visibility": "members"})
        cls.benefit = cls.env["partner.benefit"].create(
            {"name": "Academy", "kind": "courses"}
        )
        cls.north_member, cls.south_member = cls.memberships

    def _give(self, grade=None, course=None):
        return self.env["partner.benefit.value"].create(
            {
                "benefit_id": self.benefit.id,
                "grade_id": (grade or self.certified).id,
                "channel_ids": (course or self.course).ids,
            }
        )

    def _attending(self):
        self.env.invalidate_all()
        # who makes a course attends it
        return self.course.channel_partner_ids.partner_id - self.env.user.partner_id

    def _set_tier(self, memberships, grade):
        memberships._set_tier(grade, self.program._get_today())

    def test_people_attend_while_the_company_is_on_the_tier(self):
        self._give()
        self.assertFalse(self._attending())
        self._set_tier(self.memberships, self.certified)
        people = self.owner | self.seller | self.rival
        self.assertEqual(self._attending(), people)
        self._set_tier(self.north_member, self.entry)
        self.assertEqual(self._attending(), self.rival)
        self._set_tier(self.north_member, self.certified)
        self.assertEqual(self._attending(), people)

    def test_a_closed_course_is_read_by_who_is_given_it_alone(self):
        self._give()
        self._set_tier(self.north_member, self.certified)
        self.assertTrue(self.course.with_user(self.seller.user_ids).is_member)
        self.assertTrue(self.course.with_user(self.seller.user_ids).name)
        with self.assertRaises(AccessError):
            self.course.with_user(self.rival.user_ids).read(["name"])

    def test_run_twice_it_changes_nothing(self):
        self._give()
        self._set_tier(self.memberships, self.certified)
        self.assertFalse(self.memberships._sync_course_access())

    def test_who_attends_on_their_own_account_stays(self):
        self.course.sudo()._action_add_members(self.seller)
        self._give()
        self._set_tier(self.north_member, self.certified)
        self._set_tier(self.north_member, self.entry)
        self.assertEqual(self._attending(), self.seller)

    def test_the_values_of_a_benefit_take_effect_at_once(self):
        self._set_tier(self.memberships, self.certified)
        value = self._give()
        self.assertEqual(len(self._attending()), 3)
        self.assertEqual(value.summary, "Sales Course")
        value.grade_id = self.entry
        self.assertFalse(self._attending())
        value.grade_id = self.certified
        value.unlink()
        self.assertFalse(self._attending())

    def test_another_membership_may_still_give_the_course(self):
        program = self.env["partner.program"].create({"name": "Second"})
        grade = self.env["res.partner.grade"].create(
            {"name": "Second", "program_id": program.id}
        )
        self._give(grade)
        self._give()
        second = self.env["partner.membership"].create(
            {"partner_id": self.south.id, "program_id": program.id}
        )
        second.action_activate()
        self._set_tier(self.south_member, self.certified)
        self._set_tier(self.south_member, self.entry)
        self.assertEqual(self._attending(), self.rival)
        second.action_terminate()
        self.assertFalse(self._attending())

    def test_people_who_join_later_are_let_in_by_the_job(self):
        self._give()
        self._set_tier(self.north_member, self.certified)
        newcomer = self._create_person(self.north, "Nina New", "new")
        self.assertNotIn(newcomer, self._attending())
        cron = self.env.ref("partner_channel_lms.ir_cron_course_access")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertIn(newcomer, self._attending())
        newcomer.user_ids.active = False
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertNotIn(newcomer, self._attending())
        employee = new_test_user(self.env, "lms_clerk", "base.group_user")
        with self.assertRaises(AccessError):
            self.env["partner.membership"].with_user(
                employee
            )._cron_sync_course_access()

    def test_a_benefit_that_is_gone_gives_nothing(self):
        self._give()
        self._set_tier(self.memberships, self.certified)
        self.benefit.unlink()
        cron = self.env.ref("partner_channel_lms.ir_cron_course_access")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertFalse(self._attending())

    def test_many_people_cost_as_many_queries_as_few(self):
        self._give()
        self._set_tier(self.memberships, self.certified)

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertFalse(self.memberships._sync_course_access())
            return self.cr.sql_log_count - before

        count()
        few = count()
        for number in range(8):
            self._create_person(self.north, f"Person {number}", f"p{number}")
        self.assertEqual(len(self.memberships._sync_course_access()), 8)
        self.assertEqual(count(), few)

    def test_courses_must_be_named(self):
        with self.assertRaises(ValidationError):
            self.env["partner.benefit.value"].create(
                {"benefit_id": self.benefit.id, "grade_id": self.certified.id}
            )


@tagged("post_install", "-at_install")
class TestEnablement(CertificationCommon):
    def test_health_counts_the_share_of_people_who_are_certified(self):
        day = self.program._get_today()
        self._take(self.seller)
        measured = self.memberships._measure_enablement(day)
        north, south = self.memberships
        self.assertEqual(measured[north.id], (50, {"certified": 1, "staff": 2}))
        self.assertEqual(measured[south.id], (0, {"certified": 0, "staff": 1}))
        self.memberships._review_health()
        texts = [line.get("text", "") for line in north._explain_health()["components"]]
        self.assertTrue(any("1 of 2" in text for text in texts), texts)
