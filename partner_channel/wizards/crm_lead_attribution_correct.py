from odoo import api, fields, models
from odoo.fields import Command


class CrmLeadAttributionCorrect(models.TransientModel):
    """Correct the attribution of a deal that was won, by the head of channel."""

    _name = "crm.lead.attribution.correct"
    _description = "Correct the Attribution of a Won Deal"

    lead_id = fields.Many2one(
        "crm.lead",
        "Deal",
        required=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    line_ids = fields.One2many(
        "crm.lead.attribution.correct.line",
        "wizard_id",
        "Attribution",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    reason = fields.Text(required=True, help="It goes to the log.")

    @api.depends("lead_id")
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [
                Command.clear(),
                *(
                    Command.create(
                        {
                            "membership_id": role.membership_id.id,
                            "role": role.role,
                            "share": role.share,
                        }
                    )
                    for role in wizard.lead_id.deal_role_ids
                ),
            ]

    def action_apply(self):
        """Write the attribution as it should be."""
        self.ensure_one()
        lead = self.lead_id
        lead._check_may_decide()
        lead._correct_attribution(
            [
                *(Command.delete(role.id) for role in lead.deal_role_ids),
                *(Command.create(line._prepare_role()) for line in self.line_ids),
            ],
            self.reason,
        )
        return {"type": "ir.actions.act_window_close"}
