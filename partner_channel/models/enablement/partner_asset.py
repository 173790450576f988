from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.links import is_web_address

#: who of the vendor knows what partners use
_CHANNEL = "partner_channel.group_channel_manager,partner_channel.group_channel_analyst"


class PartnerAsset(models.Model):
    """Material that helps partners sell: a file, a link or a page.

    What it fits (families, industries, stages, language) ranks it for a lead; whom it
    is for (see ``asset.access.mixin``) decides which partners may see it at all.
    Partners have no access to the model: the portal looks, in sudo, after it has asked.
    """

    _name = "partner.asset"
    _description = "Sales Material"
    _inherit = [
        "asset.access.mixin",
        "asset.file.mixin",
        "asset.flow.mixin",
        "channel.state.mixin",
        "channel.job.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date_published desc, id desc"
    _check_company_auto = True
    _state_fields = ("state", "date_published", "version_id")

    name = fields.Char("Title", required=True, translate=True, tracking=True)
    summary = fields.Text(
        translate=True, help="What is in it, and when to use it, in two sentences."
    )
    kind = fields.Selection(
        [("file", "File"), ("link", "Link"), ("page", "Page")],
        required=True,
        default="file",
    )
    type_id = fields.Many2one(
        "partner.asset.type", required=True, index=True, ondelete="restrict"
    )
    url = fields.Char("Web Address", help="Complete, with https://")
    body = fields.Html("Text", translate=True, sanitize_overridable=False)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    user_id = fields.Many2one(
        "res.users",
        "Owner",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        ondelete="restrict",
        tracking=True,
        help="Keeps it up to date.",
    )
    family_ids = fields.Many2many(
        "product.category",
        "partner_asset_family_rel",
        "asset_id",
        "family_id",
        "Product Families",
        domain="[('is_channel_family', '=', True)]",
        help="Empty: it fits all.",
    )
    industry_ids = fields.Many2many(
        "res.partner.industry",
        "partner_asset_industry_rel",
        "asset_id",
        "industry_id",
        "Industries",
        help="Industries of customers. Empty: it fits all.",
    )
    stage_ids = fields.Many2many(
        "crm.stage",
        "partner_asset_stage_rel",
        "asset_id",
        "stage_id",
        "Stages",
        help="Stages of a deal in which it helps. Empty: in all.",
    )
    lang_id = fields.Many2one(
        "res.lang",
        "Language",
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: it needs no language.",
    )
    use_ids = fields.One2many(
        "partner.asset.use", "asset_id", "Uses", readonly=True, groups=_CHANNEL
    )
    use_count = fields.Integer(
        "Uses (Count)", compute="_compute_use_count", groups=_CHANNEL
    )

    _shown_idx = models.Index("(company_id, date_published) WHERE state = 'published'")

    def _compute_use_count(self):
        counts = dict(
            self.env["partner.asset.use"]._read_group(
                [("asset_id", "in", self.ids)], ["asset_id"], ["__count"]
            )
        )
        for asset in self:
            asset.use_count = counts.get(asset, 0)

    @api.constrains("kind", "url")
    def _check_url(self):
        for asset in self:
            if asset.url and not is_web_address(asset.url):
                raise ValidationError(
                    self.env._(
                        "“%(asset)s”: “%(url)s” is no complete address on the web. It "
                        "begins with https:// or http:// and holds no blanks, name or "
                        "password.",
                        asset=asset.display_name,
                        url=asset.url,
                    )
                )

    @api.constrains("kind", "url", "body", "state", "version_id", "date_until")
    def _check_published(self):
        """What partners see has something to show, also after a change."""
        for asset in self.filtered(lambda asset: asset.state == "published"):
            asset._check_complete()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: uses by partners of other channel managers count as well
        for asset in self.sudo():
            if asset.state != "draft" or asset.use_count:
                raise UserError(
                    self.env._(
                        "“%(asset)s” was shown to partners: archive it, so that what "
                        "was recorded of it stays.",
                        asset=asset.display_name,
                    )
                )

    # === ACTIONS === #

    def action_open(self):
        """Show the asset to the vendor's people, and remember for which deal.

        Opened on a lead, the lead's id stands in the context as ``asset_lead_id``.
        """
        self.ensure_one()
        self.check_access("read")
        lead_id = self.env.context.get("asset_lead_id")
        lead = self.env["crm.lead"].browse(lead_id if type(lead_id) is int else ())
        lead = lead.exists()
        lead.check_access("read")
        self.env["partner.asset.use"]._record(self, "open", lead=lead)
        if link := self._get_link():
            return {"type": "ir.actions.act_url", "url": link, "target": "new"}
        if self.kind == "file" and self.version_id:
            return {
                "type": "ir.actions.act_url",
                "url": f"/web/content/partner.asset.version/{self.version_id.id}/file"
                "?download=true",
                "target": "new",
            }
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def action_open_uses(self):
        """Show who opened the assets, and for which deals."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partner_channel.partner_asset_use_action"
        )
        return {**action, "domain": [("asset_id", "in", self.ids)], "context": {}}
