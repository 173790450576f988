from odoo import fields, models


class CrmLeadQualificationWaive(models.TransientModel):
    """Let deals through without a qualification, with a reason."""

    _name = "crm.lead.qualification.waive"
    _description = "Let a Deal Through"

    lead_ids = fields.Many2many(
        "crm.lead",
        string="Deals",
        required=True,
        default=lambda self: self.env.context.get("active_ids", []),
    )
    reason = fields.Text(required=True, help="For the vendor; it goes to the log.")

    def action_apply(self):
        """Let the deals through; who may is checked there."""
        self.ensure_one()
        self.lead_ids._waive_qualification(self.reason)
        return {"type": "ir.actions.act_window_close"}
