from odoo import fields, models


class PartnerAssetType(models.Model):
    """What an asset is for: a presentation, a case, an answer to an objection …"""

    _name = "partner.asset.type"
    _description = "Type of Sales Material"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    description = fields.Char(translate=True, help="When sellers use it.")
