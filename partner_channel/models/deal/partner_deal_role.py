from odoo import fields, models

from ...tools.attribution import DEAL_ROLES


class PartnerDealRole(models.Model):
    """Attribution: the part a partner has in a deal."""

    _name = "partner.deal.role"
    _description = "Deal Attribution"
    _order = "lead_id, id"
    _rec_name = "membership_id"

    lead_id = fields.Many2one(
        "crm.lead", "Deal", required=True, index=True, ondelete="cascade"
    )
    membership_id = fields.Many2one(
        "partner.membership", required=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(related="membership_id.partner_id")
    company_id = fields.Many2one(related="membership_id.company_id", store=True)
    role = fields.Selection(DEAL_ROLES, required=True, default="sourced")
    share = fields.Float(
        "Share (%)", required=True, default=100.0, digits=(5, 2), help="Of the deal."
    )

    _role_uniq = models.UniqueIndex(
        "(lead_id, membership_id, role)", "This partner already has this role here."
    )
    _share_range = models.Constraint(
        "CHECK (share > 0 AND share <= 100)", "A share lies between 0 and 100 percent."
    )
