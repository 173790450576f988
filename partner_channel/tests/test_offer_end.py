"""Offers that end with their lead: closed, moved to another company, deleted."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .distribution_case import HOUR, DistributionCase


@tagged("post_install", "-at_install")
class TestOfferEnd(DistributionCase):
    def _offered(self, count=1, **values):
        leads = self._lead(count, **values)
        leads._distribute()
        return leads

    # === CLOSED === #

    def test_what_closes_a_lead_ends_its_offers(self):
        self._lead_rule()
        self.contoso.action_suspend()
        lost, won, archived, deleted = self._offered(4)
        lost.action_set_lost()
        won.action_set_won()
        archived.action_archive()
        for lead in (lost, won, archived):
            self.assertEqual(self._states(lead), [("Northwind", "withdrawn")])
            self.assertFalse(lead.distribution_state)
        offer = self._open(deleted)
        deleted.unlink()
        self.assertFalse(offer.exists())

    def test_what_closed_is_neither_missed_nor_in_work(self):
        rule = self._lead_rule(max_work=1)
        self.contoso.action_suspend()
        lead = self._offered()
        self.assertEqual(self._offered().distribution_state, "fallback")
        lead.action_set_lost()
        self.assertEqual(self._offered().distribution_state, "offered")
        now = fields.Datetime.now()
        self._let_pass(self.Offer.search([("lead_id", "=", lead.id)]))
        self._run()
        metrics = self.env["partner.metric.deal.mixin"]
        rate = metrics._measure_acceptance_rate(
            self.northwind, now - 24 * HOUR, now + 24 * HOUR
        )
        self.assertFalse(rate)
        self.assertTrue(rule.active)

    def test_a_pool_closes_with_its_lead(self):
        self._lead_rule(mode="pool")
        lead = self._offered()
        lead.action_set_won()
        self.assertFalse(lead.distribution_state)
        self.assertFalse(lead.date_distribution_due)

    def test_a_lead_opened_again_is_watched_again(self):
        rule = self._lead_rule(idle_days=5)
        lead = self._offered()
        self._open(lead)._accept()
        lead.action_set_won()
        lead._set_protected({"date_distribution_due": fields.Datetime.now() - HOUR})
        self._run("take_back")
        self.assertFalse(lead.date_distribution_due)
        stage = self.env["crm.stage"].search([("is_won", "=", False)], limit=1)
        lead.write({"stage_id": stage.id, "probability": 10})
        due = lead.date_distribution_due
        expected = fields.Datetime.now() + timedelta(days=rule.idle_days)
        self.assertAlmostEqual(due, expected, delta=timedelta(minutes=1))

    # === ANOTHER COMPANY, PROGRAM OR PARTNER === #

    def test_a_lead_of_another_company_is_no_longer_offered_here(self):
        self._lead_rule()
        moved, stays, pooled = self._lead(3)
        (moved | stays)._distribute()
        self.env["partner.lead.rule"].search([]).mode = "pool"
        pooled._distribute()
        offer = self._open(moved)
        (moved | pooled).company_id = self.other_company
        self.assertEqual(self._states(moved)[0][1], "withdrawn")
        self.assertEqual(
            (moved | pooled).mapped("distribution_state"), ["queued", "queued"]
        )
        stays.company_id = False
        self.assertEqual(self._states(stays)[0][1], "offered")
        offer._set_protected({"state": "offered"})
        with self.assertRefused(UserError, "over"):
            offer._accept()
        self.assertFalse(moved.partner_assigned_id)

    def test_a_program_in_the_archive_gets_no_leads(self):
        self._lead_rule()
        self.program.action_archive()
        self.assertFalse(self._offered().distribution_state)

    def test_a_partner_in_the_archive_takes_nothing(self):
        self._lead_rule()
        lead = self._offered()
        self.northwind.partner_id.action_archive()
        with self.assertRefused(UserError, "not active"):
            self._open(lead)._accept()

    def test_a_partner_that_leaves_leaves_its_leads(self):
        self._lead_rule(user_id=self.head.id)
        self.contoso.action_suspend()
        lead, deal, won = self._offered(3, type="lead")
        for one in (lead, deal, won):
            self._open(one)._accept()
        own = self._lead(partner_assigned_id=self.northwind.partner_id.id)
        deal.type = "opportunity"
        won.action_set_won()
        self.contoso.action_activate()
        self.northwind.with_user(self.manager).action_terminate()
        self.assertFalse((lead | deal).partner_assigned_id)
        self.assertEqual(lead.distribution_state, "queued")
        self.assertEqual(deal.distribution_state, "fallback")
        self.assertEqual(deal.user_id, self.head)
        partner = self.northwind.partner_id
        self.assertEqual((won | own).partner_assigned_id, partner)
        self._run()
        self.assertEqual(
            self._states(lead), [("Northwind", "withdrawn"), ("Contoso", "offered")]
        )
