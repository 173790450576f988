from odoo import api, fields, models


class PartnerBenefitValue(models.Model):
    _inherit = "partner.benefit.value"

    commission_text = fields.Char("Commission", compute="_compute_commission_text")

    @api.depends("kind", "grade_id", "program_id")
    def _compute_commission_text(self):
        """Read the rates where they are enforced, so that there is one truth."""
        shown = self.filtered(lambda value: value.kind == "commission")
        (self - shown).commission_text = False
        # sudo: who reads what a tier gives need not read the plans
        plans = (
            self.env["partner.commission.plan"]
            .sudo()
            .search(
                [
                    ("program_id", "in", shown.program_id.ids),
                    ("state", "=", "active"),
                    ("date_from", "<=", fields.Date.today()),
                    "|",
                    ("date_to", "=", False),
                    ("date_to", ">=", fields.Date.today()),
                ]
            )
        )
        rules = {plan.program_id: plan.rule_ids for plan in plans}
        for value in shown:
            own = rules.get(value.program_id, plans.rule_ids.browse()).filtered(
                lambda rule, value=value: (
                    not rule.grade_ids or value.grade_id in rule.grade_ids
                )
            )
            value.commission_text = ", ".join(own.mapped("display_name"))

    def _get_shown(self):
        return {**super()._get_shown(), "commission": self.commission_text}

    @api.depends("commission_text")
    def _compute_summary(self):
        return super()._compute_summary()
