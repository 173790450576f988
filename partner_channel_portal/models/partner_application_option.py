from odoo import fields, models


class PartnerApplicationOption(models.Model):
    """One of the answers a question offers."""

    _name = "partner.application.option"
    _description = "Choice of a Question to Applicants"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    criterion_id = fields.Many2one(
        "partner.application.criterion", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="criterion_id.company_id", store=True)
