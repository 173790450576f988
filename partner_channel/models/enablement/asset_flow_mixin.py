from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import html2plaintext

from ...tools.links import is_web_address

#: what an asset may become, and from where
_STATES = {
    "draft": {"published", "archived"},
    "published": {"draft", "archived"},
    "archived": {"draft", "published"},
}
_BATCH = 500


class AssetFlowMixin(models.AbstractModel):
    """The way of an asset: written, shown to partners, out of use."""

    _name = "asset.flow.mixin"
    _description = "States of Sales Material"

    state = fields.Selection(
        [("draft", "Draft"), ("published", "Published"), ("archived", "Archived")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    date_published = fields.Datetime(
        "Published On",
        readonly=True,
        copy=False,
        help="When partners could first see it as it is now: a new version is new.",
    )
    date_until = fields.Date(
        "Valid Until",
        tracking=True,
        help="Last day on which it is shown; then it is archived. Empty: no end.",
    )

    def action_publish(self):
        """Show the assets to the partners they are for."""
        self.check_access("write")
        drafts = self.filtered(lambda asset: asset.state != "published")
        now = fields.Datetime.now()
        drafts._move_to("state", "published", _STATES, date_published=now)

    def action_archive_asset(self):
        """Take the assets out of use; what was recorded of them stays."""
        self.check_access("write")
        self._move_to("state", "archived", _STATES)

    def action_draft(self):
        """Take the assets back to work on them."""
        self.check_access("write")
        self._move_to("state", "draft", _STATES)

    def _check_complete(self):
        """Refuse to publish what has nothing to show, or is over.

        :raise UserError: naming the asset and what is missing
        """
        self.ensure_one()
        missing = {
            "file": not self.version_id and self.env._("choose its file"),
            "link": not self.url and self.env._("write its address"),
            "page": not self._has_text() and self.env._("write its text"),
        }[self.kind]
        if missing:
            raise UserError(
                self.env._(
                    "“%(asset)s” has nothing to show yet: %(todo)s, then publish it.",
                    asset=self.display_name,
                    todo=missing,
                )
            )
        if self.date_until and self.date_until < self.company_id._get_channel_today():
            raise UserError(
                self.env._(
                    "“%(asset)s” was valid until a day that is over: give it another "
                    "one, or none, then publish it.",
                    asset=self.display_name,
                )
            )

    def _has_text(self):
        """Return whether the page says or shows something."""
        self.ensure_one()
        body = str(self.body or "")
        return bool(html2plaintext(body).strip()) or "<img" in body

    def _get_link(self):
        """Return the address the asset leads to, empty unless it is a safe one."""
        self.ensure_one()
        return self.url if self.kind == "link" and is_web_address(self.url) else ""

    @api.model
    def _cron_archive_assets(self):
        """Take assets out of use whose last day is over where their company is."""
        past = self.env["partner.program"]._get_past_domain("date_until")
        self._run_batches(
            Domain("state", "=", "published") & past,
            _BATCH,
            lambda assets: assets._move_to("state", "archived", _STATES),
        )
