from datetime import date
from unittest.mock import patch

import psycopg2
from psycopg2.errors import SerializationFailure

from odoo.exceptions import AccessError, ConcurrencyError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .learning_case import LearningCase


@tagged("post_install", "-at_install")
class TestLearningRule(LearningCase):
    """Who a path is for is on it; what it gave goes with it."""

    def test_people_with_the_role_are_enrolled_and_attend(self):
        path = self._create_path()
        enrolled = self._enrol()
        self.assertEqual(enrolled.partner_id, self.seller)
        self.assertRecordValues(
            enrolled,
            [
                {
                    "path_id": path.id,
                    "membership_id": self.memberships[0].id,
                    "reason": "join",
                    "state": "waiting",
                    "progress": 0,
                }
            ],
        )
        for channel in (self.intro, self.course):
            self.assertEqual(self._attending(channel), self.seller)
        self.assertEqual(path.type_ids, self.kind)
        self.assertFalse(self._enrol(), "twice in a row")

    @freeze_time("2027-03-01 12:00:00")
    def test_dates_count_from_the_enrolment_in_the_companys_zone(self):
        self.env.company.partner_id.tz = "Pacific/Kiritimati"
        self._create_path()
        enrolled = self._enrol()
        # UTC+14: it is the 2nd of March there
        self.assertEqual(enrolled.date_start, date(2027, 3, 2))
        self.assertEqual(enrolled.date_next, date(2027, 3, 12))
        self.assertEqual(enrolled.date_due, date(2027, 4, 1))

    def test_two_companies_each_have_their_paths(self):
        other = self.env["res.company"].create({"name": "Other Vendor"})
        program = self.env["partner.program"].create(
            {"name": "Elsewhere", "code": "ELSE", "company_id": other.id}
        )
        member = self.env["partner.membership"].create(
            {"partner_id": self.south.id, "program_id": program.id}
        )
        member.action_activate()
        self._create_path(role_ids=False)
        second = self._create_path(name="Second", program_id=program.id, role_ids=False)
        enrolled = self._enrol(self.memberships | member)
        self.assertEqual(len(enrolled), 4)
        own = enrolled.filtered(lambda rec: rec.company_id == other)
        self.assertEqual((own.path_id, own.partner_id), (second, self.rival))

    def test_a_membership_that_starts_enrols_at_once(self):
        self._create_path(role_ids=False)
        company = self.env["res.partner"].create({"name": "East", "is_company": True})
        person = self._create_person(company, "Eva East", "east")
        self.assertFalse(self._of(person))
        self._create_memberships(company)
        self.assertEqual(self._of(person).reason, "join")

    def test_who_joins_the_team_is_enrolled_at_once(self):
        self._create_path(role_ids=False)
        person = self._create_person(self.north, "Nina New", "nina")
        self.assertEqual(self._of(person).reason, "join")

    def test_who_changes_role_is_enrolled_and_taken_off(self):
        self._create_path()
        person = self._create_person(self.north, "Fay Finance", "fay", "Finance")
        finance = person.portal_role_id
        self.assertFalse(self._of(person))
        person.portal_role_id = self.seller_role
        own = self._of(person)
        self.assertEqual((own.reason, own.state), ("role", "waiting"))
        self.assertIn(person, self._attending(self.intro))
        person.portal_role_id = finance
        self.assertRecordValues(own, [{"state": "cancelled", "ended_by": "rule"}])
        self.assertNotIn(person, self._attending(self.intro))
        person.portal_role_id = self.seller_role
        self.assertEqual(len(self._of(person)), 2, "the role is back")

    def test_a_new_tier_enrols_and_its_loss_takes_off(self):
        self._create_path(grade_ids=self.certified.ids)
        self.assertFalse(self._enrol())
        today = self.program._get_today()
        self.memberships._set_tier(self.certified, today)
        own = self._of(self.seller)
        self.assertEqual(own.reason, "tier")
        self.memberships._set_tier(self.entry, today)
        self.assertEqual(own.state, "cancelled")
        self.assertFalse(self._attending(self.intro))

    def test_who_leaves_the_company_loses_the_courses(self):
        self._create_path()
        self._enrol()
        self.seller.parent_id = self.south
        own = self._of(self.seller).filtered(lambda r: r.state == "cancelled")
        self.assertEqual(own.membership_id, self.memberships[0])
        self.seller.portal_role_id = self.seller_role
        again = self._of(self.seller) - own
        self.assertEqual(again.membership_id, self.memberships[1])
        self.assertEqual(self._attending(self.intro), self.seller)
        self.seller.user_ids.active = False
        self.assertEqual(again.state, "cancelled")
        self.assertFalse(self._attending(self.intro))

    def test_a_membership_that_ends_takes_everybody_off(self):
        self._create_path()
        self._enrol()
        self.memberships.action_terminate()
        self.assertEqual(self._of(self.seller).state, "cancelled")
        self.assertFalse(self._attending(self.course))

    def test_who_attends_on_the_own_account_stays(self):
        self.intro._action_add_members(self.seller)
        self._create_path()
        self._enrol()._cancel("rule")
        self.assertEqual(self._attending(self.intro), self.seller)
        self.assertFalse(self._attending(self.course))

    def test_a_tier_may_still_give_what_a_path_no_longer_does(self):
        benefit = self.env["partner.benefit"].create(
            {"name": "Academy", "kind": "courses"}
        )
        self.env["partner.benefit.value"].create(
            {
                "benefit_id": benefit.id,
                "grade_id": self.entry.id,
                "channel_ids": self.intro.ids,
            }
        )
        self._create_path()
        self._enrol()._cancel("rule")
        self.assertIn(self.seller, self._attending(self.intro))
        self.assertNotIn(self.seller, self._attending(self.course))

    def test_a_step_less_takes_its_course_away_and_one_more_gives_it(self):
        path = self._create_path()
        self._enrol()
        path.step_ids[0].unlink()
        self.assertFalse(self._attending(self.intro))
        path.step_ids = [Command.create({"channel_id": self.intro.id})]
        self.assertEqual(self._attending(self.intro), self.seller)
        path.active = False
        self.assertFalse(self._attending(self.intro))
        self.assertEqual(self._of(self.seller).state, "cancelled")

    def test_taken_off_by_hand_stays_off(self):
        self._create_path()
        own = self._enrol()
        own.action_cancel()
        self.assertRecordValues(own, [{"state": "cancelled", "ended_by": "hand"}])
        self.assertFalse(self._enrol())

    def test_who_holds_the_certificate_needs_no_path(self):
        self._create_path()
        self._take(self.seller)
        self.assertFalse(self._enrol())

    def test_the_job_finds_newcomers_and_runs_twice(self):
        self._create_path(is_automatic=False)
        path = self.env["learning.path"].search([("name", "=", "First Steps")])
        self._run_job("ir_cron_learning_enrol")
        self.assertFalse(self._of(self.seller))
        path.is_automatic = True
        self._run_job("ir_cron_learning_enrol")
        self.assertEqual(self._of(self.seller).state, "waiting")
        self._run_job("ir_cron_learning_enrol")
        self.assertEqual(len(self._of(self.seller)), 1)
        clerk = new_test_user(self.env, "lms_clerk", "base.group_user")
        for model, method in (
            ("learning.path", "_cron_enrol"),
            ("learning.enrolment", "_cron_review"),
            ("lms.enrolment", "_cron_send"),
        ):
            with self.assertRaises(AccessError):
                getattr(self.env[model].with_user(clerk), method)()

    def test_the_database_lets_nobody_be_on_a_path_twice(self):
        self._create_path()
        own = self._enrol()
        values = own.sudo().copy_data()[0]
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.IntegrityError),
        ):
            self.Enrolment._with_state_move().create(
                {**values, "membership_id": own.membership_id.id, "reason": "join"}
            )
        needs = [(own.path_id, own.membership_id, own.partner_id, "new")]
        with mute_logger("odoo.sql_db"), self.assertRaises(ConcurrencyError):
            self.Enrolment.sudo()._enrol(needs, "join")
        with (
            patch.object(
                type(self.env["learning.path"]),
                "_enrol_by_rule",
                side_effect=ConcurrencyError("meanwhile"),
            ),
            self.assertRaises(SerializationFailure),
        ):
            self.memberships._learn_by_rule(date(2027, 1, 1))

    def test_enrolled_by_hand(self):
        path = self._create_path(is_automatic=False)
        own = self.Enrolment.create({"path_id": path.id, "partner_id": self.owner.id})
        self.assertEqual((own.reason, own.state), ("manual", "waiting"))
        self.assertEqual(self._attending(self.intro), self.owner)
        # no rule takes off whom nobody put on by rule
        own._review()
        self.assertEqual(own.state, "waiting")
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        with self.assertRaises(UserError):
            self.Enrolment.create({"path_id": path.id, "partner_id": stranger.id})

    def test_a_step_is_one_course_and_tiers_are_the_programs(self):
        path = self._create_path()
        for values in (
            {"due_days": 3},
            {"channel_id": self.intro.id},
            {"channel_id": self._create_lessons("Third").id, "due_days": 0},
        ):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.IntegrityError),
            ):
                path.step_ids = [Command.create(values)]
        program = self.env["partner.program"].create({"name": "Second"})
        grade = self.env["res.partner.grade"].create(
            {"name": "Alien", "program_id": program.id}
        )
        with self.assertRaises(ValidationError):
            path.grade_ids = grade

    def test_many_people_cost_as_many_queries_as_few(self):
        self._create_path(role_ids=False)
        self._create_people(2)
        self._enrol()
        self.Enrolment.search([])._cancel("rule")
        few = self._count(self._enrol)
        self.Enrolment.search([])._cancel("rule")
        with patch.object(
            type(self.env["res.users"]), "_sync_learning", lambda users: None
        ):
            self._create_people(197)
        many = self._count(self._enrol)
        self.assertEqual(len(self.Enrolment.search([("state", "=", "waiting")])), 202)
        # e-mails are rendered in batches of 50, as Odoo does
        self.assertLessEqual(many, few + 60, f"{few} for 5, {many} for 202")

    def _create_people(self, number):
        contacts = self.env["res.partner"].create(
            [
                {
                    "name": f"Person {number}-{n}",
                    "email": f"p{number}.{n}@example.com",
                    "parent_id": self.north.id,
                }
                for n in range(number)
            ]
        )
        self.env["res.users"].with_context(no_reset_password=True).create(
            [
                {
                    "login": person.email,
                    "partner_id": person.id,
                    "group_ids": self.env.ref("base.group_portal").ids,
                }
                for person in contacts
            ]
        )
