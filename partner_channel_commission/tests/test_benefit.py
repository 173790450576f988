from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .common import CommissionCommon


@tagged("post_install", "-at_install")
class TestCommissionBenefit(CommissionCommon):
    """What a tier is paid is read where it is enforced: in the active plan."""

    def test_a_tier_shows_the_rates_of_the_active_plan(self):
        program = self.env["partner.program"].create(
            {
                "name": "Rates",
                "grade_ids": [
                    Command.create({"name": "Gold", "sequence": 1}),
                    Command.create({"name": "Silver", "sequence": 2}),
                ],
            }
        )
        gold, silver = program.grade_ids.sorted("sequence")
        benefit = self.env["partner.benefit"].create(
            {"name": "Commission", "kind": "commission"}
        )
        self.assertTrue(benefit.enforcement)
        values = self.env["partner.benefit.value"].create(
            [
                {"benefit_id": benefit.id, "grade_id": grade.id}
                for grade in (gold, silver)
            ]
        )
        self.assertEqual(values.mapped("summary"), ["", ""])
        plan = self.env["partner.commission.plan"].create(
            {
                "name": "Plan",
                "program_id": program.id,
                "date_from": fields.Date.today(),
                "rule_ids": [
                    Command.create(
                        {"role": "sourced", "rate": 12.5, "grade_ids": gold.ids}
                    ),
                    Command.create({"role": "sourced", "rate": 5}),
                ],
            }
        )
        plan.action_activate()
        self.env.invalidate_all()
        self.assertIn("12.5 %", values[0].summary)
        self.assertNotIn("12.5 %", values[1].summary)
        self.assertIn("5 %", values[1].summary)
