from odoo import fields, models


class DealAssignMixin(models.AbstractModel):
    """Odoo's own assignment of leads to partners, with rules where they fit."""

    _name = "deal.assign.mixin"
    _description = "Assignment of Leads by Odoo's Actions"

    def action_assign_partner(self):
        self.check_access("write")
        rest = self - self._distribute()
        return super(DealAssignMixin, rest).action_assign_partner() if rest else False

    def assign_partner(self, partner_id=False):
        self.check_access("write")
        if partner_id:
            return super().assign_partner(partner_id)
        # one by one: Odoo would give all leads the partner of the first one
        for lead in self - self._distribute():
            super(DealAssignMixin, lead).assign_partner()
        return False

    def search_geo_partner(self):
        self.check_access("write")
        suggested = self._suggest_partners()
        rest = self.filtered(lambda lead: lead.id not in suggested)
        found = super(DealAssignMixin, rest).search_geo_partner()
        found.update((lead, partner) for lead, partner in suggested.items() if partner)
        return found

    def _suggest_partners(self):
        """Return ``{lead_id: id of the first partner a rule would ask, or False}``.

        Leads that no rule fits are left out.
        """
        # sudo: as for :meth:`_distribute`; the caller may write the leads
        leads = self.sudo()._filter_distributable()
        rules = leads._find_lead_rules()
        if not rules:
            return {}
        members = rules._find_members()
        outcomes = leads._play_round(rules, members, fields.Datetime.now())
        partners = {member.id: member.partner_id.id for member in members}
        return {
            lead.id: bool(outcome.picks) and partners[outcome.picks[0].membership_id]
            for lead, outcome in outcomes.items()
            if outcome.rule_id
        }

    def partner_desinterested(self, comment=False, contacted=False, spam=False):
        # sudo: the partner does not see that its lead came by a rule
        given = self.sudo().filtered(lambda lead: lead.distribution_state == "assigned")
        result = super().partner_desinterested(
            comment=comment, contacted=contacted, spam=spam
        )
        # what was no lead at all is nobody else's either
        if not spam:
            given._requeue()
        return result
