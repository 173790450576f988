from odoo import fields, models


class PartnerApplicationReason(models.Model):
    """Why a company does not become a partner."""

    _name = "partner.application.reason"
    _description = "Reason of Declining"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    public_text = fields.Text(
        "What the Applicant Reads",
        translate=True,
        help="Stands in the e-mail and on the page of the application.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
