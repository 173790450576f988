from odoo import api, fields, models
from odoo.exceptions import AccessError


class PartnerAssetVersion(models.Model):
    """A file an asset has, or had. Made by the asset, never changed."""

    _name = "partner.asset.version"
    _description = "Version of Sales Material"
    _inherit = ["channel.state.mixin"]
    _order = "asset_id, number desc"
    _state_fields = ("asset_id", "number", "name", "file", "mimetype", "size", "digest")

    asset_id = fields.Many2one(
        "partner.asset", "Material", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="asset_id.company_id", store=True, index=True)
    number = fields.Integer("Version", required=True, readonly=True)
    name = fields.Char("File Name", required=True, readonly=True)
    file = fields.Binary(attachment=True, readonly=True)
    mimetype = fields.Char("Content Type", required=True, readonly=True)
    size = fields.Integer("Bytes", readonly=True)
    digest = fields.Char("SHA-256", readonly=True)

    _number_uniq = models.UniqueIndex(
        "(asset_id, number)",
        "Somebody has added a version at the same time: load the page again.",
    )

    @api.depends("asset_id.name", "number")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "%(name)s, version %(number)d",
                name=version.asset_id.name or "",
                number=version.number,
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self.env._("A version of sales material stays."))
