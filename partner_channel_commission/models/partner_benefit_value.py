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
                    ("scope", "in", ("program", "tier")),
                    ("state", "=", "active"),
                ]
            )
        )
        current = plans.browse().union(
            *(
                own._filter_covering(program._get_today())
                for program, own in plans.grouped("program_id").items()
            )
        )
        for value in shown:
            own = current.filtered(
                lambda plan, value=value: (
                    plan.program_id == value.program_id
                    and plan.grade_id in (plan.grade_id.browse(), value.grade_id)
                )
            ).rule_ids.filtered(
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
