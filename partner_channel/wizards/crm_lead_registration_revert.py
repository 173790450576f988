from odoo import fields, models


class CrmLeadRegistrationRevert(models.TransientModel):
    """Take wrong decisions back."""

    _name = "crm.lead.registration.revert"
    _description = "Revert a Decision"

    lead_ids = fields.Many2many(
        "crm.lead",
        string="Registrations",
        required=True,
        default=lambda self: self.env.context.get("active_ids", []),
    )
    reason = fields.Text(required=True, help="For the vendor; it goes to the log.")

    def action_apply(self):
        """Put the registrations back to where they are decided."""
        self.ensure_one()
        self.lead_ids._check_may_decide()
        self.lead_ids._revert_decision(self.reason)
        return {"type": "ir.actions.act_window_close"}
