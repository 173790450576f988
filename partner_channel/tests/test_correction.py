from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import PartnerChannelCommon

BETA = {
    "partner_name": "Beta AG",
    "customer_vat": "FR40303265045",
    "website": "https://beta.example",
}


@tagged("post_install", "-at_install")
class TestCorrection(PartnerChannelCommon):
    """The vendor corrects a customer: the claims stay in step with it."""

    def setUp(self):
        super().setUp()
        self.lead = self._register(self.northwind)

    def _values(self, lead, state):
        claims = lead.claim_ids.filtered(lambda claim: claim.state == state)
        return set(claims.mapped("value"))

    def test_an_undecided_registration_asks_for_the_corrected_customer(self):
        other = self._register(self.northwind, **BETA)
        (self.lead | other).with_user(self.head).write({"customer_vat": "DE136695976"})
        self.assertIn("DE136695976", self._values(self.lead, "pending"))
        self.assertIn("DE136695976", self._values(other, "pending"))
        self.assertNotIn("DE123456788", self._values(self.lead, "pending"))

    def test_a_protected_deal_protects_the_corrected_customer(self):
        self.lead._approve_registration()
        end = self.lead.date_protection_end
        self.lead.with_user(self.manager).write(BETA)
        self.assertEqual(
            self._values(self.lead, "protected"),
            {"FR40303265045", "beta.example", "beta ag", "beta"},
        )
        self.assertEqual(set(self.lead.claim_ids.mapped("date_to")), {end})
        second = self._register(self.contoso, **BETA)
        with self.assertRaises(UserError):
            second._approve_registration()
        self._register(self.contoso)._approve_registration()

    def test_a_correction_to_a_customer_held_by_another_is_refused(self):
        self.lead._approve_registration()
        self._register(self.contoso, **BETA)._approve_registration()
        with self.assertRaises(UserError) as refused:
            self.lead.with_user(self.manager).write(BETA)
        self.assertIn("Contoso", str(refused.exception))

    def test_the_family_chosen_later_limits_the_protection(self):
        family = self.env["product.category"].create(
            {"name": "Software", "is_channel_family": True}
        )
        self.lead._approve_registration()
        self.lead.product_family_id = family
        self.assertEqual(self.lead.claim_ids.family_id, family)
        other = self.env["product.category"].create(
            {"name": "Hardware", "is_channel_family": True}
        )
        self._register(self.contoso, product_family_id=other.id)._approve_registration()

    def test_what_is_over_or_a_draft_claims_nothing_anew(self):
        draft = self._register(self.northwind, submit=False)
        self.lead._reject_registration("other")
        (draft | self.lead).write(BETA)
        self.assertFalse(draft.claim_ids)
        self.assertEqual(set(self.lead.claim_ids.mapped("state")), {"released"})

    # === MEMBERSHIPS === #

    def test_only_an_active_partner_gets_a_deal_protected(self):
        for action in ("action_suspend", "action_terminate"):
            getattr(self.northwind, action)()
            with self.assertRaises(UserError):
                self.lead.with_user(self.head).action_registration_approve()
        self.assertEqual(self.lead.registration_state, "submitted")

    def test_a_membership_that_has_begun_stays_with_its_partner(self):
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        with self.assertRaises(UserError):
            self.northwind.with_user(self.manager).partner_id = other
        draft = self._create_membership("New", manager=self.manager, active=False)
        draft.with_user(self.manager).partner_id = other
        self.assertEqual(draft.partner_id, other)

    def test_the_level_follows_the_primary_membership(self):
        program = self._create_program(
            "Services", grade_ids=[Command.create({"name": "Expert", "sequence": 1})]
        )
        partners = (self.northwind | self.contoso).partner_id
        second = self.env["partner.membership"].create(
            [{"partner_id": p.id, "program_id": program.id} for p in partners]
        )
        second.action_activate()
        self.assertEqual(set(partners.grade_id.mapped("name")), {"Registered"})
        self.northwind.is_primary = False
        second[0].is_primary = True
        self.assertEqual(partners[0].grade_id.name, "Expert")
        self.contoso.action_terminate()
        self.assertTrue(second[1].is_primary)
        self.assertEqual(partners[1].grade_id.name, "Expert")

    # === PEOPLE === #

    def test_the_person_hears_of_the_approval(self):
        self.lead.registrant_id = self.seller.partner_id
        self.lead._approve_registration()
        told = self.lead.message_ids.filtered("partner_ids")
        self.assertEqual(told.partner_ids, self.seller.partner_id)

    def test_who_works_for_a_rival_by_now_is_not_told(self):
        # a company is not left without an owner
        self._create_portal_user("second.northwind", self.northwind)
        self.lead.registrant_id = self.seller.partner_id
        self.seller.partner_id.parent_id = self.contoso.partner_id
        self.lead._reject_registration("other", "No budget")
        self.assertFalse(self.lead.message_ids.partner_ids)

    def test_the_protection_of_an_archived_deal_ends_as_well(self):
        self.lead._approve_registration()
        self.lead._set_protected({"date_protection_end": "2020-01-01"})
        self.lead.write({"probability": 30, "active": False})
        self.assertEqual(self.lead.registration_state, "approved")
        job = self.env.ref("partner_channel.ir_cron_expire_registrations")
        with self.enter_registry_test_mode():
            job.method_direct_trigger()
        self.assertEqual(self.lead.registration_state, "expired")
