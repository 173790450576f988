from odoo import api, models
from odoo.fields import Domain

#: what the library is filtered by: name in the address → field of the asset
FACETS = {
    "type": "type_id",
    "family": "family_ids",
    "industry": "industry_ids",
    "lang": "lang_id",
}


class AssetLibraryMixin(models.AbstractModel):
    """The partner's library: what there is to choose from, and one's favourites."""

    _name = "asset.library.mixin"
    _description = "Library of Sales Material"

    @api.model
    def _get_library_options(self, domain):
        """Return ``{facet: {id: name}}`` of what the assets of a domain are for.

        A query for each facet and its names, however many assets there are.

        :param domain: ``Domain`` of what the current user may see
        """
        # sudo: names on assets the person may see
        assets = self.sudo()
        return {
            facet: {
                record.id: record.display_name
                for (record,) in assets._read_group(domain, [name])
                if record
            }
            for facet, name in FACETS.items()
        }

    @api.model
    def _get_library_domain(self, chosen):
        """Return the domain of assets that fit what was chosen.

        What fits every product, industry or language fits the chosen one as well.

        :param dict chosen: facet → id
        """
        domain = Domain.TRUE
        for facet, record_id in chosen.items():
            name = FACETS[facet]
            condition = Domain(name, "=", record_id)
            if facet != "type":
                condition |= Domain(name, "=", False)
            domain &= condition
        return domain

    # === FAVOURITES === #

    @api.model
    def _get_favourite_domain(self):
        """Return the domain of the current user's favourites, to be used in sudo."""
        return Domain("favourite_ids.user_id", "=", self.env.uid)

    def _get_favourite_ids(self):
        """Return the ids of those of the assets the current user has kept."""
        # sudo: one's own favourites
        favourites = self.env["partner.asset.favourite"].sudo()
        found = favourites.search_fetch(
            [("user_id", "=", self.env.uid), ("asset_id", "in", self.ids)], ["asset_id"]
        )
        return set(found.asset_id.ids)

    def _set_favourite(self, is_favourite):
        """Keep the asset among the current user's favourites, or no longer.

        Who calls it has found the asset for the person. Twice is as once.
        """
        self.ensure_one()
        favourites = self.env["partner.asset.favourite"]
        if is_favourite:
            favourites._add(self)
        else:
            # sudo: one's own favourite
            favourites.sudo().search(
                [("user_id", "=", self.env.uid), ("asset_id", "=", self.id)]
            ).unlink()

    # === HOME PAGE === #

    @api.model
    def _get_portal_count(self):
        """Return how many assets the current user may see."""
        # sudo: partners have no access to the model; limited to what they may see
        return self.sudo().search_count(self._get_portal_access_domain())

    @api.model
    def _get_portal_cards(self):
        """Return the card of the home page for people who have a library."""
        # sudo: people of the partner may not read roles, only obey them
        role = self.env.user.partner_id.sudo().portal_role_id
        if not (role.active and self._get_portal_memberships()):
            return []
        return [
            {
                "name": "asset_count",
                "title": self.env._("Library"),
                "text": self.env._(
                    "Presentations, cases and answers that help to sell"
                ),
                "url": "/my/library",
                "icon": "/partner_channel_portal/static/src/img/library.svg",
                "sequence": 20,
            }
        ]
