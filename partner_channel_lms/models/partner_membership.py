from odoo import fields, models


class PartnerMembership(models.Model):
    _inherit = "partner.membership"

    valid_certification_count = fields.Integer(
        related="partner_id.valid_certification_count",
        groups="partner_channel.group_channel_manager",
    )

    def action_view_certifications(self):
        """Open the certificates of the members' people."""
        return self.partner_id.action_view_certifications()
