from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import POSTING, CommissionCommon


@tagged("post_install", "-at_install")
class TestTermsAccess(CommissionCommon):
    """Who reads and who changes what partners are paid by."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._create_plan(
            {
                "role": "sold",
                "rate": 0,
                "trigger": POSTING,
                "basis": "margin",
                "band_mode": "marginal",
                "band_ids": [
                    Command.create({"amount_from": 0, "amount_to": 100, "rate": 10}),
                    Command.create({"amount_from": 100, "rate": 20}),
                ],
            }
        )
        cls.bands = cls.plan.rule_ids.band_ids

    def test_partners_read_neither_plans_nor_rules_nor_bands(self):
        staff = self._create_staff(self.alpha, "owner", "owner")
        for records in (self.plan, self.plan.rule_ids, self.bands):
            with self.assertRaises(AccessError):
                records.with_user(staff).read(["id"])

    def test_managers_and_accountants_read_and_do_not_change(self):
        for name, group in (
            ("manages", "partner_channel.group_channel_manager"),
            ("books", "account.group_account_invoice"),
        ):
            user = self._create_user(name, group)
            self.assertTrue(self.bands.with_user(user).read(["rate"]))
            for attempt in (
                lambda user=user: self.bands.with_user(user).write({"rate": 50}),
                lambda user=user: self.bands.with_user(user).unlink(),
                lambda user=user: self.bands.with_user(user).create(
                    {"rule_id": self.plan.rule_ids.id, "rate": 1}
                ),
            ):
                with self.assertRaises(AccessError):
                    attempt()

    def test_bands_of_an_active_plan_stay_whoever_asks(self):
        for attempt in (
            lambda: self.bands.write({"rate": 50}),
            lambda: self.bands.unlink(),
            lambda: self.plan.rule_ids.write({"band_ids": [Command.clear()]}),
            lambda: self.bands.create({"rule_id": self.plan.rule_ids.id, "rate": 1}),
        ):
            with self.assertRaisesRegex(UserError, "Create a new version"):
                attempt()
        self.assertEqual(self.bands.mapped("rate"), [10, 20])

    def test_another_company_sees_no_bands(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        user = self._create_user(
            "elsewhere",
            "partner_channel.group_channel_admin",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.assertFalse(
            self.bands.with_user(user).search([("id", "in", self.bands.ids)])
        )

    def test_partners_do_not_read_what_a_sale_cost_the_vendor(self):
        self.product.standard_price = 60
        deal = self._create_deal((self.alpha_member, "sold", 100))
        invoice = self._invoice_deal(deal, 100)
        staff = self._create_staff(self.alpha, "finance", "finance")
        entry = self.get_entries(invoice, "accrued").with_user(staff)
        self.assertEqual(entry.amount, 4)
        self.assertNotIn("60", entry.explanation)
        with self.assertRaises(AccessError):
            entry.read(["cost"])
        with self.assertRaises(AccessError):
            entry.search([("cost", "=", 60)])
