from odoo import api, fields, models
from odoo.tools import SQL


class PartnerAssetFavourite(models.Model):
    """An asset somebody wants to find again."""

    _name = "partner.asset.favourite"
    _description = "Favourite Sales Material"
    _rec_name = "asset_id"

    user_id = fields.Many2one("res.users", required=True, ondelete="cascade")
    asset_id = fields.Many2one(
        "partner.asset", required=True, index=True, ondelete="cascade"
    )

    _once_uniq = models.UniqueIndex("(user_id, asset_id)")

    @api.model
    def _add(self, asset):
        """Keep an asset for the current user; access was checked before.

        One statement: of two clicks at once the second finds nothing to do.
        """
        self.env.execute_query(
            SQL(
                """INSERT INTO partner_asset_favourite (user_id, asset_id)
                   VALUES (%s, %s) ON CONFLICT DO NOTHING RETURNING id""",
                self.env.uid,
                asset.id,
            )
        )
        asset.invalidate_recordset(["favourite_ids"])
