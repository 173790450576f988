from odoo import api, models
from odoo.fields import Domain

from odoo.addons.partner_channel.tools.documents import PAPER_TYPES

#: kind → icon of Font Awesome
_ICONS = {"file": "fa-file-o", "link": "fa-external-link", "page": "fa-file-text-o"}


class AssetPortalMixin(models.AbstractModel):
    """What people of partners see of sales material, and who may.

    They have no access to the models. Each way in asks `_get_portal_access_domain` and
    searches in sudo, so that what may be seen, listed, counted and downloaded is one
    and the same.
    """

    _name = "asset.portal.mixin"
    _description = "Sales Material in the Portal"

    # === RIGHTS === #

    @api.model
    def _get_portal_access_domain(self, memberships=None):
        """Return the domain of what the current user may see, to be searched in sudo.

        Takes a role that holds on an active membership the asset is for. A person
        without a role sees none.

        :param memberships: ``partner.membership`` in sudo, some of the person's own;
            default is all that are active
        """
        # sudo: people of the partner may not read roles, only obey them
        role = self.env.user.partner_id.sudo().portal_role_id
        is_active, is_limited = role._get_standing()
        if not is_active:
            return Domain.FALSE
        if memberships is None:
            memberships = self._get_portal_memberships()
        if is_limited:
            memberships = role._filter_memberships(memberships)
        domain = self._get_access_domain(memberships)
        return domain & (
            Domain("role_ids", "=", False) | Domain("role_ids", "in", role.ids)
        )

    @api.model
    def _get_portal_memberships(self):
        """Return the active memberships of the current user, in sudo."""
        return self.env["res.partner"]._get_portal_memberships(("active",))

    @api.model
    def _find_portal_asset(self, asset_id):
        """Return an asset the current user may see in sudo, or none.

        :param int asset_id: as found in a URL
        """
        domain = self._get_portal_access_domain() & Domain("id", "=", asset_id)
        # sudo: partners have no access to the model; limited to what they may see
        return self.sudo().search(domain, limit=1)

    # === LIST === #

    def _prepare_portal_rows(self, since=None):
        """Return what the library shows of assets, a dict each.

        :param datetime since: what was published later is new
        """
        # in sudo: found by the domain of what the person may see
        favourites = self._get_favourite_ids()
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return [
            {
                "id": asset.id,
                "title": asset.name,
                "summary": asset.summary,
                "type": asset.type_id.name,
                "kind": asset.kind,
                "kind_label": kinds[asset.kind],
                "icon": _ICONS[asset.kind],
                "url": asset._get_portal_url(),
                "language": asset.lang_id.name,
                "date": asset.date_published,
                "version": asset.version_number,
                "is_new": bool(since and asset.date_published > since),
                "is_favourite": asset.id in favourites,
            }
            for asset in self
        ]

    def _get_portal_url(self):
        """Return the address of the asset in the portal."""
        self.ensure_one()
        return f"/my/library/{self.id}"

    # === PAGE === #

    def _prepare_portal_page(self):
        """Return what the page of one asset shows: the dict of a row, and more."""
        self.ensure_one()
        [row] = self._prepare_portal_rows()
        version = self.version_id if self.kind == "file" else self.version_id[:0]
        return {
            **row,
            "body": self.body if self.kind == "page" else "",
            "address": self._get_link(),
            "file_name": version.name,
            "file_size": version.size,
            "is_picture": version.mimetype in ("image/png", "image/jpeg"),
            "is_paper": version.mimetype in PAPER_TYPES,
            "families": ", ".join(self.family_ids.mapped("name")),
            "industries": ", ".join(self.industry_ids.mapped("name")),
            "date_until": self.date_until,
        }

    def _get_portal_file(self, inline=False):
        """Return the version to send, or none.

        :param bool inline: to be shown by the browser: papers and pictures only
        """
        self.ensure_one()
        version = self.version_id if self.kind == "file" else self.version_id[:0]
        if inline and version.mimetype not in PAPER_TYPES:
            return version[:0]
        return version

    def _record_portal_use(self, kind, deal_id=None):
        """Take down that the current user opened or downloaded the asset.

        :param str kind: ``open`` or ``download``
        :param deal_id: as it came; a deal the person does not see counts as none
        """
        self.ensure_one()
        lead = self.env["crm.lead"]
        if deal_id:
            # the person's own rights decide about the deal
            lead = lead.with_user(self.env.user).sudo(False)._find_portal_given(deal_id)
        memberships = self._get_portal_memberships()
        # sudo: to know which of the own memberships the deal belongs to
        own = lead.sudo().membership_id & memberships
        self.env["partner.asset.use"]._record(
            self, kind, own or memberships[:1], lead=lead.sudo()
        )
