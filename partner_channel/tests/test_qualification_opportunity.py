"""Opportunities that partners got as such: held in their stage until qualified."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .qualification_case import QualificationCase


@tagged("post_install", "-at_install")
class TestQualificationOpportunity(QualificationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.qualification_threshold = 50
        stages = cls.env["crm.stage"]
        stages.search([]).sequence = 100
        cls.new, cls.offer, cls.won = stages.create(
            [
                {"name": "First", "sequence": 1},
                {"name": "Offer", "sequence": 2},
                {"name": "Done", "sequence": 3, "is_won": True},
            ]
        )

    def _opportunity(self, **values):
        return self._given(**{"type": "opportunity", "stage_id": self.new.id, **values})

    def _check_held(self, lead):
        self.assertEqual(lead.qualification_state, "draft")
        for stage in self.offer | self.won:
            if stage != lead.stage_id:
                with self.assertRefused(UserError, "is not qualified", "asks for"):
                    lead.stage_id = stage
        with self.assertRefused(UserError, "is not qualified", "asks for"):
            lead.action_set_won()

    def test_one_made_for_a_partner_is_held_until_it_is_qualified(self):
        lead = self._opportunity()
        self._check_held(lead)
        self.assertIn("Please qualify", lead.message_ids[0].body)
        self._qualify(lead.qualification_id)
        lead.stage_id = self.offer
        lead.action_set_won()
        self.assertEqual(lead.won_status, "won")

    def test_one_given_to_a_partner_is_held_where_it_is(self):
        lead = self._opportunity(partner_assigned_id=False, stage_id=self.offer.id)
        self.assertFalse(lead.qualification_id)
        lead.partner_assigned_id = self.northwind.partner_id
        self._check_held(lead)
        lead.stage_id = self.new
        self._check_held(lead)
        self._lose(lead)
        self.assertEqual(lead.won_status, "lost", "losing it is free")

    def test_it_is_not_given_and_won_in_one_go(self):
        values = {"partner_assigned_id": self.northwind.partner_id.id}
        free = self._opportunity(partner_assigned_id=False)
        with self.assertRefused(UserError, "is not qualified"):
            free.write({**values, "stage_id": self.won.id})
        with self.assertRefused(UserError, "is not qualified"):
            self._opportunity(stage_id=self.won.id)
        lead = self._given(partner_assigned_id=False)
        lead.write({**values, "type": "opportunity"})
        self._check_held(lead)

    def test_a_lead_is_not_won_past_the_conversion(self):
        lead = self._given(stage_id=self.new.id)
        for begun in (False, True):
            with self.assertRefused(UserError, "is not qualified"):
                lead.action_set_won()
            with self.assertRefused(UserError, "is not qualified"):
                lead.stage_id = self.won
            if not begun:
                lead._open_qualifications()
        with self.assertRefused(UserError, "is not qualified"):
            self._given(stage_id=self.won.id)
        own = self._given(partner_assigned_id=False)
        own.action_set_won()
        self._qualify(lead.qualification_id)
        lead.action_set_won()
        self.assertEqual((lead | own).mapped("won_status"), ["won", "won"])

    def test_one_of_two_does_not_slip_through(self):
        leads = self._opportunity() | self._opportunity(name="Second")
        self._qualify(leads[0].qualification_id)
        with self.assertRefused(UserError, "“Second”"):
            leads.write({"stage_id": self.offer.id})
        self.assertEqual(leads.stage_id, self.new)

    def test_the_head_lets_it_through(self):
        lead = self._opportunity()
        # without it the head sees registrations only
        self.head.group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
        lead.with_user(self.head)._waive_qualification("Known customer")
        lead.stage_id = self.offer
        lead.partner_assigned_id = self.contoso.partner_id
        self.assertFalse(lead.qualification_waived_by_id)
        with self.assertRefused(UserError, "is not qualified"):
            lead.action_set_won()

    def test_others_go_on_as_before(self):
        self.program.qualification_required = False
        lead = self._opportunity()
        self.assertFalse(lead.qualification_id)
        self.program.qualification_required = True
        lead.stage_id = self.offer  # was the partner's before it was asked for
        lead.action_set_won()
        lead.partner_assigned_id = self.contoso.partner_id
        self.assertFalse(lead.qualification_id, "won: there is nothing to qualify")
        own = self._opportunity(partner_assigned_id=False)
        own.action_set_won()
        # a registration is stopped at its approval
        self._qualify()
        self.lead._approve_registration()
        self.sheet.with_user(self.manager).action_begin_again()
        self.lead.action_set_won()
        self.assertEqual(self.lead.registration_state, "won")

    def test_the_partner_learns_nothing_of_what_is_missing(self):
        lead = self._opportunity()
        self.program.qualification_threshold = 60
        self._qualify(lead.qualification_id)
        with self.assertRefused(UserError, "stays in its stage"):
            lead.with_user(self.seller).update_stage_from_portal(self.offer.id)
        self.program.qualification_threshold = 50
        lead.with_user(self.seller).update_stage_from_portal(self.offer.id)
        self.assertEqual(lead.stage_id, self.offer)
