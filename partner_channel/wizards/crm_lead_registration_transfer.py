from odoo import fields, models


class CrmLeadRegistrationTransfer(models.TransientModel):
    """Hand registrations to another partner."""

    _name = "crm.lead.registration.transfer"
    _description = "Hand a Registration to Another Partner"

    lead_ids = fields.Many2many(
        "crm.lead",
        string="Registrations",
        required=True,
        default=lambda self: self.env.context.get("active_ids", []),
    )
    company_id = fields.Many2one(related="lead_ids.company_id")
    membership_id = fields.Many2one(
        "partner.membership",
        "New Partner",
        required=True,
        domain="[('state', '=', 'active'), ('company_id', '=', company_id)]",
    )
    partner_id = fields.Many2one(related="membership_id.partner_id")
    registrant_id = fields.Many2one(
        "res.partner",
        "Works on It",
        domain="[('parent_id', 'child_of', partner_id), ('is_company', '=', False)]",
        help="The person at the new partner.",
    )
    has_roles = fields.Boolean(
        "Attribution Goes Along",
        default=True,
        help="The new partner takes the former one's part in the deal. Not set: the "
        "former partner keeps it.",
    )
    reason = fields.Text(required=True, help="For the vendor; it goes to the log.")

    def action_apply(self):
        """Hand the registrations over."""
        self.ensure_one()
        self.lead_ids._check_may_decide()
        self.membership_id.check_access("read")
        self.lead_ids._transfer_registration(
            self.membership_id, self.reason, self.registrant_id, self.has_roles
        )
        # the deal may be out of the user's own partners now: back to the board
        return self.env["ir.actions.act_window"]._for_xml_id(
            "partner_channel.crm_lead_registration_action"
        )
