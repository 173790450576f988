from odoo import fields, models


class ResPartnerGrade(models.Model):
    """Odoo's partner level as the tier of a program."""

    _inherit = "res.partner.grade"

    program_id = fields.Many2one("partner.program", index="btree_not_null")
    requirement_ids = fields.One2many(
        "partner.tier.requirement", "grade_id", "Requirements", copy=True
    )
    requirement_summary = fields.Char(compute="_compute_requirement_summary")

    def _compute_requirement_summary(self):
        for grade in self:
            grade.requirement_summary = "; ".join(
                grade.requirement_ids.mapped("display_name")
            )
