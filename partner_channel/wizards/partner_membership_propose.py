from odoo import api, fields, models
from odoo.fields import Domain


class PartnerMembershipPropose(models.TransientModel):
    """Take over the partners of Odoo's Resellers into a program."""

    _name = "partner.membership.propose"
    _description = "Take Over Resellers"

    program_id = fields.Many2one(
        "partner.program", required=True, default=lambda self: self._default_program()
    )
    partner_ids = fields.Many2many(
        "res.partner",
        string="Partners",
        compute="_compute_partner_ids",
        store=True,
        readonly=False,
        help="Companies that have a partner level and are in no program yet.",
    )
    activate = fields.Boolean(
        "Active at Once",
        help="Otherwise they wait as new memberships until you activate them.",
    )

    @api.model
    def _default_program(self):
        return self.env["partner.program"].search(
            [("company_id", "=", self.env.company.id)], limit=1
        )

    @api.depends("program_id")
    def _compute_partner_ids(self):
        for wizard in self:
            wizard.partner_ids = wizard.program_id._find_unclaimed_partners()

    def action_apply(self):
        """Create the memberships and show them."""
        self.ensure_one()
        memberships = self.program_id._propose_memberships(self.partner_ids)
        if self.activate:
            memberships.action_activate()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partner_channel.partner_membership_action"
        )
        domain = Domain("id", "in", memberships.ids)
        return {**action, "domain": list(domain), "context": {}}
