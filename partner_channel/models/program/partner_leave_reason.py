from odoo import fields, models


class PartnerLeaveReason(models.Model):
    """Why a partner left, or was asked to."""

    _name = "partner.leave.reason"
    _description = "Reason of Leaving"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
