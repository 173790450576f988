from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    module_partner_channel_portal = fields.Boolean("Partner Portal")
    module_partner_channel_commission = fields.Boolean("Partner Commissions")
    module_partner_channel_lms = fields.Boolean("Training and Certification")
    channel_program_count = fields.Integer(compute="_compute_channel_program_count")

    def _compute_channel_program_count(self):
        count = self.env["partner.program"].search_count([])
        for settings in self:
            settings.channel_program_count = count
