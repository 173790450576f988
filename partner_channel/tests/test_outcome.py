"""Won and lost, shares of a role, and merging: nothing of a partner's gets lost."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import PartnerChannelCommon


@tagged("post_install", "-at_install")
class TestOutcome(PartnerChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._register(cls.northwind, registrant_id=cls.seller.partner_id.id)
        cls.lead._approve_registration()

    def _get_log(self, lead):
        return self.env["partner.registration.log"].search(
            [("lead_id", "=", lead.id)], order="sequence"
        )

    # === WON AND LOST === #

    def test_losing_needs_a_reason_whatever_the_way(self):
        ways = (
            lambda lead: lead.action_set_lost(),
            lambda lead: lead.action_archive(),
            lambda lead: lead.write({"active": False, "probability": 0}),
        )
        for way in ways:
            with self.assertRefused(UserError, "lost reason"):
                way(self.lead.with_user(self.head))
        ordinary = self.env["crm.lead"].create({"name": "Own", "type": "opportunity"})
        ordinary.action_set_lost()
        self._lose(self.lead)
        self.assertEqual(self.lead.registration_state, "lost")

    def test_a_deal_opened_again_protects_the_customer_it_names_now(self):
        self._lose(self.lead)
        self.lead.write(
            {"partner_name": "Zenith", "customer_vat": "ATU61945266", "website": False}
        )
        self.lead.action_restore()
        self.assertEqual(self.lead.registration_state, "approved")
        self.assertEqual(
            {(claim.value, claim.state) for claim in self.lead.claim_ids},
            {("ATU61945266", "protected"), ("zenith", "protected")},
        )
        former = self._register(self.contoso)
        former._approve_registration()
        rival = self._register(self.contoso, partner_name="Zenith", website=False)
        with self.assertRefused(UserError, "cannot be protected"):
            rival._approve_registration()

    def test_after_the_win_the_attribution_is_settled(self):
        self.lead.action_set_won()
        role = self.lead.deal_role_ids
        changes = (
            lambda: role.write({"share": 50}),
            lambda: role.unlink(),
            lambda: self.lead.write({"deal_role_ids": [Command.clear()]}),
            lambda: role.create(
                {
                    "lead_id": self.lead.id,
                    "membership_id": self.contoso.id,
                    "role": "sold",
                }
            ),
            lambda: role.with_context(deal_attribution_open=True).write({"share": 1}),
        )
        for change in changes:
            with self.assertRefused(UserError, "attribution is settled"):
                change()
        stage = self.env["crm.stage"].search([("is_won", "=", False)], limit=1)
        self.lead.stage_id = stage
        self.assertEqual(self.lead.registration_state, "approved")
        with self.assertRefused(UserError, "attribution is settled"):
            role.with_user(self.manager).write({"share": 50})

    def test_the_head_corrects_with_a_reason(self):
        self.lead.action_set_won()
        wizard = self.env["crm.lead.attribution.correct"]
        with self.assertRaises(AccessError):
            wizard.with_user(self.manager).create({"lead_id": self.lead.id})
        with self.assertRaises(AccessError):
            self.lead.with_user(self.manager)._correct_attribution([], "why")
        form = Form(
            wizard.with_user(self.head).with_context(default_lead_id=self.lead.id)
        )
        with form.line_ids.edit(0) as line:
            line.membership_id = self.contoso
            line.share = 80
        form.reason = "Contoso found it"
        form.save().action_apply()
        role = self.lead.deal_role_ids
        self.assertEqual((role.membership_id, role.share), (self.contoso, 80))
        row = self._get_log(self.lead)[-1]
        self.assertEqual((row.event, row.user_id), ("attributed", self.head))
        self.assertIn("Contoso found it", row.note)

    # === SHARES === #

    def _set_shares(self, *shares):
        members = (self.northwind, self.contoso)
        self.lead.deal_role_ids = [
            Command.clear(),
            *(
                Command.create(
                    {"membership_id": member.id, "role": "sold", "share": share}
                )
                for member, share in zip(members, shares, strict=False)
            ),
        ]

    def test_shares_sum_to_what_the_company_asks_for(self):
        cases = {
            "most": [((60, 40), True), ((60, 30), True), ((60, 50), False)],
            "exact": [((60, 40), True), ((60, 30), False), ((60, 50), False)],
            "free": [((60, 40), True), ((60, 30), True), ((60, 50), True)],
        }
        for policy, tries in cases.items():
            self.company.channel_share_policy = policy
            for shares, is_allowed in tries:
                with self.subTest(policy=policy, shares=shares):
                    if is_allowed:
                        self._set_shares(*shares)
                    else:
                        with self.assertRaises(ValidationError):
                            self._set_shares(*shares)

    def test_exactly_is_kept_when_a_part_goes(self):
        self._set_shares(60, 40)
        self.company.channel_share_policy = "exact"
        with self.assertRefused(ValidationError, "100 together"):
            self.lead.deal_role_ids[0].unlink()
        self.lead.deal_role_ids.unlink()

    # === MERGING === #

    def _create_ordinary(self, **values):
        return self.env["crm.lead"].create(
            {
                "name": "Ordinary",
                "type": "opportunity",
                "company_id": self.company.id,
                "probability": 99,
                **values,
            }
        )

    def test_a_protected_deal_survives_every_merge_with_ordinary_ones(self):
        ways = {
            "the method": lambda leads: leads.merge_opportunity(),
            "the other way round": lambda leads: leads[::-1].merge_opportunity(),
            "the wizard": lambda leads: (
                self.env["crm.merge.opportunity"]
                .with_context(active_model="crm.lead", active_ids=leads.ids)
                .create({})
                .action_merge()
            ),
        }
        for name, merge in ways.items():
            with self.subTest(name):
                ordinary = self._create_ordinary(user_id=self.head.id)
                merge(self.lead | ordinary)
                self.assertTrue(self.lead.exists())
                self.assertFalse(ordinary.exists())
                self.assertEqual(self.lead.registration_state, "approved")
                self.assertEqual(self.lead.membership_id, self.northwind)
                states = set(self.lead.claim_ids.mapped("state"))
                self.assertEqual(states, {"protected"})

    def test_two_registrations_are_not_merged(self):
        other = self._register(
            self.contoso, partner_name="Zen", customer_vat="", website=""
        )
        other._approve_registration()
        # where nobody has a part in the deal yet, the proof alone stops it
        (self.lead | other).deal_role_ids.unlink()
        for leads in (self.lead | other, other | self.lead):
            with self.assertRefused(UserError, "stays as proof"):
                leads.merge_opportunity()
        self.assertTrue(self.lead.exists() and other.exists())

    def test_deduplicating_many_loses_no_registration(self):
        self.lead.write({"email_from": "jane@acme.example"})
        ordinary = self._create_ordinary(
            type="lead", email_from="jane@acme.example", partner_name="Acme GmbH"
        )
        wizard = (
            self.env["crm.lead2opportunity.partner.mass"]
            .with_context(active_model="crm.lead", active_ids=ordinary.ids)
            .create({"deduplicate": True})
        )
        wizard.action_mass_convert()
        self.assertFalse(ordinary.exists(), "they were merged")
        self.assertTrue(self.lead.exists())
        self.assertEqual(self.lead.registration_state, "approved")
