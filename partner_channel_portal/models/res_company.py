from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    channel_api_keys = fields.Boolean(
        "API Keys for Partners",
        groups="base.group_user",
        help="People of partners may create API keys, to read and write by programs "
        "what they read and write in the portal. Switched off, existing keys rest.",
    )
