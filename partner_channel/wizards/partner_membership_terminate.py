from odoo import api, fields, models


class PartnerMembershipTerminate(models.TransientModel):
    """End memberships and say why."""

    _name = "partner.membership.terminate"
    _description = "End a Membership"

    membership_ids = fields.Many2many(
        "partner.membership",
        string="Partners",
        required=True,
        default=lambda self: self._default_membership_ids(),
    )
    reason_id = fields.Many2one("partner.leave.reason", required=True)
    note = fields.Text()

    @api.model
    def _default_membership_ids(self):
        memberships = self.env["partner.membership"]
        if self.env.context.get("active_model") != memberships._name:
            return memberships
        chosen = memberships.browse(self.env.context.get("active_ids", []))
        return chosen.filtered(lambda membership: membership.state != "terminated")

    def action_apply(self):
        """End the memberships."""
        self.ensure_one()
        self.membership_ids._terminate(self.reason_id, self.note)
        return {"type": "ir.actions.act_window_close"}
