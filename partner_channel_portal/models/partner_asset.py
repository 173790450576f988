from odoo import fields, models

from ..tools.kept import KEPT


class PartnerAsset(models.Model):
    """Sales material, limited to roles and kept among favourites."""

    _name = "partner.asset"
    _inherit = ["asset.portal.mixin", "asset.library.mixin", "partner.asset"]

    role_ids = fields.Many2many(
        "partner.portal.role",
        "partner_asset_role_rel",
        "asset_id",
        "role_id",
        "Portal Roles",
        help="People in which roles find it. Empty: in all.",
        **KEPT,
    )
    favourite_ids = fields.One2many(
        "partner.asset.favourite", "asset_id", groups="base.group_system"
    )
