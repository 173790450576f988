from odoo import models

#: deals that are worked on
_OPEN = ("draft", "submitted", "returned", "approved")


class DealPortalAssetMixin(models.AbstractModel):
    """The material that fits a deal or a lead, on its page in the portal."""

    _name = "deal.portal.asset.mixin"
    _description = "Material on the Page of a Deal"

    def _get_portal_assets(self):
        """Return the few assets that fit the deal and the person may see, best first.

        Of a deal that was found for the person, as its page has done.

        :return: list of dicts ``title``, ``type``, ``url`` and ``why``
        """
        self.ensure_one()
        if not self._is_portal_in_work():
            return []
        # sudo: by the membership of one's own deal; a distributor reads by its own, and
        # an ordinary lead is of all that the partner has
        own = self.sudo().membership_id if self._is_portal_own() else None
        domain = self.env["partner.asset"]._get_portal_access_domain(own)
        if domain.is_false():
            return []
        labels = {
            "family": self.env._("product"),
            "stage": self.env._("stage"),
            "industry": self.env._("industry"),
            "language": self.env._("language"),
        }
        # sudo: partners have no access to assets; limited to what they may see
        return [
            {
                "title": match.name,
                "type": match.type,
                "url": f"/my/library/{match.asset_id}?deal={self.id}",
                "why": ", ".join(labels[facet] for facet in match.facets),
            }
            for match in self.sudo()._rank_assets(domain)
        ]

    def _is_portal_in_work(self):
        """Return whether somebody works on it: a registration, or a lead given away."""
        self.ensure_one()
        if self.registration_state:
            return self.registration_state in _OPEN
        return self.active and self.won_status == "pending"

    def _get_portal_outcome(self):
        """Return label and badge of an ordinary lead that is won, empty for others."""
        self.ensure_one()
        if self.registration_state or self.won_status != "won":
            return {}
        labels = dict(self._fields["won_status"]._description_selection(self.env))
        return {"label": labels["won"], "badge": "success"}
