from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .distribution_case import DistributionCase


@tagged("post_install", "-at_install")
class TestDistributionJob(DistributionCase):
    def test_new_leads_are_offered_where_the_company_wants_it(self):
        self._lead_rule()
        before = self._lead()
        self.company.channel_distribute_leads = True
        leads = self._lead(2)
        given = self._lead(partner_assigned_id=self.contoso.partner_id.id)
        other = self._lead(company_id=self.other_company.id)
        self.assertEqual(set(leads.mapped("distribution_state")), {"queued"})
        self._run()
        self._run()
        self.assertEqual(self._states(leads[0]), [("Northwind", "offered")])
        self.assertEqual(self._states(leads[1]), [("Contoso", "offered")])
        for lead in (before, given, other):
            self.assertFalse(lead.distribution_state)

    def test_a_lead_no_rule_fits_waits_no_longer(self):
        self.company.channel_distribute_leads = True
        lead = self._lead()
        self._run()
        self.assertEqual(lead.distribution_state, "none")

    def test_what_is_not_answered_in_time_goes_to_the_next(self):
        self._lead_rule()
        late, waiting = self._lead(2)
        (late | waiting)._distribute()
        self._let_pass(self._open(late))
        self._run()
        self._run()
        self.assertEqual(
            self._states(late), [("Northwind", "missed"), ("Contoso", "offered")]
        )
        self.assertEqual(self._states(waiting), [("Contoso", "offered")])
        missed = self.Offer.search([("lead_id", "=", late.id)], order="id", limit=1)
        self.assertFalse(missed.date_answered, "no answer counts as response time")
        self.assertNotIn(self.northwind.partner_id, late.partner_declined_ids)
        self._let_pass(self._open(late))
        self._run()
        self.assertEqual(late.distribution_state, "fallback")

    def test_only_the_free_place_of_several_is_filled(self):
        self._lead_rule(mode="parallel", parallel=2)
        self._create_membership("Fabrikam")
        lead = self._lead()
        lead._distribute()
        late, other = self._open(lead)
        self._let_pass(late)
        self._run()
        self.assertEqual(late.state, "missed")
        self.assertEqual(other.state, "offered")
        third = self._open(lead) - other
        self.assertEqual(third.slot, late.slot)
        self.assertNotIn(third.membership_id, (late | other).membership_id)

    def test_a_pool_is_claimed_from_once(self):
        self._lead_rule(mode="pool")
        lead = self._lead()
        lead._distribute()
        self.assertEqual(lead.distribution_state, "pool")
        self.assertFalse(self._states(lead))
        lead._claim_lead(self.contoso)
        self.assertEqual(lead.partner_assigned_id, self.contoso.partner_id)
        self.assertEqual(self._states(lead), [("Contoso", "accepted")])
        with self.assertRefused(UserError, "no longer in the pool"):
            lead._claim_lead(self.northwind)

    def test_a_pool_is_for_those_the_rule_is_for(self):
        self._lead_rule(mode="pool")
        self.contoso.territory_country_ids = self.env.ref("base.fr")
        outsider = self._create_membership(
            "Fabrikam", program=self._create_program("Integrator")
        )
        lead = self._lead(country_id=self.env.ref("base.de").id)
        lead._distribute()
        for member in (self.contoso, outsider):
            with self.assertRefused(UserError, "not for you"):
                lead._claim_lead(member)
        self.northwind.action_suspend()
        with self.assertRefused(UserError, "not for you"):
            lead._claim_lead(self.northwind)
        self.assertFalse(lead.partner_assigned_id)

    def test_a_pool_nobody_claims_from_falls_back(self):
        rule = self._lead_rule(mode="pool", user_id=self.head.id)
        leads = self._lead(2)
        leads._distribute()
        hour_ago = fields.Datetime.now() - timedelta(hours=1)
        leads[0]._set_protected({"date_distribution_due": hour_ago})
        with self.assertRefused(UserError, "no longer in the pool"):
            leads[0]._claim_lead(self.northwind)
        self._run()
        self.assertEqual(leads.mapped("distribution_state"), ["fallback", "pool"])
        self.assertEqual(leads[0].user_id, self.head)
        self.assertEqual(leads[0].lead_rule_id, rule)

    def _accept_long_ago(self, lead, days):
        with freeze_time(fields.Datetime.now() - timedelta(days=days)):
            lead._distribute()
            self._open(lead)._accept()
        lead.date_last_stage_update = lead.date_distributed
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = %s WHERE id = %s",
            [lead.date_distributed, lead.id],
        )
        self.env.invalidate_all()

    def test_what_a_partner_leaves_untouched_is_taken_back(self):
        self._lead_rule(idle_days=10)
        idle, written, won, fresh = (self._lead() for _lead in range(4))
        for lead in (idle, written, won):
            self._accept_long_ago(lead, 11)
        self._accept_long_ago(fresh, 9)
        author = written.partner_assigned_id
        written.message_post(body="We meet next week", author_id=author.id)
        idle.message_subscribe(idle.partner_assigned_id.ids)
        former = idle.partner_assigned_id
        won.action_set_won()
        self.env.flush_all()
        self._run("take_back")
        self._run("take_back")
        self.assertEqual(idle.distribution_state, "queued")
        self._run()
        self.assertEqual(idle.distribution_state, "offered")
        self.assertFalse(idle.partner_assigned_id)
        self.assertNotIn(former, idle.message_partner_ids)
        (_n, first), (_c, second) = self._states(idle)
        self.assertEqual((first, second), ("idle", "offered"))
        for lead in (written, won, fresh):
            self.assertTrue(lead.partner_assigned_id)
            self.assertEqual(lead.distribution_state, "assigned")
        soon = fields.Datetime.now() + timedelta(days=9)
        self.assertGreater(written.date_distribution_due, soon)
        self.assertFalse(won.date_distribution_due)

    def test_only_the_system_runs_the_jobs(self):
        for name in ("_cron_distribute_leads", "_cron_take_back_leads"):
            with self.subTest(name=name), self.assertRefused(AccessError):
                getattr(self.env["crm.lead"].with_user(self.head), name)()
