from odoo import fields, models

from ..tools.attribution import DEAL_ROLES


class CrmLeadAttributionCorrectLine(models.TransientModel):
    """One partner's part as it should be."""

    _name = "crm.lead.attribution.correct.line"
    _description = "Part of a Corrected Attribution"

    wizard_id = fields.Many2one(
        "crm.lead.attribution.correct", required=True, ondelete="cascade"
    )
    membership_id = fields.Many2one("partner.membership", "Partner", required=True)
    role = fields.Selection(DEAL_ROLES, required=True, default="sourced")
    share = fields.Float("Share (%)", required=True, default=100.0, digits=(5, 2))

    def _prepare_role(self):
        """Return the values of the ``partner.deal.role``."""
        self.ensure_one()
        return {
            "membership_id": self.membership_id.id,
            "role": self.role,
            "share": self.share,
        }
