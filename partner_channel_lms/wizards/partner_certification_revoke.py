from odoo import fields, models


class PartnerCertificationRevoke(models.TransientModel):
    _name = "partner.certification.revoke"
    _description = "Revoke Certificates"

    certification_ids = fields.Many2many(
        "partner.certification", string="Certificates", required=True
    )
    reason = fields.Text(required=True, help="The person can read it in the portal.")

    def action_confirm(self):
        """Revoke the chosen certificates."""
        self.ensure_one()
        self.certification_ids._revoke(self.reason)
        return {"type": "ir.actions.act_window_close"}
