from odoo import api, fields, models

from ..models.deal.deal_registration_mixin import REASONS


class CrmLeadRegistrationDecide(models.TransientModel):
    """Return or reject registrations with words for the partner."""

    _name = "crm.lead.registration.decide"
    _description = "Return or Reject Registrations"

    lead_ids = fields.Many2many(
        "crm.lead",
        string="Registrations",
        required=True,
        default=lambda self: self._default_lead_ids(),
    )
    decision = fields.Selection(
        [("return", "Return to the partner"), ("reject", "Reject")],
        required=True,
        default="return",
    )
    reason = fields.Selection(REASONS)
    remark = fields.Text(help="The partner reads this.")

    @api.model
    def _default_lead_ids(self):
        if self.env.context.get("active_model") != "crm.lead":
            return self.env["crm.lead"]
        return self.env["crm.lead"].browse(self.env.context.get("active_ids", []))

    def action_apply(self):
        """Carry out the decision on all registrations."""
        self.ensure_one()
        self.lead_ids._check_may_decide()
        if self.decision == "return":
            self.lead_ids._return_registration(self.remark)
        else:
            self.lead_ids._reject_registration(self.reason, self.remark)
        return {"type": "ir.actions.act_window_close"}
