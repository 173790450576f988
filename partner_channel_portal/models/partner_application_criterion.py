from odoo import fields, models


class PartnerApplicationCriterion(models.Model):
    """A question a program asks companies that apply."""

    _name = "partner.application.criterion"
    _description = "Question to Applicants"
    _order = "sequence, id"

    name = fields.Char("Question", required=True, translate=True)
    help_text = fields.Char("Explanation", translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    program_id = fields.Many2one(
        "partner.program", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="program_id.company_id", store=True)
    kind = fields.Selection(
        [
            ("yes_no", "Yes or no"),
            ("choice", "One of a list"),
            ("number", "Number"),
            ("text", "Text"),
        ],
        required=True,
        default="text",
    )
    is_required = fields.Boolean("Required")
    option_ids = fields.One2many(
        "partner.application.option", "criterion_id", "Choices", copy=True
    )
