from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.partner_channel.tools.lead_round import Round

#: most leads of the pool that are looked at, and shown
_SEEN, _SHOWN = 100, 20


class LeadPoolPortalMixin(models.AbstractModel):
    """Leads in the pool, as far as a partner may claim them."""

    _name = "lead.pool.portal.mixin"
    _description = "Pool of Leads in the Portal"

    @api.model
    def _prepare_portal_pool(self):
        """Return the leads the current user's company may claim, the most urgent first.

        In a fixed number of queries.

        :return: list of dicts, see ``_prepare_portal_case``, with ``id``,
            ``may_claim`` and the time there is
        """
        Offer = self.env["partner.lead.offer"]
        members = Offer._get_portal_offer_memberships().filtered(
            lambda own: own.state == "active"
        )
        if not members:
            return []
        # sudo: partners see no lead before they have it; what is shown is allow-listed
        found = self.sudo()._find_portal_pool(members, fields.Datetime.now())
        answering = Offer._filter_portal_answering(members)
        return [
            {
                **lead._prepare_portal_case(),
                "id": lead.id,
                **Offer._prepare_portal_time(lead.date_distribution_due),
                "may_claim": member in answering,
            }
            for lead, member in found[:_SHOWN]
        ]

    @api.model
    def _find_portal_pool(self, members, now):
        """Return pairs of a lead in the pool and the membership that may claim it.

        :param members: active ``partner.membership`` of one partner, in sudo
        :param datetime now: UTC
        """
        leads = self.search(
            self._get_portal_pool_domain(members, now),
            order="date_distribution_due, id",
            limit=_SEEN,
        )
        if not leads:
            return []
        rules = leads.lead_rule_id
        game = Round([], rules._get_candidates(members, now, weighed=False))
        plain = {rule.id: rule for rule in rules._get_plain(members)}
        facts = leads._get_lead_facts(members)
        pairs = []
        for lead in leads:
            rule, fact = plain[lead.lead_rule_id.id], facts[lead.id]
            fitting = members.filtered(
                lambda own, rule=rule, fact=fact: game.is_candidate(rule, fact, own.id)
            )
            if fitting:
                pairs.append((lead, fitting[0]))
        return pairs

    @api.model
    def _get_portal_pool_domain(self, members, now):
        """Return the domain of pooled leads that memberships may be for."""
        programs = Domain.OR(
            Domain("lead_rule_id.program_id", "=", member.program_id.id)
            & self._get_portal_country_domain(member)
            for member in members
        )
        return (
            Domain("distribution_state", "=", "pool")
            & Domain("date_distribution_due", ">=", now)
            & Domain("won_status", "=", "pending")
            & Domain("partner_assigned_id", "=", False)
            & programs
        )

    @api.model
    def _get_portal_country_domain(self, member):
        """Return what leads abroad are left out by before they are looked at."""
        countries = member.territory_country_ids
        return Domain("country_id", "in", countries.ids) if countries else Domain.TRUE

    @api.model
    def _portal_claim(self, lead_id):
        """Take a lead out of the pool for the current user's company.

        The same answer for whatever is not there: ids of leads tell nothing.

        :param int lead_id: as it came
        :return: ``(lead in sudo, message)``, one of them empty
        :raise AccessError: the person may not
        """
        Offer = self.env["partner.lead.offer"]
        members = Offer._check_portal_answering()
        programs = members.grouped("program_id")
        # sudo: the pool shows no lead; whether this one is for the partner says
        # `_claim_lead`
        lead = self.sudo().search(
            Domain("id", "=", lead_id)
            & Domain("lead_rule_id.program_id", "in", members.program_id.ids)
        )
        if not lead:
            message = self.env._("This lead is no longer in the pool: somebody has it.")
            return lead, message
        if lead.partner_assigned_id and lead.partner_assigned_id in members.partner_id:
            # sent twice, or by a colleague
            return lead, ""
        try:
            with self.env.cr.savepoint():
                # by the system: nothing on the lead names a person of a partner, who
                # may not be the last one to have it
                lead.with_user(SUPERUSER_ID)._claim_lead(
                    programs[lead.lead_rule_id.program_id][:1]
                )
        except UserError as error:
            return lead.browse(), str(error)
        Offer._note_portal_person(lead)
        return lead, ""
