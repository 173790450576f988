from odoo import api, fields, models
from odoo.fields import Domain


class LeadOfferHomeMixin(models.AbstractModel):
    """What the portal's home page says of offered leads."""

    _name = "lead.offer.home.mixin"
    _description = "Offered Leads on the Portal's Home Page"

    @api.model
    def _get_offer_cards(self):
        """Return the card of the home page for people who see offers; no query."""
        if not self.env["partner.lead.offer"]._get_portal_offer_memberships():
            return []
        return [
            {
                "name": "offer_count",
                "title": self.env._("Offered Leads"),
                "text": self.env._("Answer in time, and claim leads from the pool"),
                "url": "/my/offers",
                "icon": "/partner_channel_portal/static/src/img/offers.svg",
                "sequence": 20,
            }
        ]

    @api.model
    def _get_open_offer_domain(self, memberships):
        """Return the domain of offers that wait for an answer.

        :param memberships: ``partner.membership``
        """
        return (
            Domain("membership_id", "in", memberships.ids)
            & Domain("state", "=", "offered")
            & Domain("date_due", ">=", fields.Datetime.now())
        )

    @api.model
    def _count_open_offers(self):
        """Return how many offers the current user sees wait for an answer."""
        Offer = self.env["partner.lead.offer"]
        memberships = Offer._get_portal_offer_memberships()
        # sudo: a number, of the offers of the own company
        return Offer.sudo().search_count(self._get_open_offer_domain(memberships))

    @api.model
    def _get_offer_actions(self, memberships):
        """Return the offers that wait, as one action.

        One query; none where nothing was ever offered.

        :param memberships: of the current user, in sudo
        """
        Offer = self.env["partner.lead.offer"]
        answering = Offer._filter_portal_answering(memberships)
        if not (answering and Offer._is_distributed()):
            return []
        # sudo: a number and a date, of the offers of the own company
        [(count, first)] = Offer.sudo()._read_group(
            self._get_open_offer_domain(answering),
            aggregates=["__count", "date_due:min"],
        )
        if not count:
            return []
        return [
            {
                "title": self.env._("Answer to offered leads (%(n)s)", n=count),
                "url": "/my/offers",
                "level": "warning",
                "date": fields.Datetime.context_timestamp(self, first).date(),
            }
        ]
