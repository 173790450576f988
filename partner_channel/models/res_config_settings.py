from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    channel_program_count = fields.Integer(compute="_compute_channel_program_count")

    def _compute_channel_program_count(self):
        count = self.env["partner.program"].search_count([])
        for settings in self:
            settings.channel_program_count = count
