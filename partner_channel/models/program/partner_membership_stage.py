from odoo import fields, models


class PartnerMembershipStage(models.Model):
    """How far the work with a partner has come, from first contact to routine."""

    _name = "partner.membership.stage"
    _description = "Membership Stage"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    fold = fields.Boolean("Folded in Kanban")
    activation_id = fields.Many2one(
        "res.partner.activation",
        "Activation of the Contact",
        ondelete="set null",
        help="Odoo's own activation that the contact gets with its primary "
        "membership's stage.",
    )
    description = fields.Text(translate=True)
