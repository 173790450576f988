"""Who may see and set goals and growth plans; the business plan on paper."""

from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .common import PartnerChannelInvoicingCommon


@tagged("post_install", "-at_install")
@freeze_time("2028-03-01")
class TestGoalAccess(PartnerChannelInvoicingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        program = cls._create_program("Elsewhere", company=cls.other_company)
        cls.far = cls._create_membership("Fabrikam", program=program)
        cls.goals = cls.env["partner.goal"].create(
            [
                cls._goal_values(membership_id=cls.northwind.id),
                cls._goal_values(membership_id=cls.contoso.id),
                cls._goal_values(program_id=cls.program.id),
                cls._goal_values(membership_id=cls.far.id),
            ]
        )
        cls.plans = cls.env["partner.tier.plan"].create(
            [
                cls._plan_values(membership)
                for membership in (cls.northwind, cls.contoso, cls.far)
            ]
        )

    @classmethod
    def _goal_values(cls, **values):
        return {"metric": "resale_revenue", "plan": 1_000, "period": "year", **values}

    @classmethod
    def _plan_values(cls, membership):
        return {
            "membership_id": membership.id,
            "target_grade_id": cls._grade("Silver", membership.program_id).id,
            "date_target": date(2028, 12, 1),
        }

    def _see(self, user, records):
        return records.with_user(user).search([("id", "in", records.ids)])

    def test_a_channel_manager_sees_goals_and_plans_of_own_partners(self):
        self.assertEqual(self._see(self.manager, self.goals), self.goals[0])
        self.assertEqual(self._see(self.manager, self.plans), self.plans[0])

    def test_a_head_sees_all_of_the_own_company(self):
        self.assertEqual(self._see(self.head, self.goals), self.goals[:3])
        self.assertEqual(self._see(self.head, self.plans), self.plans[:2])

    def test_nobody_else_sees_any(self):
        salesman = self._create_user("sam.sales", "sales_team.group_sale_salesman")
        for user in (self.seller, salesman):
            for records in (self.goals, self.plans):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    records.with_user(user).read(["display_name"])
            for name in ("goal_ids", "goal_count", "tier_plan_ids"):
                with self.subTest(name), self.assertRaises(AccessError):
                    self.northwind.with_user(user).read([name])

    def test_a_channel_manager_sets_goals_for_own_partners_only(self):
        Goal = self.env["partner.goal"].with_user(self.manager)
        goal = Goal.create(self._goal_values(membership_id=self.northwind.id))
        goal.action_agree()
        for values in (
            {"membership_id": self.contoso.id},
            {"program_id": self.program.id},
        ):
            with self.subTest(values), self.assertRaises(AccessError):
                Goal.create(self._goal_values(**values))
        for records in (self.goals[1], self.goals[2]):
            with self.assertRaises(AccessError):
                records.with_user(self.manager).action_agree()
        with self.assertRaises(AccessError):
            self.plans[1].with_user(self.manager).action_drop()

    def test_a_fact_is_the_same_for_all_eyes(self):
        for membership in self.northwind | self.contoso:
            self._invoice(membership.partner_id, 500, date(2028, 2, 1))
        self.env.invalidate_all()
        goals = self.goals[:3].with_user(self.head)
        self.assertEqual(goals.mapped("fact"), [500, 500, 1_000])
        self.env.invalidate_all()
        self.assertEqual(self.goals[0].with_user(self.manager).fact, 500)

    # === BUSINESS PLAN === #

    def _render(self, memberships, user=None):
        report = self.env["ir.actions.report"].with_user(user or self.manager)
        html, _kind = report._render_qweb_html(
            "partner_channel.report_business_plan", memberships.ids
        )
        return html.decode()

    def test_the_business_plan_shows_what_was_agreed(self):
        self._invoice(self.northwind.partner_id, 2_500, date(2028, 2, 1))
        self.goals[0].note = "A seminar in spring"
        self.goals[0].activity_schedule(
            summary="Book the hall", date_deadline=date(2028, 3, 9)
        )
        self.plans[0].activity_schedule(
            summary="Joint visit", date_deadline=date(2028, 4, 9)
        )
        self.goals[0].action_agree()
        self.plans[0].action_agree_goal()
        html = self._render(self.northwind)
        for text in (
            "Joint Business Plan 2028",
            "Northwind",
            "Reseller",
            "Registered",
            self.manager.name,
            "Revenue: invoiced to the partner",
            "1,000.00",
            "2,500.00",
            "250 %",
            "A seminar in spring",
            "12/01/2028",
            "7,500.00",
            "Book the hall",
            "Joint visit",
        ):
            with self.subTest(text):
                self.assertIn(text, html)

    def test_a_business_plan_without_anything_agreed_says_so(self):
        member = self._create_membership("Nobody", manager=self.manager)
        html = self._render(member)
        self.assertIn("No goals are set yet", html)
        self.assertIn("No activity is planned", html)
        self.assertIn("Nobody", html)

    def test_two_business_plans_print_together(self):
        html = self._render(self.northwind | self.contoso, self.head)
        self.assertIn("Northwind", html)
        self.assertIn("Contoso", html)

    def test_a_business_plan_of_another_managers_partner_shows_no_goals(self):
        html = self._render(self.contoso)
        self.assertIn("No goals are set yet", html)
