"""Whose a lead stays, of the vendor's companies and people and of its partners."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .distribution_case import DistributionCase


@tagged("post_install", "-at_install")
class TestLeadKeeping(DistributionCase):
    def test_a_lead_stays_in_the_company_it_came_to(self):
        program = self._create_program("Elsewhere", company=self.other_company)
        self._create_membership("Fabrikam", program=program)
        self._lead_rule(program_id=program.id, sequence=1)
        self._lead_rule(sequence=2)
        self.company.channel_distribute_leads = True
        lead = self._lead(company_id=False)
        self._run()
        self.assertEqual(self._states(lead), [("Northwind", "offered")])
        self.assertEqual(lead.company_id, self.company)
        elsewhere = self._lead(company_id=self.other_company.id)
        elsewhere.company_id = False
        elsewhere._distribute()
        self.assertEqual(self._open(elsewhere).company_id, self.other_company)

    def test_what_a_salesperson_works_on_is_not_queued(self):
        self.company.channel_distribute_leads = True
        own = self._lead(type="opportunity", user_id=self.head.id)
        for lead in (
            self._lead(type="lead", user_id=self.head.id),
            self._lead(type="opportunity"),
        ):
            self.assertEqual(lead.distribution_state, "queued")
        self.assertFalse(own.distribution_state)

    def _accept_long_ago(self, leads, days):
        moment = fields.Datetime.now() - timedelta(days=days)
        with freeze_time(moment):
            leads._distribute()
            for lead in leads:
                self._open(lead)._accept()
        leads.date_last_stage_update = moment
        self.env.flush_all()
        self.cr.execute(
            "UPDATE crm_lead SET create_date = %s WHERE id IN %s",
            [moment, tuple(leads.ids)],
        )
        self.env.invalidate_all()

    def test_what_a_partner_plans_is_work(self):
        self.contoso.action_suspend()
        self._lead_rule(idle_days=10)
        soon, far, none = leads = self._lead(3)
        self._accept_long_ago(leads, 11)
        activity = {
            "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
            "user_id": self.seller.id,
        }
        today = fields.Date.today()
        activities = self.env["mail.activity"].create(
            [
                {**activity, "res_id": soon.id, "date_deadline": today},
                {
                    **activity,
                    "res_id": far.id,
                    "date_deadline": today + timedelta(days=400),
                },
            ]
        )
        self.env.flush_all()
        long_ago = fields.Datetime.now() - timedelta(days=35)
        self.cr.execute(
            "UPDATE mail_activity SET write_date = %s WHERE id IN %s",
            [long_ago, tuple(activities.ids)],
        )
        for _turn in range(2):
            self._run("take_back")
        self.assertEqual(
            leads.mapped("distribution_state"), ["assigned", "assigned", "queued"]
        )
        self.assertEqual(len(none.partner_assigned_id), 0)
        # a plan is good for 30 days
        limit = long_ago + timedelta(days=40)
        self.assertEqual(far.date_distribution_due, limit.replace(microsecond=0))

    def test_the_partners_salesperson_leaves_with_it(self):
        self._lead_rule(idle_days=10)
        self.northwind.partner_id.user_id = self.manager
        theirs, ours = leads = self._lead(2)
        self._accept_long_ago(leads, 11)
        self.assertEqual(theirs.user_id, self.manager)
        ours.user_id = self.head
        self._run("take_back")
        self.assertFalse(theirs.user_id)
        self.assertEqual(theirs.company_id, self.company)
        self.assertEqual(ours.user_id, self.head)
        self.assertEqual(set(leads.mapped("distribution_state")), {"queued"})

    def test_the_head_of_channel_keeps_named_accounts(self):
        action = self.env.ref("partner_channel.partner_lead_account_action")
        self.assertEqual(action.res_model, "partner.lead.account")
        rule = self._lead_rule()
        Account = self.env["partner.lead.account"]
        customer = self.env["res.partner"].create({"name": "Big", "is_company": True})
        values = {
            "rule_id": rule.id,
            "partner_id": customer.id,
            "membership_id": self.contoso.id,
        }
        with self.assertRefused(AccessError):
            Account.with_user(self.manager).create(values)
        account = Account.with_user(self.head).create(values)
        self.assertEqual(account.rule_id.account_ids.ids, account.ids)
