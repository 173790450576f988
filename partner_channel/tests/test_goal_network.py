"""Goals of a whole program: one value out of many partners."""

from datetime import date
from unittest.mock import patch

from odoo.tests import freeze_time, tagged

from .common import PartnerChannelInvoicingCommon

DAY = date(2028, 2, 10)


@tagged("post_install", "-at_install")
@freeze_time("2028-03-01")
class TestGoalNetwork(PartnerChannelInvoicingCommon):
    def test_a_network_adds_up_who_was_a_partner_in_the_period(self):
        goal = self._create_goal(program_id=self.program.id)
        other = self._create_program("Integrator")
        stranger = self._create_membership("Stranger", program=other)
        early = self._create_membership("Early")
        for membership, amount in (
            (self.northwind, 100),
            (self.contoso, 20),
            (early, 3_000),
            (stranger, 40_000),
        ):
            membership.date_start = date(2027, 1, 1)
            self._invoice(membership.partner_id, amount, DAY)
        early.action_terminate()
        self.assertEqual(goal.fact, 3_120, "who ended in the period counts")
        early._set_protected({"date_end": date(2027, 12, 31)})
        goal.invalidate_recordset()
        self.assertEqual(goal.fact, 120)

    def test_new_partners_are_those_who_began_in_the_period(self):
        goal = self._create_goal(
            program_id=self.program.id, metric="new_partners", plan=4
        )
        self.northwind.date_start = date(2028, 1, 1)
        self.contoso.date_start = date(2027, 12, 31)
        self._create_membership("Undecided", active=False)
        self.assertEqual((goal.fact, goal.reached), (1, 25))
        self.assertEqual(goal.fact_text, "1 partner")
        self.assertEqual(goal.plan_text, "4 partners")

    def test_leads_are_those_offered_in_the_period(self):
        goals = (
            self._create_goal(self.northwind, metric="leads")
            | self._create_goal(self.contoso, metric="leads")
            | self._create_goal(program_id=self.program.id, metric="leads")
        )
        (self.northwind | self.contoso).date_start = date(2027, 1, 1)
        for membership, day in (
            (self.northwind, DAY),
            (self.northwind, date(2028, 1, 1)),
            (self.northwind, date(2027, 12, 31)),
            (self.contoso, DAY),
        ):
            self._offer_lead(membership, day)
        self.assertEqual(goals.mapped("fact"), [2, 1, 3])

    def test_conversion_is_what_was_won_of_what_was_submitted(self):
        """Of Northwind's four one was won, of Contoso's one it was: two of five."""
        goals = (
            self._create_goal(self.northwind, metric="conversion", plan=50)
            | self._create_goal(self.contoso, metric="conversion", plan=50)
            | self._create_goal(
                program_id=self.program.id, metric="conversion", plan=50
            )
        )
        (self.northwind | self.contoso).date_start = date(2027, 1, 1)
        for membership, count in ((self.northwind, 5), (self.contoso, 1)):
            leads = self.env["crm.lead"]
            for number in range(count):
                name = f"{membership.id}-{number}"
                leads |= self._register(
                    membership, partner_name=name, customer_vat="", website=""
                )
            leads._set_protected({"date_submitted": DAY})
            leads[0]._approve_registration()
            leads[0].action_set_won()
            leads[4:]._set_protected({"date_submitted": date(2027, 12, 1)})
        self.assertEqual(goals.mapped("fact"), [25, 100, 40])

    def test_an_average_of_the_network_is_that_of_its_partners(self):
        goal = self._create_goal(
            program_id=self.program.id, metric="customer_rating", plan=4
        )
        values = {self.northwind.id: 5.0, self.contoso.id: 3.0}
        with patch.object(
            type(goal), "_measure_customer_rating", lambda *_args: values
        ):
            self.assertEqual(goal.fact, 4)

    def test_measuring_forty_goals_costs_as_much_as_two(self):
        members = self.env["partner.membership"]
        for number in range(38):
            members |= self._create_membership(f"Partner {number}")
        network = self._create_goal(program_id=self.program.id)
        goals = network
        for member in self.northwind | members:
            goals |= self._create_goal(member)

        def queries(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            records.with_prefetch(records.ids).mapped("forecast_text")
            return self.cr.sql_log_count - before

        queries(goals)  # fills the caches of the registry
        self.assertEqual(len(goals), 40)
        self.assertEqual(queries(goals[:2]), queries(goals))

    def test_goals_that_ask_for_the_same_are_measured_once(self):
        goals = self._create_goal(program_id=self.program.id)
        for membership in (self.northwind, self.contoso):
            for metric in ("resale_revenue", "leads"):
                for _twice in range(2):
                    goals |= self._create_goal(membership, metric=metric)
        calls = []
        Goal = type(goals)
        measure = Goal._measure_metric

        def count(goal, *args):
            calls.append(goal.metric)
            return measure(goal, *args)

        with patch.object(Goal, "_measure_metric", count):
            goals.mapped("fact")
        self.assertEqual(sorted(calls), ["leads", "resale_revenue"])
