import psycopg2

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PAYMENT, CommissionCommon


@tagged("post_install", "-at_install")
class TestPlanScope(CommissionCommon):
    """Of several plans the most special pays, and the entry says why."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program_plan = cls._create_plan(("sold", 10, PAYMENT))
        cls.deal = cls._create_deal((cls.alpha_member, "sold", 100))

    def _earn(self, deal=None):
        invoice = self._invoice_deal(deal or self.deal, 1000)
        return self.balance("accrued", moves=invoice)

    def _create_special(self, rate, **values):
        return self._create_plan(("sold", rate, PAYMENT), name="Special", **values)

    def test_deal_before_partner_before_tier_before_program(self):
        self.assertEqual(self._earn(), 100)
        tier = self.gold
        self.alpha_member._set_protected({"grade_id": tier.id})
        for rate, scope, name, target in (
            (11, "tier", "grade_id", tier),
            (12, "membership", "membership_id", self.alpha_member),
            (13, "deal", "lead_id", self.deal),
        ):
            plan = self._create_special(rate, scope=scope, **{name: target.id})
            invoice = self._invoice_deal(self.deal, 1000)
            self.assertEqual(self.balance("accrued", moves=invoice), rate * 10)
            entry = self.get_entries(invoice)
            self.assertEqual(entry.plan_id, plan)
            self.assertIn(plan._get_scope_explanation(), entry.plan_reason)
        other = self._create_deal((self.beta_member, "sold", 100))
        self.assertEqual(self._earn(other), 100, "others keep the program's plan")

    def test_what_a_special_plan_has_no_rule_for_is_paid_by_the_wider_one(self):
        self._create_plan(
            ("sourced", 3, PAYMENT),
            name="Special",
            scope="membership",
            membership_id=self.alpha_member.id,
        )
        self.assertEqual(self._earn(), 100)

    def test_a_rule_of_zero_keeps_the_wider_plan_from_paying(self):
        self._create_special(0, scope="deal", lead_id=self.deal.id)
        self.assertEqual(self._earn(), 0)

    def test_two_plans_of_one_partner_may_not_cover_the_same_day(self):
        values = {"scope": "membership", "membership_id": self.alpha_member.id}
        self._create_special(12, **values)
        clash = self._create_special(13, activate=False, **values)
        with (
            self.assertRaises(psycopg2.errors.ExclusionViolation),
            mute_logger("odoo.sql_db"),
        ):
            clash.action_activate()
            self.env.flush_all()

    def test_two_partners_may_have_plans_of_the_same_days(self):
        for member in (self.alpha_member, self.beta_member):
            plan = self._create_special(12, scope="membership", membership_id=member.id)
            self.assertEqual(plan.state, "active")

    def test_a_plan_applies_to_one_thing(self):
        for values in (
            {"scope": "membership"},
            {"scope": "program", "membership_id": self.alpha_member.id},
            {
                "scope": "membership",
                "membership_id": self.alpha_member.id,
                "lead_id": self.deal.id,
            },
        ):
            with self.assertRaisesRegex(ValidationError, "Applies To"):
                self._create_special(5, activate=False, **values)

    def test_a_tier_of_another_program_is_refused(self):
        other = self._create_program("Resellers", self.company)
        with self.assertRaisesRegex(ValidationError, "not of the program"):
            self._create_special(
                5, activate=False, scope="tier", grade_id=other.grade_ids[0].id
            )

    def test_the_scope_of_an_active_plan_stays(self):
        with self.assertRaisesRegex(UserError, "Create a new version"):
            self.program_plan.write(
                {"scope": "membership", "membership_id": self.alpha_member.id}
            )
