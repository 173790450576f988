"""Leads that rules gave: the vendor's, worked on by who may, while they may."""

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .offer_common import OfferMixin


@tagged("post_install", "-at_install")
class TestLeadGiven(TransactionCase, OfferMixin):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpChannel()
        cls.rule = cls.env["partner.lead.rule"].create(
            {"name": "All", "program_id": cls.program.id, "mode": "robin"}
        )
        cls.lead = cls._give(cls.alpha_membership)
        cls.gamma_lead = cls._give(cls.gamma_membership)
        cls.delta_lead = cls._give(cls.delta_membership)
        cls.delta_won = cls._give(cls.delta_membership)
        cls.delta_won.action_set_won()
        cls.by_hand = cls._make_lead(partner_assigned_id=cls.delta.id)
        cls.gamma_membership.action_suspend()
        cls.delta_membership.action_terminate()

    @classmethod
    def _give(cls, membership):
        """Return a lead that a partner has accepted."""
        offer = cls._offer(membership)
        offer._accept()
        return offer.lead_id

    def assert_all_refused(self, lead, user):
        stage = self.env["crm.stage"].search([("is_won", "=", False)], limit=1)
        mine = self.as_user(lead, user)
        attempts = {
            "interested": mine.partner_interested,
            "declined": mine.partner_desinterested,
            "contact": lambda: mine.update_contact_details_from_portal({"phone": "1"}),
            "stage": lambda: mine.update_stage_from_portal(stage.id),
        }
        before = lead.read(["phone", "stage_id", "partner_assigned_id", "type"])
        for name, attempt in attempts.items():
            with (
                self.subTest(user=user.login, method=name),
                self.assertRaises(AccessError),
                mute_logger("odoo.models"),
            ):
                attempt()
        lead.invalidate_recordset()
        after = lead.read(["phone", "stage_id", "partner_assigned_id", "type"])
        self.assertEqual(before, after)

    def test_a_partner_that_left_sees_them_no_longer(self):
        Lead = self.env["crm.lead"].with_user(self.terminated)
        # taken back, and what was won is seen no longer either
        self.assertFalse(self.delta_lead.partner_assigned_id)
        self.assertEqual(self.delta_won.partner_assigned_id, self.delta)
        self.assertEqual(Lead.search([]), self.by_hand.with_user(self.terminated))
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            self.as_user(self.delta_won, self.terminated).read(["contact_name"])

    def test_rules_forget_nobody_when_states_change(self):
        Lead = self.env["crm.lead"].with_user(self.seller)
        own = [("id", "=", self.lead.id)]
        self.assertTrue(Lead.search(own))
        for state, is_seen in (("terminated", False), ("suspended", True)):
            self.alpha_membership._set_protected({"state": state})
            self.env.flush_all()
            self.assertEqual(bool(Lead.search(own)), is_seen, state)

    def test_a_suspended_partner_reads_and_changes_nothing(self):
        mine = self.as_user(self.gamma_lead, self.suspended)
        self.assertEqual(mine.contact_name, "Jane Mustermann")
        self.assert_all_refused(self.gamma_lead, self.suspended)
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            mine.message_post(body="Hello")

    def test_they_are_worked_on_by_roles_that_accept_them(self):
        for user in (self.finance, self.viewer, self.norole):
            self.assert_all_refused(self.lead, user)
        mine = self.as_user(self.lead, self.seller)
        mine.update_contact_details_from_portal({"phone": "+43 1"})
        self.assertEqual(self.lead.phone, "+43 1")
        mine.message_post(body="Hello")
        mine.partner_desinterested(contacted=True)
        self.assertFalse(self.lead.partner_assigned_id)

    # === NOTICES === #

    def test_who_took_it_is_told_of_its_qualification(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.program.qualification_required = True
        offer = self._offer(self.alpha_membership)
        as_seller = self.as_user(offer, self.seller).sudo()
        self.assertEqual(as_seller._portal_accept(), {})
        lead, person = offer.lead_id, self.seller.partner_id
        sheet = lead.qualification_id
        self.assertTrue(sheet)
        person.lang = "de_DE"
        self.assertEqual(lead._in_language_of_partner().env.lang, "de_DE")
        sheet._ask_partner()
        self.assertEqual(lead.message_ids[0].partner_ids, person)
        # who signed goes on with it; the company where nobody can be reached
        sheet._set_protected({"signed_by_id": self.seller2.partner_id.id})
        sheet._ask_partner()
        self.assertEqual(lead.message_ids[0].partner_ids, self.seller2.partner_id)
        self.seller2.partner_id.email = False
        sheet._ask_partner()
        self.assertEqual(lead.message_ids[0].partner_ids, person)
        person.parent_id = self.beta
        sheet._ask_partner()
        self.assertEqual(lead.message_ids[0].partner_ids, self.alpha)
