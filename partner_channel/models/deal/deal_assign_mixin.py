from odoo import fields, models


class DealAssignMixin(models.AbstractModel):
    """Odoo's own assignment of leads to partners, with rules where they fit."""

    _name = "deal.assign.mixin"
    _description = "Assignment of Leads by Odoo's Actions"

    def action_assign_partner(self):
        self.check_access("write")
        located = self.filtered("country_id")
        # Odoo says which ones it cannot place, and assigns none of them
        lost = (self - located)._distribute_first()
        super(DealAssignMixin, lost).action_assign_partner()
        return located.assign_partner()

    def assign_partner(self, partner_id=False):
        self.check_access("write")
        if partner_id:
            return super().assign_partner(partner_id)
        # no second round: whoever no rule fits is looked for as Odoo does
        rest = self._distribute_first().with_context(channel_no_rule_fits=True)
        near = rest.search_geo_partner()
        # partner by partner: Odoo would give all leads the partner of the first one
        for found, leads in rest.grouped(lambda lead: near.get(lead.id, False)).items():
            super(DealAssignMixin, leads).assign_partner(found)
        return False

    def _distribute_first(self):
        """Offer leads by the rules; return those left to Odoo."""
        rest = self - self._distribute()
        # sudo: whether a partner is asked just now is checked for, not shown
        return rest.filtered(lambda lead: not lead.sudo()._is_on_offer())

    def _unfollow_partners(self, partner_id):
        """Let the people of the leads' partners no longer follow them.

        What was said with them is none of the next one's business.

        :param partner_id: id of the next partner, whose people stay
        """
        keeping = self.env["res.partner"].browse(partner_id or [])
        former = {
            lead.id: lead.partner_assigned_id.commercial_partner_id
            for lead in self
            if lead.partner_assigned_id.commercial_partner_id
            != keeping.commercial_partner_id
        }
        companies = self.env["res.partner"].concat(*former.values())
        if not companies:
            return
        # sudo: whoever may assign a lead ends what came with it
        followers = (
            self.env["mail.followers"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "crm.lead"),
                    ("res_id", "in", list(former)),
                    ("partner_id.commercial_partner_id", "in", companies.ids),
                ]
            )
        )
        followers.filtered(
            lambda one: one.partner_id.commercial_partner_id == former[one.res_id]
        ).unlink()
        self._hide_past({lead_id: one for lead_id, one in former.items() if one})

    def search_geo_partner(self):
        self.check_access("write")
        no_rule_fits = self.env.context.get("channel_no_rule_fits")
        suggested = {} if no_rule_fits else self._suggest_partners()
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
        if self.env.user._is_portal():
            self.env["partner.lead.offer"]._give_back(self, spam)
        result = super().partner_desinterested(
            comment=comment, contacted=contacted, spam=spam
        )
        if spam:
            # one partner says so: the vendor looks at it
            given._fall_back()
        else:
            given._requeue()
        return result
