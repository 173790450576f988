from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    channel_api_keys = fields.Boolean(
        related="company_id.channel_api_keys", readonly=False
    )
