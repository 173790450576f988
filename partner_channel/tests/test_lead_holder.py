"""Leads of customers that are somebody's: named accounts, and protected deals."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .distribution_case import DistributionCase


@tagged("post_install", "-at_install")
class TestLeadHolder(DistributionCase):
    """Without them every lead would go to Northwind first, the rule being new."""

    def _offered(self, **values):
        lead = self._lead(**values)
        lead._distribute()
        return lead

    def _name_account(self, rule, **values):
        customer = self.env["res.partner"].create(
            {"name": "Danube Mills GmbH", "is_company": True, **values}
        )
        rule.account_ids = [
            Command.create(
                {"partner_id": customer.id, "membership_id": self.contoso.id}
            )
        ]
        return customer

    def _protect(self, **values):
        """Let Contoso have a protected registration of Acme."""
        deal = self._register(self.contoso, **values)
        deal._approve_registration()
        return deal

    # === NAMED ACCOUNTS === #

    def test_a_named_account_is_known_by_what_it_says(self):
        rule = self._lead_rule()
        customer = self._name_account(
            rule, website="www.danubemills.example", vat="ATU61945266"
        )
        other = self.env["res.partner"].create({"name": "Danube Mills GmbH"})
        for values, partner in (
            ({"email_from": "jana@danubemills.example"}, "Contoso"),
            ({"website": "https://shop.danubemills.example/x"}, "Contoso"),
            ({"partner_name": "danube mills"}, "Contoso"),
            ({"customer_vat": "ATU 61945266"}, "Contoso"),
            ({"partner_id": customer.id}, "Contoso"),
            # the record it is linked to says who it is
            ({"partner_id": other.id}, "Northwind"),
            ({"email_from": "jana@gmail.com"}, "Northwind"),
        ):
            self.Offer.search([]).unlink()
            with self.subTest(values):
                self.assertEqual(
                    self._states(self._offered(**values)), [(partner, "offered")]
                )

    # === PROTECTED DEALS === #

    def test_a_lead_of_a_protected_customer_is_offered_to_nobody_else(self):
        rule = self._lead_rule()
        self._protect()
        lead = self._offered(email_from="tom@acme.example")
        self.assertEqual(self._states(lead), [("Contoso", "offered")])
        self.assertIn("protected for this partner", self._open(lead).why)
        self._open(lead)._decline("capacity")
        self._run()
        self.assertEqual(lead.distribution_state, "fallback", "not to a rival")
        self.assertEqual(self._states(self._offered())[0][0], "Northwind")
        for mode in ("one", "parallel", "pool"):
            rule.mode = mode
            with self.subTest(mode):
                lead = self._offered(partner_name="ACME")
                self.assertEqual(self._states(lead), [("Contoso", "offered")])

    def test_only_what_is_protected_and_for_its_products_holds(self):
        self._lead_rule()
        families = self.env["product.category"].create(
            [
                {"name": name, "is_channel_family": True}
                for name in ("Planning", "Tills")
            ]
        )
        deal = self._register(self.contoso, product_family_id=families[0].id)
        values = {"email_from": "tom@acme.example"}
        self.assertEqual(self._states(self._offered(**values))[0][0], "Northwind")
        deal._approve_registration()
        for family, partner in ((families[0], "Contoso"), (families[1], "Northwind")):
            self.Offer.search([]).unlink()
            lead = self._offered(**values, product_family_id=family.id)
            self.assertEqual(self._states(lead), [(partner, "offered")])
        self._lose(deal)
        self.Offer.search([]).unlink()
        lead = self._offered(**values, product_family_id=families[0].id)
        self.assertEqual(self._states(lead), [("Northwind", "offered")])

    def test_whose_holder_is_away_goes_to_the_vendor(self):
        self._lead_rule(user_id=self.head.id)
        self._protect()
        self.contoso.action_suspend()
        lead = self._offered(email_from="tom@acme.example")
        self.assertEqual(lead.distribution_state, "fallback")
        self.assertEqual(lead.user_id, self.head)
        self.assertFalse(self._states(lead))

    def test_a_pool_is_closed_to_rivals_of_the_holder(self):
        self._lead_rule(mode="pool")
        lead = self._offered(email_from="tom@acme.example")
        self.assertEqual(lead.distribution_state, "pool")
        self._protect()
        with self.assertRefused(UserError, "not for you"):
            lead._claim_lead(self.northwind)
        lead._claim_lead(self.contoso)
        self.assertEqual(lead.partner_assigned_id, self.contoso.partner_id)
