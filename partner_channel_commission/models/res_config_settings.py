from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    channel_commission_product_id = fields.Many2one(
        related="company_id.channel_commission_product_id", readonly=False
    )
    channel_statement_auto = fields.Boolean(
        related="company_id.channel_statement_auto", readonly=False
    )
