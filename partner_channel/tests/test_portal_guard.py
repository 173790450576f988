from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import PartnerChannelCommon


@tagged("post_install", "-at_install")
class TestPortalGuard(PartnerChannelCommon):
    """Odoo's Resellers methods, called by RPC as a partner's person."""

    def setUp(self):
        super().setUp()
        self.lead = self._register(self.northwind)
        self.as_seller = self.lead.with_user(self.seller)

    def test_an_undecided_registration_is_out_of_reach(self):
        stage = self.env["crm.stage"].search([("is_won", "=", False)], limit=1)
        calls = {
            "partner_interested": (),
            "partner_desinterested": (),
            "update_lead_portal": ({},),
            "update_contact_details_from_portal": ({"phone": "1"},),
            "update_stage_from_portal": (stage.id,),
        }
        for name, args in calls.items():
            with self.subTest(method=name), self.assertRaises(UserError):
                getattr(self.as_seller, name)(*args)
        self.assertEqual(self.lead.type, "lead")
        self.assertEqual(self.lead.partner_assigned_id, self.northwind.partner_id)

    def test_no_partner_wins_its_own_deal(self):
        self.lead._approve_registration()
        won = self.env["crm.stage"].search([("is_won", "=", True)], limit=1)
        with self.assertRaises(AccessError):
            self.as_seller.update_stage_from_portal(won.id)
        ordinary = self.env["crm.lead"].create(
            {"name": "Given", "partner_assigned_id": self.northwind.partner_id.id}
        )
        with self.assertRaises(AccessError):
            ordinary.with_user(self.seller).update_stage_from_portal(won.id)
        working = self.env["crm.stage"].search([("is_won", "=", False)], limit=1)
        self.assertTrue(self.as_seller.update_stage_from_portal(working.id))

    def test_the_customer_of_a_protected_deal_stays(self):
        self.lead._approve_registration()
        with self.assertRaises(UserError):
            self.as_seller.update_contact_details_from_portal({"partner_name": "Big"})
        self.as_seller.update_contact_details_from_portal({"phone": "+49 30 1234567"})
        self.assertEqual(self.lead.partner_name, "Acme GmbH")

    def test_the_customers_of_several_deals_stay(self):
        """Values that are true of one deal are a change of another."""
        other = self._register(
            self.northwind,
            partner_name="Beta AG",
            customer_vat="FR40303265045",
            website="https://beta.example",
        )
        both = self.lead | other
        both._approve_registration()
        with self.assertRaises(UserError):
            both.with_user(self.seller).update_contact_details_from_portal(
                {"partner_name": "Acme GmbH"}
            )
        self.assertEqual(other.partner_name, "Beta AG")

    def test_a_rival_touches_nothing(self):
        self.lead._approve_registration()
        with self.assertRaises(AccessError):
            self.lead.with_user(self.rival).update_stage_from_portal(1)
        with self.assertRaises(AccessError):
            self.lead.with_user(self.rival).partner_interested()

    def test_members_register_instead_of_making_opportunities(self):
        answer = (
            self.env["crm.lead"]
            .with_user(self.seller)
            .create_opp_portal(
                {"title": "Quick", "description": "x", "contact_name": "y"}
            )
        )
        self.assertIn("errors", answer)
        self.assertFalse(self.env["crm.lead"].search([("name", "=", "Quick")]))
