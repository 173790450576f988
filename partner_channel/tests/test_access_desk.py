"""Colleagues without the right: no way of deciding is open to them."""

from contextlib import suppress

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import PartnerChannelCommon


@tagged("post_install", "-at_install")
class TestDeskAccess(PartnerChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._register(cls.northwind)
        cls.undecided = cls._register(
            cls.northwind, partner_name="Zen", customer_vat="", website=""
        )
        cls.lead._approve_registration()
        cls.extension = cls.lead._request_extension("Demo held")
        cls.others = [
            cls._create_user("sam", "sales_team.group_sale_manager"),
            cls._create_user("anna", "partner_channel.group_channel_analyst"),
            cls._create_user("cora", "partner_channel.group_channel_coordinator"),
            cls.other_manager,
            new_test_user(
                cls.env,
                "abroad",
                groups="partner_channel.group_channel_admin",
                company_id=cls.other_company.id,
                company_ids=[Command.set(cls.other_company.ids)],
            ),
        ]

    def _use_wizard(self, user, model, **values):
        wizard = self.env[f"crm.lead.{model}"].with_user(user).create(values)
        wizard.action_apply()

    def _get_attempts(self, user):
        """Return the ways to decide on what is another person's: name → call."""
        lead = self.lead.with_user(user)
        undecided = self.undecided.with_user(user)
        extension = self.extension.with_user(user)
        return {
            "approve": undecided.action_registration_approve,
            "withdraw": undecided.action_registration_withdraw,
            "submit": undecided.action_registration_submit,
            "grant": extension.action_grant,
            "refuse": lambda: (
                extension.write({"reason": "x"}),
                extension.action_refuse(),
            ),
            "state": lambda: lead.write({"date_protection_end": "2099-01-01"}),
            "attribute": lambda: lead.write(
                {
                    "deal_role_ids": [
                        Command.create({"membership_id": self.contoso.id, "share": 1})
                    ]
                }
            ),
            **self._get_wizards(user),
            "record": lambda: (
                self.env["partner.customer.record"]
                .with_user(user)
                .create(
                    {"partner_id": self.partner.id, "membership_id": self.northwind.id}
                )
            ),
            "log": lambda: (
                self.env["partner.registration.log"]
                .with_user(user)
                .create({"event": "won"})
            ),
        }

    def _get_wizards(self, user):
        """Return the ways that lead through a wizard: name → call."""
        leads = [Command.set((self.lead | self.undecided).ids)]
        return {
            "reject": lambda: self._use_wizard(
                user,
                "registration.decide",
                lead_ids=[Command.set(self.undecided.ids)],
                decision="reject",
                reason="other",
            ),
            "transfer": lambda: self._use_wizard(
                user,
                "registration.transfer",
                lead_ids=leads,
                membership_id=self.contoso.id,
                reason="x",
            ),
            "revert": lambda: self._use_wizard(
                user, "registration.revert", lead_ids=leads, reason="x"
            ),
            "correct": lambda: self._use_wizard(
                user, "attribution.correct", lead_id=self.lead.id, reason="x"
            ),
        }

    def test_nobody_decides_what_is_anothers(self):
        self.partner = self.env["res.partner"].create({"name": "Customer"})
        names = ("registration_state", "date_protection_end", "membership_id")
        before = (self.lead | self.undecided).read(names)
        for user in self.others:
            for name, attempt in self._get_attempts(user).items():
                with (
                    self.subTest(user=user.login, attempt=name),
                    mute_logger("odoo.models"),
                    self.assertRefused(AccessError),
                ):
                    attempt()
        self.env.invalidate_all()
        self.assertEqual((self.lead | self.undecided).read(names), before)
        self.assertEqual(self.extension.state, "pending")

    def test_a_page_of_another_person_opens_nothing(self):
        wizard = (
            self.env["crm.lead.registration.decide"]
            .with_user(self.manager)
            .create(
                {
                    "lead_ids": [Command.set(self.undecided.ids)],
                    "decision": "reject",
                    "reason": "other",
                }
            )
        )
        for user in self.others:
            self.env.flush_all()
            self.env.invalidate_all()
            with self.subTest(user=user.login):
                # refused, or there is no deal in it that they may read
                with mute_logger("odoo.models"), suppress(AccessError):
                    wizard.with_user(user).action_apply()
                self.assertEqual(self.undecided.registration_state, "submitted")
