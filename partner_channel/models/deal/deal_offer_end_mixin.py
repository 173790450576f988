from datetime import timedelta

from odoo import api, fields, models

#: what closes a lead or opens it again
_CLOSING = {"active", "stage_id", "probability"}
#: what takes it to another company, also by Odoo's computation
_MOVING = {"company_id", "partner_id", "team_id", "user_id"}


class DealOfferEndMixin(models.AbstractModel):
    """Offers nobody can accept any longer: the lead was closed, moved or deleted.

    They end at once: partners are told, and what they cannot have counts neither as
    missed nor as work.
    """

    _name = "deal.offer.end.mixin"
    _description = "End of Offers with Their Lead"

    def write(self, vals):
        is_closing = bool(_CLOSING & vals.keys())
        closed = self._filter_distributed_closed() if is_closing else self.browse()
        result = super().write(vals)
        if is_closing or _MOVING & vals.keys():
            self._end_offers_nobody_can_accept()
        if closed:
            (closed - self._filter_distributed_closed())._watch_again()
        return result

    def _filter_distributed_closed(self):
        """Return those of the leads that were distributed and are closed."""
        # sudo: whoever closes a lead ends its distribution
        return self.sudo().filtered(
            lambda lead: (
                lead.distribution_state
                and (not lead.active or lead.won_status != "pending")
            )
        )

    def _end_offers_nobody_can_accept(self):
        """Take back what is offered of leads that closed or went to another company.

        Closed, they are distributed no longer; elsewhere, by that company's rules.
        """
        # sudo: whoever closes or moves a lead ends its distribution
        leads = self.sudo().filtered(
            lambda lead: lead.distribution_state in ("offered", "pool")
        )
        if not leads:
            return
        closed = leads._filter_distributed_closed()
        moved = (leads - closed).filtered(lambda lead: lead._is_offered_elsewhere())
        offers = (closed | moved).offer_ids
        offers.filtered(lambda offer: offer.state == "offered")._withdraw()
        closed._end_distribution()
        moved._requeue()

    def _is_offered_elsewhere(self):
        """Return whether partners of another company than the lead's may take it."""
        self.ensure_one()
        rules = self.lead_rule_id
        if self.distribution_state == "offered":
            open_offers = self.offer_ids.filtered(lambda o: o.state == "offered")
            # those assigned by hand are of no rule
            rules = open_offers.filtered("membership_id").rule_id
        return bool(self.company_id and rules.company_id - self.company_id)

    def _watch_again(self):
        """Let the time in which a partner has to touch leads begin anew."""
        now = fields.Datetime.now()
        held = self.filtered(lambda lead: lead.distribution_state == "assigned")
        for rule, leads in held.grouped("lead_rule_id").items():
            if rule.idle_days:
                due = now + timedelta(days=rule.idle_days)
                leads._set_protected({"date_distribution_due": due})

    @api.ondelete(at_uninstall=False)
    def _unlink_offered(self):
        """Tell partners before the offers go with their lead."""
        # sudo: whoever deletes a lead ends its distribution
        offers = self.sudo().offer_ids
        offers.filtered(lambda offer: offer.state == "offered")._withdraw()
