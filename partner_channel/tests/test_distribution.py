from datetime import datetime

from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .distribution_case import HOUR, DistributionCase


@tagged("post_install", "-at_install")
class TestDistribution(DistributionCase):
    def test_the_first_rule_that_fits_offers_the_lead(self):
        germany = self.env.ref("base.de")
        other = self._create_program("Integrator")
        member = self._create_membership("Fabrikam", program=other)
        self._lead_rule(
            sequence=1, program_id=other.id, country_ids=[Command.link(germany.id)]
        )
        rule = self._lead_rule(sequence=2)
        here, abroad = self._lead(country_id=germany.id), self._lead()
        (here | abroad)._distribute()
        self.assertEqual(self._open(here).membership_id, member)
        self.assertEqual(self._open(abroad).membership_id, self.northwind)
        self.assertEqual(abroad.lead_rule_id, rule)
        self.assertEqual(abroad.distribution_state, "offered")
        self.assertFalse(abroad.partner_assigned_id, "nobody has it before accepting")
        self.assertIn("Next in turn of 2", self._open(abroad).why)

    def test_twice_in_a_row_offers_nothing_more(self):
        self._lead_rule()
        leads = self._lead(3)
        leads._distribute()
        leads._distribute()
        for lead, name in zip(
            leads, ("Northwind", "Contoso", "Northwind"), strict=True
        ):
            self.assertEqual(self._states(lead), [(name, "offered")])

    def test_the_window_is_working_time(self):
        self.company.resource_calendar_id = self.env["resource.calendar"].create(
            {"name": "Office", "tz": "UTC"}
        )
        self._lead_rule(window_hours=2)
        lead = self._lead()
        with freeze_time("2028-03-03 16:00:00"):  # a Friday; work ends at 17:00
            lead._distribute()
        self.assertEqual(self._open(lead).date_due, datetime(2028, 3, 6, 9, 0))

    def test_first_to_accept_has_it_and_the_other_is_told(self):
        self._lead_rule(mode="parallel", parallel=2)
        lead = self._lead()
        lead._distribute()
        first, second = self._open(lead)
        self.assertEqual({first.slot, second.slot}, {0, 1})
        second._accept()
        self.assertEqual(lead.partner_assigned_id, second.partner_id)
        self.assertEqual(lead.distribution_state, "assigned")
        self.assertEqual(first.state, "withdrawn")
        with self.assertRefused(UserError, "quicker"):
            first._accept()
        with self.assertRefused(UserError, "quicker"):
            first._decline("other")
        second._accept()
        self.assertEqual(second.state, "accepted")
        self.assertEqual(self.Offer.search_count([("lead_id", "=", lead.id)]), 2)

    def test_accepting_too_late_is_refused(self):
        self._lead_rule()
        lead = self._lead()
        lead._distribute()
        offer = self._open(lead)
        self._let_pass(offer)
        with self.assertRefused(UserError, "its time has ended"):
            offer._accept()
        self.assertFalse(lead.partner_assigned_id)

    def test_declined_goes_on_and_nobody_left_is_the_fall_back(self):
        team = self.env["crm.team"].create({"name": "Inside", "company_id": False})
        keeper = self._create_user("ina.inside", "sales_team.group_sale_salesman")
        self._lead_rule(user_id=keeper.id, team_id=team.id)
        lead, untouched = self._lead(2)
        (lead | untouched)._distribute()
        self._open(lead)._decline("capacity", "Full until May")
        self._run()
        self.assertEqual(
            self._states(lead), [("Northwind", "declined"), ("Contoso", "offered")]
        )
        declined = self.Offer.search([("lead_id", "=", lead.id)], order="id", limit=1)
        self.assertEqual(declined.decline_reason, "capacity")
        self.assertEqual(declined.decline_note, "Full until May")
        self.assertTrue(declined.date_answered)
        self.assertIn(self.northwind.partner_id, lead.partner_declined_ids)
        self.assertFalse(lead.user_id)
        self._open(lead)._decline("territory")
        self._run()
        self.assertEqual(lead.distribution_state, "fallback")
        self.assertEqual((lead.user_id, lead.team_id), (keeper, team))
        self.assertEqual(self._states(untouched), [("Contoso", "offered")])

    def test_several_declined_at_once(self):
        self._lead_rule()
        leads = self._lead(2)
        leads._distribute()
        self._open(leads[0]).__or__(self._open(leads[1]))._decline("other")
        self._run()
        self.assertEqual(
            self._states(leads[0]), [("Northwind", "declined"), ("Contoso", "offered")]
        )
        self.assertEqual(
            self._states(leads[1]), [("Contoso", "declined"), ("Northwind", "offered")]
        )

    def test_what_has_an_owner_or_an_end_is_left_alone(self):
        self._lead_rule()
        registered = self._register(self.northwind)
        given = self._lead(partner_assigned_id=self.contoso.partner_id.id)
        lost = self._lead()
        lost.action_set_lost()
        for lead in (registered, given, lost):
            self.assertFalse(lead._distribute())
            self.assertFalse(lead.distribution_state)
        with self.assertRefused(UserError, "Only open leads"):
            given.action_distribute()

    def test_companies_have_rules_of_their_own(self):
        program = self._create_program("Elsewhere", company=self.other_company)
        member = self._create_membership("Fabrikam", program=program)
        self._lead_rule(program_id=program.id, sequence=1)
        self._lead_rule(sequence=2)
        ours, theirs = self._lead(), self._lead(company_id=self.other_company.id)
        (ours | theirs)._distribute()
        self.assertEqual(self._open(ours).membership_id, self.northwind)
        self.assertEqual(self._open(theirs).membership_id, member)
        self.assertEqual(self._open(theirs).company_id, self.other_company)

    def test_limits_of_a_partner_hold(self):
        self._lead_rule(max_day=1)
        leads = self._lead(3)
        leads._distribute()
        self.assertEqual(
            leads.mapped("distribution_state"), ["offered", "offered", "fallback"]
        )
        self.Offer.search([]).date_offered = fields.Datetime.now() - 25 * HOUR
        again = self._lead()
        again._distribute()
        self.assertEqual(again.distribution_state, "offered")

    def test_limits_are_of_the_partner_in_all_its_programs(self):
        other = self._create_program("Other")
        member = self.env["partner.membership"].create(
            {"partner_id": self.northwind.partner_id.id, "program_id": other.id}
        )
        member.action_activate()
        self.contoso.action_suspend()
        here, there = self.env.ref("base.at"), self.env.ref("base.de")
        for limit in ({"max_work": 3}, {"max_day": 3}):
            self._lead_rule(country_ids=here.ids, **limit)
            self._lead_rule(country_ids=there.ids, program_id=other.id, **limit)
            leads = self._lead(2, country_id=here.id) | self._lead(
                2, country_id=there.id
            )
            with self.subTest(limit):
                leads._distribute()
                late = self._lead(country_id=here.id)
                late._distribute()
                self.assertEqual(
                    (leads | late).mapped("distribution_state"),
                    ["offered"] * 3 + ["fallback"] * 2,
                )
            self.Offer.search([])._set_protected({"state": "withdrawn"})
            self.Offer.search([]).date_offered = "2020-01-01"
            self.env["partner.lead.rule"].search([]).active = False

    def test_leads_in_work_count(self):
        self._lead_rule(max_work=2)
        self._lead(2, partner_assigned_id=self.northwind.partner_id.id)
        leads = self._lead(3)
        leads._distribute()
        self.assertEqual(self._open(leads[0]).membership_id, self.contoso)
        self.assertEqual(self._open(leads[1]).membership_id, self.contoso)
        self.assertEqual(leads[2].distribution_state, "fallback")

    def test_assigning_by_hand_ends_it(self):
        self._lead_rule()
        lead = self._lead()
        lead._distribute()
        lead.partner_assigned_id = self.contoso.partner_id
        self.assertEqual(
            self._states(lead), [("Northwind", "withdrawn"), ("Contoso", "offered")]
        )
        self.assertFalse(lead.distribution_state)

    def test_the_database_decides(self):
        lead = self._lead()
        vals = {
            "lead_id": lead.id,
            "partner_id": self.northwind.partner_id.id,
            "membership_id": self.northwind.id,
            "date_offered": fields.Datetime.now(),
        }
        offer = self.Offer.create(vals)
        other = {"partner_id": self.contoso.partner_id.id}
        other["membership_id"] = self.contoso.id
        for again in ({"slot": 1}, other):
            with (
                self.subTest(again=again),
                mute_logger("odoo.sql_db"),
                self.assertRefused(UniqueViolation),
            ):
                self.Offer.create(vals | again)
        second = self.Offer.create(vals | other | {"slot": 1})
        offer._note_answer("accepted")
        self.env.flush_all()
        with mute_logger("odoo.sql_db"), self.assertRefused(UniqueViolation):
            second._note_answer("accepted")
            self.env.flush_all()

    def _count_queries(self, leads):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        leads._distribute()
        self.env.flush_all()
        count = self.cr.sql_log_count - before
        self.assertEqual(set(leads.mapped("distribution_state")), {"offered"})
        return count

    def test_a_round_costs_the_same_for_few_and_for_many(self):
        self._lead_rule(mode="parallel", parallel=2, weight_distance=10)
        self._count_queries(self._lead())  # fills the caches of the registry
        few = self._count_queries(self._lead(3))
        self.assertEqual(self._count_queries(self._lead(45)), few)
        for number in range(60):
            self._create_membership(f"Partner {number}")
        # fewer, when what was looked up before is still known
        self.assertLessEqual(self._count_queries(self._lead(45)), few)
        self.assertLess(few, 60)
