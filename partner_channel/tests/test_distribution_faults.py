"""What must not lose, hold back or give away a lead while it is distributed."""

from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .distribution_case import HOUR, DistributionCase

JOB = "odoo.addons.partner_channel.models.deal.deal_distribution_job_mixin"


@tagged("post_install", "-at_install")
class TestDistributionFaults(DistributionCase):
    # === WHOSE PARTNER STAYS THE SAME === #

    def test_a_merge_does_not_end_the_distribution(self):
        rule = self._lead_rule()
        offered, other, queued, more, pool, last = self._lead(6, type="opportunity")
        offered._distribute()
        queued._requeue()
        rule.mode = "pool"
        pool._distribute()
        (offered | queued | pool).probability = 60
        for head, tail, state in (
            (offered, other, "offered"),
            (queued, more, "queued"),
            (pool, last, "pool"),
        ):
            with self.subTest(state=state):
                self.assertEqual((head | tail).merge_opportunity(), head)
                self.assertEqual(head.distribution_state, state)
        self.assertTrue(pool.date_distribution_due)
        self.assertEqual(self._states(offered), [("Northwind", "offered")])

    def test_sending_a_lead_to_its_own_partner_again_changes_nothing(self):
        self._lead_rule(idle_days=5)
        self.northwind.partner_id.email = "north@wind.example"
        lead = self._lead()
        lead._distribute()
        self._open(lead)._accept()
        wizard = self.env["crm.lead.forward.to.partner"].with_context(
            active_ids=lead.ids
        )
        wizard.create({"partner_id": self.northwind.partner_id.id}).action_forward()
        self.assertEqual(lead.distribution_state, "assigned")
        self.assertTrue(lead.date_distribution_due)
        self.assertEqual(self._states(lead), [("Northwind", "accepted")])

    # === LEADS IN WORK === #

    def _offer_two(self):
        """Return what becomes of two leads offered one after the other."""
        self._lead_rule(max_work=2)
        self.contoso.action_suspend()
        leads = self._lead(2)
        for lead in leads:
            lead._distribute()
        return leads.mapped("distribution_state")

    def test_open_offers_are_in_work(self):
        self._lead(partner_assigned_id=self.northwind.partner_id.id)
        self.assertEqual(self._offer_two(), ["offered", "fallback"])

    def test_leads_of_the_partners_people_are_in_work(self):
        person = self.seller.partner_id
        self._lead(2, partner_assigned_id=person.id)
        self.assertEqual(self._offer_two(), ["fallback", "fallback"])

    def test_what_the_partner_registered_is_not_in_work(self):
        for number in range(2):
            self._register(self.northwind, partner_name=f"Own {number}", submit=False)
        self.assertEqual(self._offer_two(), ["offered", "offered"])

    # === WHO MAY ACCEPT WHAT === #

    def test_a_partner_who_is_not_active_takes_nothing(self):
        self._lead_rule()
        lead = self._lead()
        lead._distribute()
        for state in ("suspended", "terminated"):
            self.northwind._set_protected({"state": state})
            with self.subTest(state=state), self.assertRefused(UserError, "closed"):
                self._open(lead)._accept()
        self.assertFalse(lead.partner_assigned_id)

    def test_offers_of_a_partner_who_stops_go_to_the_next(self):
        self._lead_rule()
        first, second, third = self._lead(3)
        (first | second | third)._distribute()
        self.northwind.with_user(self.manager).action_suspend()
        self.assertEqual(first.distribution_state, "queued")
        self.assertEqual(second.distribution_state, "offered", "Contoso's")
        self._run()
        for lead in (first, third):
            self.assertEqual(
                self._states(lead), [("Northwind", "withdrawn"), ("Contoso", "offered")]
            )
        self.northwind.action_activate()
        self.contoso.action_terminate()
        self._run()
        self.assertEqual(self._states(second)[-1], ("Northwind", "offered"))
        self.assertEqual(self._open(second).membership_id, self.northwind)

    def test_a_closed_lead_is_not_to_be_taken(self):
        rule = self._lead_rule()
        lost, won, archived = self._lead(3)
        (lost | won | archived)._distribute()
        offers = self._open(lost) | self._open(won) | self._open(archived)
        lost.action_set_lost()
        won.action_set_won()
        archived.action_archive()
        for offer in offers:
            with self.assertRefused(UserError, "over"):
                offer._accept()
        # closed behind Odoo's back
        offers._set_protected({"state": "offered"})
        for offer in offers:
            with self.assertRefused(UserError, "closed"):
                offer._accept()
        rule.mode = "pool"
        pooled = self._lead()
        pooled._distribute()
        pooled.action_set_lost()
        with self.assertRefused(UserError, "no longer in the pool"):
            pooled._claim_lead(self.northwind)
        self.assertFalse((lost | won | archived | pooled).partner_assigned_id)

    def test_a_lead_that_is_opened_again_is_distributed_again(self):
        self._lead_rule()
        lead = self._lead()
        lead._distribute()
        lead.action_set_won()
        self._run()
        self.assertFalse(lead.distribution_state)
        stage = self.env["crm.stage"].search([("is_won", "=", False)], limit=1)
        lead.write({"stage_id": stage.id, "probability": 10})
        lead.action_distribute()
        self.assertEqual(
            self._states(lead), [("Northwind", "withdrawn"), ("Contoso", "offered")]
        )
        with self.assertRefused(UserError, "Only open leads"):
            lead.action_distribute()

    def test_an_offered_lead_without_an_open_offer_may_be_distributed(self):
        self._lead_rule()
        lead = self._lead()
        lead._set_protected({"distribution_state": "offered"})
        lead.action_distribute()
        self.assertEqual(self._states(lead), [("Northwind", "offered")])

    # === DECLINED === #

    def test_declining_waits_for_nobody(self):
        self._lead_rule()
        lead = self._lead()
        lead._distribute()
        cron = self.env.ref("partner_channel.ir_cron_distribute_leads")
        # the clock goes on while the test runs
        until = fields.Datetime.now() + timedelta(minutes=5)
        soon = [("cron_id", "=", cron.id), ("call_at", "<=", until)]
        Trigger = self.env["ir.cron.trigger"]
        Trigger.search(soon).unlink()

        # a function: a mock on a model's class would be taken for one of its hooks
        def play(*_args, **_options):
            raise AssertionError("a round")

        with patch.object(type(lead), "_play_round", play):
            self._open(lead)._decline("capacity")
        self.assertEqual(self._states(lead), [("Northwind", "declined")])
        self.assertEqual(lead.distribution_state, "queued")
        self.assertTrue(Trigger.search_count(soon), "the next is asked at once")
        self._run()
        self.assertEqual(
            self._states(lead), [("Northwind", "declined"), ("Contoso", "offered")]
        )

    def test_what_others_are_still_asked_waits_for_them(self):
        self._lead_rule(mode="parallel", parallel=2)
        lead, other = self._lead(2)
        (lead | other)._distribute()
        mine, theirs = self._open(lead)
        mine._decline("other")
        for _turn in range(2):
            self._run()
            self.assertEqual(lead.distribution_state, "offered")
            self.assertEqual(self._open(lead), theirs)
        theirs._decline("other")
        self._run()
        self.assertEqual(lead.distribution_state, "fallback")
        self.assertEqual(len(self._open(other)), 2)

    # === BAD RULES === #

    def test_rules_have_upper_bounds(self):
        for values in ({"window_hours": 2001}, {"idle_days": 3651}, {"parallel": 51}):
            with (
                self.subTest(values=values),
                mute_logger("odoo.sql_db"),
                self.assertRefused(CheckViolation),
            ):
                self._lead_rule(**values)
        self._lead_rule(window_hours=2000, idle_days=3650, parallel=50)

    def _make_bad(self):
        """Return a good and a bad rule, the latter of another company."""
        program = self._create_program("Elsewhere", company=self.other_company)
        self._create_membership("Fabrikam", program=program)
        bad = self._lead_rule(name="Bad", program_id=program.id)
        good = self._lead_rule()
        get_due = type(good)._get_due

        def fail(rule, now):
            if rule == bad:
                raise OverflowError("date value out of range")
            return get_due(rule, now)

        self.startPatcher(patch.object(type(good), "_get_due", fail))
        return good

    @mute_logger(JOB)
    def test_one_bad_rule_does_not_stop_the_others(self):
        good = self._make_bad()
        late, pooled = self._lead(2)
        late._distribute()
        self._let_pass(self._open(late))
        good.mode = "pool"
        pooled._distribute()
        pooled._set_protected({"date_distribution_due": fields.Datetime.now() - HOUR})
        good.mode = "robin"
        bad = self._lead(2, company_id=self.other_company.id)
        leads = bad | self._lead(2)
        leads._requeue()
        for _turn in range(2):
            self._run()
            self.assertEqual(
                leads.mapped("distribution_state"),
                ["none", "none", "offered", "offered"],
            )
            self.assertEqual(
                self._states(late), [("Northwind", "missed"), ("Contoso", "offered")]
            )
            self.assertEqual(pooled.distribution_state, "fallback")
            self.assertFalse(self._states(bad[0]))

    def test_a_fall_back_who_left_is_none(self):
        keeper = self._create_user("ina.inside", "sales_team.group_sale_salesman")
        team = self.env["crm.team"].create({"name": "In", "company_id": False})
        rule = self._lead_rule(mode="pool", user_id=keeper.id, team_id=team.id)
        both = {"user_id": keeper.id, "team_id": team.id}
        self.assertEqual(rule._get_fallback(), both | {"company_id": self.company.id})
        keeper.active = False
        self.assertNotIn("user_id", rule._get_fallback())
        keeper.active = True
        keeper.write(
            {
                "company_ids": [fields.Command.set(self.other_company.ids)],
                "company_id": self.other_company.id,
            }
        )
        self.assertNotIn("user_id", rule._get_fallback())
        lead = self._lead(company_id=False)
        lead._distribute()
        lead._fall_back()
        self.assertEqual((lead.user_id.id, lead.team_id), (False, team))
        self.assertEqual(lead.company_id, self.company)
