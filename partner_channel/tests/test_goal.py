"""Goals of partners and of the network, in two companies and two currencies."""

from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from .common import PartnerChannelInvoicingCommon

DAY = date(2028, 2, 10)


@tagged("post_install", "-at_install")
@freeze_time("2028-03-01")
class TestGoal(PartnerChannelInvoicingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.franc = cls.setup_other_currency("CHF", rates=[("2000-01-01", 2.0)])

    def _create_last(self, membership, **values):
        """Return an agreed goal whose period is over."""
        goal = self._create_goal(membership, date_start=date(2027, 11, 1), **values)
        goal.action_agree()
        return goal

    # === PERIOD AND MEASURING === #

    def test_a_goal_runs_over_the_whole_period_of_its_day(self):
        for period, first, last, text in (
            ("month", date(2028, 2, 1), date(2028, 2, 29), "February 2028"),
            ("quarter", date(2028, 1, 1), date(2028, 3, 31), "Q1 2028"),
            ("year", date(2028, 1, 1), date(2028, 12, 31), "2028"),
        ):
            with self.subTest(period):
                goal = self._create_goal(self.northwind, period=period)
                self.assertEqual((goal.date_from, goal.date_to), (first, last))
                self.assertEqual(goal.period_text, text)
                self.assertIn(text, goal.display_name)

    def test_fact_and_forecast_of_a_sum_follow_the_pace(self):
        goals = self._create_goal(self.northwind) | self._create_goal(self.contoso)
        self._invoice(self.northwind.partner_id, 610, DAY)
        self._invoice(self.contoso.partner_id, -61, DAY)
        self._invoice(self.northwind.partner_id, 9_999, date(2027, 12, 31))
        self._invoice(self.northwind.partner_id, 9_999, date(2028, 3, 2))
        # 61 of 91 days have passed
        self.assertEqual(goals.mapped("fact"), [610, -61])
        self.assertEqual(goals.mapped("forecast"), [910, -91])
        self.assertEqual(goals.mapped("reached"), [61, 0])
        self.assertEqual(goals.mapped("currency_id"), self.company.currency_id)

    def test_an_average_has_no_pace(self):
        goal = self._create_goal(self.northwind, metric="win_rate", plan=50)
        self.assertEqual((goal.fact, goal.fact_text), (0, "nothing yet"))
        self._register(self.northwind)._approve_registration()
        self.northwind.lead_ids.action_set_won()
        self.northwind.lead_ids._set_protected({"date_closed": DAY})
        goal.invalidate_recordset()
        self.assertEqual((goal.fact, goal.forecast, goal.reached), (100, 100, 200))
        self.assertFalse(goal.currency_id)
        self.assertEqual(goal.fact_text, "100 %")

    def test_before_the_period_nothing_is_measured(self):
        self._invoice(self.northwind.partner_id, 500, date(2028, 4, 1))
        goal = self._create_goal(self.northwind, date_start=date(2028, 4, 1))
        self.assertEqual((goal.fact, goal.forecast), (0, 0))

    def test_less_is_better_where_time_is_measured(self):
        goal = self._create_goal(self.northwind, metric="response_time", plan=24)
        offer = self._offer_lead(self.northwind, DAY)
        offer.write({"date_answered": DAY, "answer_hours": 48})
        self.assertEqual((goal.fact, goal.reached), (48, 50))

    def test_amounts_are_in_the_programs_currency(self):
        swiss = self._create_program("Swiss", currency_id=self.franc.id)
        member = self._create_membership("Helvetia", program=swiss)
        goals = self._create_goal(member) | self._create_goal(program_id=swiss.id)
        self._invoice(member.partner_id, 100, DAY)
        self.assertEqual(goals.currency_id, self.franc)
        self.assertEqual(goals.mapped("fact"), [200, 200])

    def test_each_company_measures_its_own_invoices(self):
        program = self._create_program("Elsewhere", company=self.other_company)
        far = self._create_membership("Fabrikam", program=program)
        goals = self._create_goal(self.northwind) | self._create_goal(far)
        self._invoice(self.northwind.partner_id, 30, DAY)
        self._invoice(far.partner_id, 70, DAY, company=self.other_company)
        self._invoice(far.partner_id, 9_999, DAY)
        self.assertEqual(goals.mapped("fact"), [30, 70])

    # === STATES === #

    def test_closing_stores_the_result_for_ever_and_rewards_once(self):
        self._invoice(self.northwind.partner_id, 800, date(2027, 12, 31))
        goals = self._create_last(self.northwind) | self._create_last(self.contoso)
        rewarded = []
        Goal = type(goals)
        with patch.object(Goal, "_reward_result", lambda g: rewarded.extend(g.ids)):
            goals[0].action_close()
            goals.action_close()
            goals.action_close()
        self.assertEqual(rewarded, goals.ids)
        self.assertEqual(goals.mapped("state"), ["closed", "closed"])
        self._invoice(self.northwind.partner_id, 200, date(2027, 12, 31))
        goals.invalidate_recordset()
        self.assertRecordValues(
            goals,
            [
                {"result": 800, "fact": 800, "reached": 80, "result_reached": 80},
                {"result": 0, "fact": 0, "reached": 0, "result_reached": 0},
            ],
        )
        for values in ({"plan": 1}, {"metric": "leads"}):
            with self.assertRefused(UserError, "result stands"):
                goals.write(values)
        with self.assertRefused(AccessError, "Final Result"):
            goals.write({"result": 1})
        with self.assertRefused(UserError, "cannot be deleted"):
            goals.unlink()
        with self.assertRefused(UserError, "it is final"):
            goals.action_draft()

    def test_a_goal_is_closed_after_its_last_day_only(self):
        goal = self._create_goal(self.northwind)
        goal.action_agree()
        with freeze_time("2028-03-31"), self.assertRefused(UserError, "03/31/2028"):
            goal.action_close()
        with freeze_time("2028-04-01"):
            goal.action_close()
        self.assertEqual((goal.state, goal.date_closed), ("closed", date(2028, 4, 1)))

    def test_a_draft_is_not_closed(self):
        goal = self._create_goal(self.northwind, date_start=date(2027, 11, 1))
        with self.assertRefused(UserError, "Draft", "Closed"):
            goal.action_close()

    def test_what_is_agreed_changes_only_after_it_is_opened_again(self):
        goals = self._create_goal(self.northwind) | self._create_goal(self.contoso)
        goals.action_agree()
        goals.action_agree()
        with self.assertRefused(UserError, "is agreed", "Plan", "draft"):
            goals.plan = 2
        goals.note = "Two seminars"
        goals.action_draft()
        goals.plan = 2
        self.assertEqual(goals.mapped("plan"), [2, 2])
        with self.assertRefused(AccessError, "State"):
            goals.state = "closed"

    # === BAD INPUT === #

    def test_bad_goals_are_refused_and_say_what_to_do(self):
        other = self._create_program("Integrator")
        for values, words in (
            ({"plan": 0}, ["plan", "above zero"]),
            ({"plan": -5}, ["plan", "above zero"]),
            ({"membership_id": False}, ["Choose a partner, or a program"]),
            ({"date_start": False}, ["day in the period is missing"]),
            ({"program_id": other.id}, ["another program", "Integrator"]),
            ({"metric": "new_partners"}, ["New partners", "whole program"]),
        ):
            with self.subTest(values), self.assertRefused(ValidationError, *words):
                self._create_goal(self.northwind, **values)

    def test_a_period_after_the_end_of_a_partner_is_refused(self):
        self.northwind.action_terminate()
        self._create_goal(self.northwind)
        with self.assertRefused(ValidationError, "03/01/2028", "Q2 2028"):
            self._create_goal(self.northwind, date_start=date(2028, 5, 1))

    def test_a_tier_cannot_ask_for_new_partners(self):
        with self.assertRefused(ValidationError, "New partners"):
            self._grade("Gold").requirement_ids.metric = "new_partners"

    def test_open_amounts_hold_the_programs_currency(self):
        program = self._create_program("Plain", grade_ids=[])
        member = self._create_membership("Mono", program=program)
        goal = self._create_last(member)
        with self.assertRefused(ValidationError, goal.display_name):
            program.currency_id = self.franc
        goal.action_close()
        program.currency_id = self.franc
        self.assertEqual(goal.currency_id, self.company.currency_id)

    def test_the_form_takes_the_program_from_the_partner(self):
        with Form(self.env["partner.goal"]) as form:
            form.membership_id = self.northwind
            form.metric = "leads"
            form.plan = 12
            self.assertEqual(form.program_id, self.program)
        self.assertEqual(form.record.user_id, self.manager)
        self.assertEqual(form.record.plan_text, "12 leads")
        action = self.northwind.action_open_goals()
        found = self.env["partner.goal"].search(action["domain"])
        self.assertEqual(found, form.record)
        self.assertEqual(self.northwind.goal_count, 1)
