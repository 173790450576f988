"""What a tier gives is enforced where it applies."""

from datetime import timedelta

import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PartnerChannelCommon


@tagged("post_install", "-at_install")
class TestBenefit(PartnerChannelCommon):
    def _give(self, kind, grade="Registered", **values):
        """Let a tier have a benefit; return its value."""
        benefit = self.env["partner.benefit"].create({"name": kind, "kind": kind})
        self.assertTrue(benefit.enforcement)
        return self.env["partner.benefit.value"].create(
            {
                "benefit_id": benefit.id,
                "grade_id": self._grade(grade).id,
                **values,
            }
        )

    def _register_another(self, name, membership=None, **values):
        return self._register(
            membership or self.northwind,
            partner_name=name,
            customer_vat="",
            website="",
            **values,
        )

    def test_a_tier_protects_its_partners_deals_longer(self):
        self._give("protection_days", number=180)
        self.contoso._set_protected({"grade_id": self._grade("Gold").id})
        lead, other = (
            self._register_another("Acme"),
            self._register_another("Beech", self.contoso),
        )
        (lead | other)._approve_registration()
        today = self.program._get_today()
        self.assertEqual(lead.date_protection_end, today + timedelta(days=180))
        self.assertEqual(other.date_protection_end, today + timedelta(days=90))

    def test_one_registration_more_than_allowed_is_refused(self):
        self._give("open_registrations", number=2)
        first = self._register_another("Acme")
        self._register_another("Beech")
        self._register_another("Other", self.contoso)
        third = self._register_another("Cedar", submit=False)
        with self.assertRefused(UserError, "Northwind", "2 at a time"):
            third._submit_registration()
        self.assertEqual(third.registration_state, "draft")
        first._withdraw_registration()
        third._submit_registration()
        self.assertEqual(third.registration_state, "submitted")
        self.assertEqual(self.northwind.open_registration_count, 2)

    def test_many_at_once_do_not_slip_under_the_limit(self):
        self._give("open_registrations", number=2)
        drafts = self.env["crm.lead"]
        for name in ("Acme", "Beech", "Cedar"):
            drafts |= self._register_another(name, submit=False)
        with self.assertRefused(UserError, "2 at a time"):
            drafts._submit_registration()
        drafts[:2]._submit_registration()
        drafts[:2]._submit_registration()

    def test_other_product_families_are_refused(self):
        mills, pumps = self.env["product.category"].create(
            [
                {"name": "Mills", "is_channel_family": True},
                {"name": "Pumps", "is_channel_family": True},
            ]
        )
        self._give("families", family_ids=[Command.set(mills.ids)])
        for family in (pumps, self.env["product.category"]):
            draft = self._register_another(
                "Acme", submit=False, product_family_id=family.id
            )
            with self.assertRefused(UserError, "Mills"):
                draft._submit_registration()
        self._register_another("Acme", product_family_id=mills.id)
        self.contoso.family_ids = pumps
        self._register_another("Beech", self.contoso, product_family_id=pumps.id)

    def test_the_pricelist_reaches_partners_who_are_on_the_tier_already(self):
        pricelist = self.env["product.pricelist"].create({"name": "Silver −20 %"})
        (self.northwind | self.contoso)._set_tier(
            self._grade("Silver"), self.program._get_today()
        )
        self._give("pricelist", "Silver", pricelist_id=pricelist.id)
        self.assertEqual(self._grade("Silver").default_pricelist_id, pricelist)
        for membership in self.northwind | self.contoso:
            partner = membership.partner_id.with_company(self.company)
            self.assertEqual(partner.specific_property_product_pricelist, pricelist)

    def test_the_weight_of_a_tier_is_odoos_own(self):
        self._give("lead_weight", lead_weight=7)
        self.assertEqual(self.northwind.partner_id.partner_weight, 7)

    def test_the_named_contact_follows_new_registrations(self):
        self._give("support", contact_id=self.head.id, note="24/7")
        lead = self._register_another("Acme")
        self.assertIn(self.head.partner_id, lead.message_partner_ids)
        self.assertEqual(
            self.northwind.benefit_value_ids.summary, f"{self.head.name} · 24/7"
        )

    def test_a_benefit_without_a_value_or_twice_is_refused(self):
        with self.assertRefused(ValidationError, "protection_days", "Registered"):
            self._give("protection_days")
        value = self._give("protection_days", number=30)
        with self.assertRaises(psycopg2.IntegrityError), mute_logger("odoo.sql_db"):
            value.copy()

    def test_only_administrators_set_benefits(self):
        value = self._give("protection_days", number=30)
        for user in (self.head, self.manager, self.seller):
            with self.subTest(user.login), self.assertRaises(AccessError):
                value.with_user(user).number = 3_000

    def test_benefits_of_many_partners_take_one_query(self):
        self._give("support", contact_id=self.head.id)
        members = self.northwind | self.contoso

        def queries(memberships):
            self.env.flush_all()
            self.env.invalidate_all()
            memberships.mapped("grade_id")
            before = self.cr.sql_log_count
            memberships.mapped("benefit_value_ids")
            return self.cr.sql_log_count - before

        queries(members)  # fills the caches of the registry
        self.assertEqual(queries(self.northwind), queries(members))
