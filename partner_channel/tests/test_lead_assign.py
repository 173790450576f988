"""Odoo's own actions to assign and forward leads, on several leads."""

from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .distribution_case import DistributionCase


@tagged("post_install", "-at_install")
class TestLeadAssign(DistributionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        geocoder = type(cls.env["base.geocoder"])
        cls.startClassPatcher(patch.object(geocoder, "geo_find", lambda *a, **k: None))
        cls.near = {}
        for code in ("de", "fr"):
            country = cls.env.ref(f"base.{code}")
            cls.near[code] = cls.env["res.partner"].create(
                {
                    "name": f"Reseller {code}",
                    "is_company": True,
                    "email": f"reseller@{code}.example",
                    "country_id": country.id,
                    "partner_weight": 1,
                }
            )
        # nobody else of the database is drawn
        cls.env["res.partner"].search(
            [("partner_weight", ">", 0), ("name", "not like", "Reseller")]
        ).partner_weight = 0

    def _in(self, code, **values):
        return self._lead(
            country_id=self.env.ref(f"base.{code}").id,
            partner_latitude=48,
            partner_longitude=9,
            **values,
        )

    def test_without_a_rule_each_lead_gets_its_own_partner(self):
        leads = self._in("de") | self._in("fr")
        leads.action_assign_partner()
        self.assertEqual(
            leads.mapped("partner_assigned_id.name"), ["Reseller de", "Reseller fr"]
        )

    def test_where_a_rule_fits_the_lead_is_offered(self):
        self._lead_rule(country_ids=self.env.ref("base.de").ids)
        leads = self._in("de") | self._in("fr") | self._in("de")
        leads.assign_partner()
        self.assertEqual(self._states(leads[0]), [("Northwind", "offered")])
        self.assertEqual(self._states(leads[2]), [("Contoso", "offered")])
        self.assertFalse((leads[0] | leads[2]).partner_assigned_id)
        self.assertEqual(leads[1].partner_assigned_id, self.near["fr"])
        self.assertFalse(leads[1].distribution_state)
        leads.assign_partner()
        self.assertEqual(self._states(leads[0]), [("Northwind", "offered")])

    def test_what_a_partner_is_asked_is_not_given_to_one_near(self):
        customer = self.env["res.partner"].create({"name": "Big", "is_company": True})
        account = {"partner_id": customer.id, "membership_id": self.contoso.id}
        self._lead_rule(zips="99", account_ids=[Command.create(account)])
        pinned = self._in("de", partner_id=customer.id)
        other = self._in("fr", email_from="jo@else.example")
        for method in ("action_assign_partner", "assign_partner"):
            getattr(pinned | other, method)()
            self.assertEqual(self._states(pinned), [("Contoso", "offered")])
            self.assertFalse(pinned.partner_assigned_id)
            self.assertEqual(other.partner_assigned_id, self.near["fr"])

    def test_a_partner_who_was_chosen_gets_all(self):
        self._lead_rule()
        leads = self._in("de") | self._in("fr")
        leads.assign_partner(self.near["de"].id)
        self.assertEqual(leads.partner_assigned_id, self.near["de"])

    def _forward(self, leads, **values):
        return (
            self.env["crm.lead.forward.to.partner"]
            .with_context(active_ids=leads.ids, default_composition_mode="mass_mail")
            .create({"forward_type": "assigned", **values})
        )

    def test_forwarding_keeps_salespeople_and_lets_partners_follow(self):
        keeper, partners_own = self.head, self.other_manager
        self.near["fr"].user_id = partners_own
        leads = self._in("de", user_id=keeper.id) | self._in("fr", user_id=keeper.id)
        leads |= self._in("de")
        self._forward(leads).action_forward()
        self.assertEqual(
            leads.mapped("partner_assigned_id.name"), ["Reseller de", "Reseller fr"]
        )
        first, second, third = leads
        self.assertEqual(third.partner_assigned_id, self.near["de"])
        self.assertEqual(first.user_id, keeper)
        self.assertEqual(second.user_id, partners_own)
        self.assertFalse(third.user_id)
        for lead in leads:
            self.assertIn(lead.partner_assigned_id, lead.message_partner_ids)
        self.assertNotIn(self.near["fr"], first.message_partner_ids)

    def test_forwarding_proposes_the_partner_of_the_rule(self):
        self._lead_rule()
        leads = self._in("de") | self._in("fr")
        lines = self._forward(leads).assignation_lines
        self.assertEqual(
            lines.mapped("partner_assigned_id.name"), ["Northwind", "Contoso"]
        )
        self.assertFalse(self._states(leads[0]), "nothing is offered by looking")

    def test_partners_start_nothing(self):
        self._lead_rule()
        lead = self._in("de")
        mine = self._in("fr", partner_assigned_id=self.northwind.partner_id.id)
        for record in (lead, mine):
            for name in (
                "action_assign_partner",
                "assign_partner",
                "search_geo_partner",
                "action_distribute",
            ):
                with self.subTest(method=name), self.assertRefused(AccessError):
                    getattr(record.with_user(self.seller), name)()

    def test_a_lead_its_partner_does_not_want_is_offered_to_the_next(self):
        self._lead_rule()
        lead = self._in("de")
        lead._distribute()
        self._open(lead)._accept()
        lead.with_user(self.seller).partner_desinterested(comment="Too far")
        self.assertEqual(lead.distribution_state, "queued")
        lead._distribute()
        self.assertEqual(
            self._states(lead), [("Northwind", "declined"), ("Contoso", "offered")]
        )

    def test_a_round_is_played_once_for_leads_no_rule_fits(self):
        self._lead_rule(zips="99")
        leads = self._in("de") | self._in("fr") | self._in("de")
        play, rounds = type(leads)._play_round, []

        def count(records, *args, **kwargs):
            rounds.append(records)
            return play(records, *args, **kwargs)

        names = ["Reseller de", "Reseller fr", "Reseller de"]
        for method in ("assign_partner", "action_assign_partner"):
            with self.subTest(method=method):
                leads.partner_assigned_id = False
                with patch.object(type(leads), "_play_round", count):
                    getattr(leads, method)()
                found = [lead.partner_assigned_id.name for lead in leads]
                self.assertEqual(found, names)
                self.assertEqual(len(rounds), 1)
                rounds.clear()

    def test_leads_for_nobody_are_marked_so(self):
        self.env["res.partner"].search([("partner_weight", ">", 0)]).partner_weight = 0
        leads = self._in("de") | self._in("fr")
        leads.assign_partner()
        tag = self.env.ref(
            "website_crm_partner_assign.tag_portal_lead_partner_unavailable"
        )
        for lead in leads:
            self.assertIn(tag, lead.tag_ids)

    def test_a_former_partner_does_not_follow_any_longer(self):
        person = self.seller.partner_id
        leads = self._in("de") | self._in("fr")
        self._forward(
            leads, forward_type="single", partner_id=self.near["de"].id
        ).action_forward()
        leads[0].message_subscribe(person.ids)
        clerk = self.env["res.partner"].create(
            {"name": "Clerk", "parent_id": self.near["de"].id}
        )
        leads.message_subscribe((clerk | self.head.partner_id).ids)
        self._forward(
            leads[0], forward_type="single", partner_id=self.near["fr"].id
        ).action_forward()
        leads[1].partner_assigned_id = False
        for lead in leads:
            gone = self.near["de"] | clerk
            self.assertFalse(lead.message_partner_ids & gone, lead)
            self.assertIn(self.head.partner_id, lead.message_partner_ids)
        self.assertIn(self.near["fr"], leads[0].message_partner_ids)
        self.assertIn(person, leads[0].message_partner_ids, "another partner's")
        # among people of one partner the others stay
        leads[0].partner_assigned_id = self.env["res.partner"].create(
            {"name": "Branch", "parent_id": self.near["fr"].id}
        )
        self.assertIn(self.near["fr"], leads[0].message_partner_ids)
