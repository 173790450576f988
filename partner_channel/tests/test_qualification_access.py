"""Who of the vendor sees and does what with qualifications."""

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .qualification_case import QualificationCase


@tagged("post_install", "-at_install")
class TestQualificationAccess(QualificationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.analyst = cls._create_user("ana", "partner_channel.group_channel_analyst")
        cls.coordinator = cls._create_user(
            "cora", "partner_channel.group_channel_coordinator"
        )

    def test_reading_follows_the_partner(self):
        models = (
            self.sheet,
            self.sheet.answer_ids[0],
            self.sheet.history_ids[:1],
        )
        self._answer_partner()
        models = (*models[:2], self.sheet.history_ids[0])
        for record in models:
            with self.subTest(record._name):
                for user in (self.manager, self.head, self.analyst, self.coordinator):
                    self.assertTrue(record.with_user(user).has_access("read"))
                for user in (self.other_manager, self.seller, self.rival):
                    self.assertFalse(record.with_user(user).has_access("read"))

    def test_another_company_sees_nothing(self):
        stranger = self._create_user(
            "stan",
            "partner_channel.group_channel_head",
        )
        stranger.write(
            {
                "company_ids": [(6, 0, self.other_company.ids)],
                "company_id": self.other_company.id,
            }
        )
        found = self.env["crm.lead.qualification"].with_user(stranger)
        self.assertFalse(found.search([("id", "=", self.sheet.id)]))
        self.assertFalse(
            self.env["qualification.template"]
            .with_user(stranger)
            .search([("id", "=", self.template.id)])
        )

    @mute_logger("odoo.models", "odoo.addons.base.models.ir_rule")
    def test_who_answers_and_decides(self):
        self._sign()
        row = self._row("Need named")
        row.with_user(self.coordinator).write({"value_yesno": "yes"})
        for user in (self.analyst, self.other_manager, self.seller, self.rival):
            with self.subTest(user.login), self.assertRaises(AccessError):
                row.with_user(user).write({"value_yesno": "no"})
        self._row("Budget").with_user(self.manager).write({"value_amount": 9_000})
        for user in (
            self.analyst,
            self.coordinator,
            self.other_manager,
            self.seller,
        ):
            for action in ("action_qualify", "action_reject", "action_return"):
                with (
                    self.subTest(user=user.login, action=action),
                    self.assertRaises(AccessError),
                ):
                    getattr(self.sheet.with_user(user), action)()
        self.sheet.with_user(self.manager).action_qualify()

    @mute_logger("odoo.models", "odoo.addons.base.models.ir_rule")
    def test_nobody_sets_what_moves_set(self):
        sheet = self.sheet.with_user(self.head)
        for vals in (
            {"state": "confirmed"},
            {"snapshot_id": 1},
            {"revision": 0},
            {"is_current": False},
            {"partner_id": self.contoso.partner_id.id},
        ):
            with self.subTest(vals), self.assertRaises(AccessError):
                sheet.write(vals)
        row = self._row("Budget", "partner").with_user(self.head)
        with self.assertRefused(AccessError, "Only the partner"):
            row.write({"value_amount": 1})
        with self.assertRaises(AccessError):
            self._row("Budget").with_user(self.head).write({"side": "partner"})
        with self.assertRaises(AccessError):
            sheet.create({"lead_id": self.lead.id})
        for vals in ({"qualification_state": "confirmed"}, {"qualification_id": False}):
            with self.subTest(vals), self.assertRaises(AccessError):
                self.lead.with_user(self.head).write(vals)

    @mute_logger("odoo.models", "odoo.addons.base.models.ir_rule")
    def test_scores_are_computed_only(self):
        sheet = self.sheet.with_user(self.head)
        for name in ("vendor_score", "partner_score", "has_knockout"):
            field = sheet._fields[name]
            self.assertTrue(field.compute and field.readonly, name)
        with self.assertRaises(AccessError):
            self._row("Budget").with_user(self.head).write({"points": 100})

    def test_ones_own_deal_somebody_else_verifies(self):
        self._sign()
        self.manager.partner_id.parent_id = self.northwind.partner_id
        with self.assertRefused(AccessError, "your own company"):
            self._row("Need named").with_user(self.manager).write(
                {"value_yesno": "yes"}
            )
        with self.assertRefused(AccessError, "your own company"):
            self.sheet.with_user(self.manager).action_qualify()

    def test_partners_are_no_followers(self):
        deal = self._register(
            self.northwind, submit=False, partner_name="Zen", customer_vat=""
        )
        deal.with_user(self.seller).sudo()._submit_registration()
        followers = deal.qualification_id.message_partner_ids
        self.assertNotIn(self.seller.partner_id, followers)
