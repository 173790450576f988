from odoo import models

from .lead_offer_answer_mixin import TRANSITIONS


class DealOfferMergeMixin(models.AbstractModel):
    """Offers of leads that are merged: the database would delete them with the lead.

    Whom a lead was offered, and how they answered, is what tiers and the choice of the
    next partner are made of. After the qualifications, which ask whose leads they were.
    """

    _name = "deal.offer.merge.mixin"
    _description = "Offers of Merged Leads"

    def _merge_dependences(self, opportunities):
        result = super()._merge_dependences(opportunities)
        # sudo: whoever merges leads was checked; offers are no one's hands'
        self.sudo()._take_over_offers(opportunities.sudo())
        return result

    def _take_over_offers(self, going):
        """Take over the offers of leads that go, and the distribution of one of them.

        :param going: ``crm.lead`` that are merged into this one
        """
        self.ensure_one()
        source = self._find_merged_distribution(going)
        lost = (going - source).offer_ids.filtered(
            lambda offer: offer.state in ("offered", "accepted")
        )
        keeper = (self | source).partner_assigned_id.commercial_partner_id
        own = lost.filtered(lambda offer: offer.partner_id == keeper)
        # who keeps the lead is told of nothing that was taken from it
        own._move_to("state", "withdrawn", TRANSITIONS)
        (lost - own)._withdraw()
        own.flush_model(["state"])
        values = source and source._prepare_distribution()
        going.offer_ids.lead_id = self
        self.partner_declined_ids |= going.partner_declined_ids
        going._end_distribution()
        if values:
            self._set_protected(values)

    def _find_merged_distribution(self, going):
        """Return the lead whose distribution goes on here, or none.

        None where this lead is distributed itself, is somebody's or is closed: a
        partner's, a registration, or an opportunity of a salesperson. A lead that a
        partner has goes on as that partner's, as Odoo's merge does.

        :param going: ``crm.lead`` that are merged into this one
        """
        self.ensure_one()
        if self.distribution_state or not self._filter_distributable():
            return going.browse()
        source = going.filtered("partner_assigned_id")[:1]
        if not source and (self.type == "lead" or not self.user_id):
            states = ("queued", "offered", "pool")
            source = going.filtered(lambda x: x.distribution_state in states)[:1]
        is_same = source.company_id == self.company_id or not self.company_id
        return source if is_same else source.browse()

    def _prepare_distribution(self):
        """Return how far the distribution of a lead is, as values of another one."""
        self.ensure_one()
        values = {
            "distribution_state": self.distribution_state,
            "lead_rule_id": self.lead_rule_id.id,
            "date_distribution_due": self.date_distribution_due,
            "date_distributed": self.date_distributed,
        }
        # with the state, so that it is no assignment by hand
        if self.partner_assigned_id:
            values["partner_assigned_id"] = self.partner_assigned_id.id
        return values
