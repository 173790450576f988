from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL


class PartnerAssetUse(models.Model):
    """Who opened or downloaded an asset, for which deal, and when. Append-only.

    One person's doing the same again within the hour is one use: a page that is loaded
    again, or a script, makes no figures.
    """

    _name = "partner.asset.use"
    _description = "Use of Sales Material"
    _order = "date desc, id desc"
    _rec_name = "asset_id"

    asset_id = fields.Many2one(
        "partner.asset",
        "Material",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    version_number = fields.Integer("Version", readonly=True, aggregator=False)
    kind = fields.Selection(
        [("open", "Opened"), ("download", "Downloaded")], required=True, readonly=True
    )
    person_id = fields.Many2one(
        "res.partner", readonly=True, index=True, ondelete="set null"
    )
    membership_id = fields.Many2one(
        "partner.membership",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Empty for the vendor's own people.",
    )
    partner_id = fields.Many2one(
        related="membership_id.partner_id", store=True, index="btree_not_null"
    )
    lead_id = fields.Many2one(
        "crm.lead",
        "Deal",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The deal on whose page it was opened.",
    )
    # tells uses apart also when their deals are gone
    lead_number = fields.Integer(readonly=True, default=0, aggregator=False)
    date = fields.Datetime(required=True, readonly=True, index=True)
    company_id = fields.Many2one(
        related="asset_id.company_id", store=True, index=True, readonly=True
    )
    type_id = fields.Many2one(related="asset_id.type_id", store=True, readonly=True)

    _hour_uniq = models.UniqueIndex(
        "(asset_id, person_id, kind, lead_number, version_number,"
        " date_trunc('hour', date))"
    )

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        raise AccessError(self.env._("The use of sales material records itself."))

    def write(self, vals):  # pylint: disable=method-required-super
        raise AccessError(self.env._("What was recorded of a use stays."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self.env._("What was recorded of a use stays."))

    @api.model
    def _record(self, assets, kind, membership=None, **values):
        """Take down that the current person uses assets. Access was checked before.

        :param assets: ``partner.asset``
        :param str kind: ``open`` or ``download``
        :param membership: by which the person may, none for the vendor's people
        :param values: ``lead``: for which deal; ``person``: ``res.partner`` other than
            the current user's; ``date``: UTC moment other than now
        """
        lead = values.get("lead") or self.env["crm.lead"]
        person = values.get("person") or self.env.user.partner_id
        # sudo: facts of assets whoever uses them was shown
        rows = [
            (
                asset.id,
                asset.version_id.number or 0,
                kind,
                person.id,
                membership.id if membership else None,
                membership.partner_id.id if membership else None,
                lead.id or None,
                lead.id or 0,
                values.get("date") or fields.Datetime.now(),
                asset.company_id.id,
                asset.type_id.id,
            )
            for asset in assets.sudo()
        ]
        if not rows:
            return
        # One statement: nobody has rights to write here, and of two requests at once
        # the second has to find nothing to do rather than an error.
        self.env.execute_query(
            SQL(
                """INSERT INTO partner_asset_use
                               (asset_id, version_number, kind, person_id,
                                membership_id, partner_id, lead_id, lead_number, date,
                                company_id, type_id)
                   VALUES %s ON CONFLICT DO NOTHING RETURNING id""",
                SQL(", ").join(SQL("%s", row) for row in rows),
            )
        )
        self.invalidate_model()
        assets.invalidate_recordset(["use_ids", "use_count"])
