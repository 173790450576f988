"""The growth of partners: from the gap to the tier."""

from datetime import date

import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import PartnerChannelInvoicingCommon

TARGET = date(2028, 12, 1)


@tagged("post_install", "-at_install")
@freeze_time("2028-03-01")
class TestTierPlan(PartnerChannelInvoicingCommon):
    @classmethod
    def _create_plan(cls, membership, tier="Silver", **values):
        return cls.env["partner.tier.plan"].create(
            {
                "membership_id": membership.id,
                "target_grade_id": cls._grade(tier, membership.program_id).id,
                "date_target": TARGET,
                **values,
            }
        )

    def test_who_leaves_has_nothing_more_to_reach(self):
        plan, other = (
            self._create_plan(self.northwind),
            self._create_plan(self.contoso),
        )
        goals = self.env["partner.goal"]
        for day in (date(2028, 2, 1), date(2029, 2, 1)):
            goals |= self._create_goal(self.northwind, date_start=day)
        goals[0].action_agree()
        self.northwind.action_terminate()
        self.assertEqual((plan | other).mapped("state"), ["dropped", "gap"])
        self.assertEqual(goals.exists(), goals[0], "agreed: its result still counts")

    def test_a_plan_shows_the_gap_and_when_it_is_closed(self):
        self._invoice(self.northwind.partner_id, 6_100, date(2028, 2, 1))
        plans = self._create_plan(self.northwind) | self._create_plan(
            self.contoso, "Gold"
        )
        silver, gold = plans
        self.assertEqual(silver.progress, 61)
        self.assertIn("3,900.00", silver.gap_text)
        # 100 a day: 39 days more
        self.assertEqual(silver.date_projected, date(2028, 4, 9))
        self.assertEqual(silver.grade_from_id, self._grade("Registered"))
        self.assertEqual(silver.user_id, self.manager)
        self.assertEqual(gold.progress, 0)
        self.assertIn("50,000.00", gold.gap_text)
        self.assertFalse(gold.date_projected)
        self.assertFalse(plans.filtered("is_behind"))
        silver.date_target = date(2028, 4, 8)
        self.assertTrue(silver.is_behind)

    def test_a_plan_goes_its_way_and_back(self):
        plans = self._create_plan(self.northwind) | self._create_plan(self.contoso)
        plans.action_agree_goal()
        plans.action_support()
        plans.action_support()
        self.assertEqual(plans.mapped("state"), ["support", "support"])
        plans[0].action_back()
        plans.action_back()
        self.assertEqual(plans.mapped("state"), ["gap", "goal"])
        with self.assertRefused(UserError, "Gap Known", "In Support"):
            plans[0].action_support()
        with self.assertRefused(AccessError, "State"):
            plans.state = "reached"

    def test_the_tier_itself_makes_a_plan_reached(self):
        """The target or a higher tier counts, a lower one does not."""
        third = self._create_membership("Third", manager=self.manager)
        plans = (
            self._create_plan(self.northwind, "Silver")
            | self._create_plan(self.contoso, "Gold")
            | self._create_plan(third, "Platinum")
        )
        plans[0].action_agree_goal()
        day = date(2028, 3, 1)
        memberships = plans.membership_id
        memberships._set_tier(self._grade("Gold"), day)
        memberships._set_tier(self._grade("Gold"), day)
        self.assertEqual(plans.mapped("state"), ["reached", "reached", "gap"])
        self.assertEqual(plans.mapped("date_closed"), [day, day, False])
        self.assertEqual(plans.mapped("progress")[:2], [100, 100])
        # a fall afterwards does not undo what was reached
        memberships._set_tier(self._grade("Registered"), day)
        self.assertEqual(plans.mapped("state"), ["reached", "reached", "gap"])

    def test_the_nightly_review_reaches_plans(self):
        plan = self._create_plan(self.northwind)
        self._invoice(self.northwind.partner_id, 12_000, date(2028, 2, 1))
        self.northwind._review_tiers()
        self.assertEqual(plan.state, "reached")

    def test_reaching_plans_takes_the_same_queries_for_many(self):
        def queries(count):
            members = self.env["partner.membership"]
            for number in range(count):
                members |= self._create_membership(f"Partner {count}-{number}")
                self._create_plan(members[-1])
            self.env.flush_all()
            self.env.invalidate_all()
            silver = self._grade("Silver")
            before = self.cr.sql_log_count
            self.env["partner.tier.plan"].with_context(tracking_disable=True)._reach(
                members, silver, TARGET
            )
            self.env.flush_all()
            return self.cr.sql_log_count - before

        queries(1)  # fills the caches of the registry
        self.assertEqual(queries(2), queries(20))

    def test_the_board_costs_the_same_for_two_and_for_twenty(self):
        plans = self.env["partner.tier.plan"]
        for number in range(20):
            plans |= self._create_plan(self._create_membership(f"Partner {number}"))

        def queries(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            records.with_prefetch(records.ids).web_read(
                {"gap_text": {}, "progress": {}, "date_projected": {}, "state": {}}
            )
            return self.cr.sql_log_count - before

        queries(plans)  # fills the caches of the registry
        self.assertEqual(queries(plans[:2]), queries(plans))

    def test_a_dropped_plan_leaves_nothing_to_do_and_room_for_another(self):
        plan = self._create_plan(self.northwind)
        plan.activity_schedule(
            "partner_channel.mail_activity_support", summary="Joint visit"
        )
        plan.action_drop()
        plan.action_drop()
        self.assertFalse(plan.activity_ids)
        self.assertEqual((plan.state, plan.progress), ("dropped", 0))
        with self.assertRefused(UserError, "come to its end"):
            plan.target_grade_id = self._grade("Gold")
        with self.assertRefused(UserError, "it is final"):
            plan.action_back()
        self._create_plan(self.northwind)

    # === BAD INPUT === #

    def test_a_partner_has_one_open_plan(self):
        self._create_plan(self.northwind)
        with (
            self.assertRaises(psycopg2.IntegrityError) as refused,
            mute_logger("odoo.sql_db"),
        ):
            self._create_plan(self.northwind, "Gold")
        message = self.env["partner.tier.plan"]._sql_error_to_message(refused.exception)
        self.assertIn("already has an open growth plan", message)

    def test_a_target_is_a_higher_tier_of_the_same_program(self):
        other = self._create_program("Integrator")
        self.northwind._set_tier(self._grade("Silver"), date(2028, 1, 1))
        for tier, program in (("Silver", None), ("Certified", None)):
            target = self._grade(tier, program).id
            with (
                self.subTest(tier),
                self.assertRefused(ValidationError, "target tier", tier, "higher"),
            ):
                self._create_plan(self.northwind, target_grade_id=target)
        with self.assertRefused(ValidationError, "target tier", "same program"):
            target = self._grade("Gold", other).id
            self._create_plan(self.northwind, target_grade_id=target)

    def test_a_day_in_the_past_is_refused(self):
        with self.assertRefused(ValidationError, "Reach By", "past"):
            self._create_plan(self.northwind, date_target=date(2028, 2, 29))

    def test_a_plan_starts_from_the_membership(self):
        action = self.northwind.action_open_tier_plan()
        Plan = self.env["partner.tier.plan"].with_context(**action["context"])
        with Form(Plan) as form:
            self.assertEqual(form.target_grade_id, self._grade("Certified"))
            form.date_target = TARGET
        self.assertEqual(
            self.northwind.action_open_tier_plan()["res_id"], form.record.id
        )
