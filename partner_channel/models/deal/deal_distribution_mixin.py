from odoo import api, fields, models

from ...tools.lead_round import Round
from .deal_registration_mixin import INTERNAL

#: written by named moves only
DISTRIBUTION_FIELDS = (
    "distribution_state",
    "lead_rule_id",
    "date_distribution_due",
    "date_distributed",
)
_STATE_OF = {
    "offer": "offered",
    "pool": "pool",
    "wait": "offered",
    "fallback": "fallback",
    "none": "none",
}


class DealDistributionMixin(models.AbstractModel):
    """Leads of the vendor that rules offer to partners.

    While a lead is offered no partner is assigned to it, so that Odoo's own rules show
    it to none; whoever accepts is assigned and sees it.
    """

    _name = "deal.distribution.mixin"
    _description = "Distribution of Leads"

    distribution_state = fields.Selection(
        [
            ("queued", "To Be Distributed"),
            ("offered", "Offered"),
            ("pool", "In the Pool"),
            ("assigned", "Accepted"),
            ("fallback", "No Taker"),
            ("none", "No Rule Fits"),
        ],
        "Distribution",
        readonly=True,
        copy=False,
        groups=INTERNAL,
    )
    lead_rule_id = fields.Many2one(
        "partner.lead.rule",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups=INTERNAL,
    )
    date_distribution_due = fields.Datetime(
        "Next Step of the Distribution", readonly=True, copy=False, groups=INTERNAL
    )
    date_distributed = fields.Datetime(
        "Distributed On", readonly=True, copy=False, groups=INTERNAL
    )
    offer_ids = fields.One2many(
        "partner.lead.offer", "lead_id", "Offers", groups=INTERNAL
    )
    offer_count = fields.Integer(compute="_compute_offer_count", groups=INTERNAL)

    _distribution_idx = models.Index(
        "(distribution_state, date_distribution_due)"
        " WHERE distribution_state IS NOT NULL"
    )

    def _compute_offer_count(self):
        counts = dict(
            self.env["partner.lead.offer"]._read_group(
                [("lead_id", "in", self.ids)], ["lead_id"], ["__count"]
            )
        )
        for lead in self:
            lead.offer_count = counts.get(lead, 0)

    # === ONE ROUND === #

    def _distribute(self):
        """Offer leads to the next partners by the rules, in few queries for all.

        Who may distribute has been checked. Leads that are closed, registered or with
        a partner are left alone, and so are those whose offers are all still open.

        :return: the leads that some rule fits
        """
        # sudo: rules, partners' figures and offers are no one's hands'
        leads = self.sudo()._filter_distributable()
        rules = leads._find_lead_rules()
        if not leads or not (rules or any(leads.mapped("distribution_state"))):
            return self.browse()
        rules._take_turns()
        now = fields.Datetime.now()
        members = rules._find_members()
        outcomes = leads._play_round(rules, members, now)
        leads._write_offers(outcomes, members, now)
        leads._write_outcomes(outcomes, now)
        fitting = [lead.id for lead, outcome in outcomes.items() if outcome.rule_id]
        return self.browse(fitting)

    def _find_lead_rules(self):
        """Return the rules these leads may fall under, in order."""
        # a lead of no company may be any one's
        companies = all(lead.company_id for lead in self) and self.company_id
        rules = self.env["partner.lead.rule"]
        return rules._get_in_order(companies) if self else rules

    def _play_round(self, rules, members, now):
        """Return ``{lead: Outcome}`` and write nothing.

        :param rules: ``partner.lead.rule``, in order
        :param members: ``partner.membership`` that may be asked
        :param datetime now: UTC
        """
        candidates = rules._get_candidates(members, now)
        game = Round(rules._get_plain(members), candidates)
        facts = self._get_lead_facts(members, rules)
        return {lead: game.give(facts[lead.id]) for lead in self}

    def _play_anew(self, rules, members, now):
        """Return ``{lead: Outcome}`` as if these leads came in anew, day by day.

        As :meth:`_play_round`; whom they were offered or given counts for nothing.
        """
        candidates = rules._get_candidates(members, now, self.ids)
        candidates = [candidate._replace(today=0) for candidate in candidates]
        game = Round(rules._get_plain(members), candidates)
        facts = self._get_lead_facts(members, rules)
        outcomes = {}
        for leads in self.grouped(lambda lead: lead.create_date.date()).values():
            game.new_day()
            for lead in leads:
                outcome = game.give(facts[lead.id].forget_offers())
                outcomes[lead] = outcome
                if not lead.active or lead.won_status != "pending":
                    game.finish(outcome)
        return outcomes

    def _filter_distributable(self):
        return self.filtered(
            lambda lead: (
                lead.active
                and lead.won_status == "pending"
                and not lead.registration_state
                and not lead.partner_assigned_id
            )
        )

    def _write_offers(self, outcomes, members, now):
        """Write the offers of a round, in one go.

        :param dict outcomes: ``{lead: Outcome}``
        :param members: ``partner.membership`` that were asked
        :param datetime now: UTC
        """
        rules = self.env["partner.lead.rule"].browse(
            {outcome.rule_id for outcome in outcomes.values() if outcome.picks}
        )
        due = {rule.id: rule._get_due(now) for rule in rules}
        companies = {rule.id: rule.company_id.id for rule in rules}
        partners = {member.id: member.partner_id.id for member in members}
        self.env["partner.lead.offer"].create(
            [
                {
                    "lead_id": lead.id,
                    "partner_id": partners[pick.membership_id],
                    "membership_id": pick.membership_id,
                    "company_id": companies[outcome.rule_id],
                    "rule_id": outcome.rule_id,
                    "slot": pick.slot,
                    "date_offered": now,
                    "date_due": due[outcome.rule_id],
                    "explanation": pick.why,
                }
                for lead, outcome in outcomes.items()
                for pick in outcome.picks
            ]
        )

    def _write_outcomes(self, outcomes, now):
        """Note on leads what became of them; what is alike is written at once."""
        alike, waiting = {}, self.browse()
        for lead, outcome in outcomes.items():
            if outcome.kind == "wait":
                waiting |= lead
            elif outcome.picks or not lead._is_there_already(outcome):
                key = outcome.kind, outcome.rule_id
                alike.setdefault(key, []).append(lead.id)
        queued = waiting.filtered(lambda lead: lead.distribution_state == "queued")
        if queued:
            queued._set_protected({"distribution_state": "offered"})
        for (kind, rule_id), ids in alike.items():
            rule = self.env["partner.lead.rule"].browse(rule_id)
            values = {
                "distribution_state": _STATE_OF[kind],
                "lead_rule_id": rule.id,
                "date_distribution_due": kind == "pool" and rule._get_due(now),
                "date_distributed": now,
            }
            if kind == "fallback":
                values.update(rule._get_fallback())
            # who has the lead by the fall-back finds it there: a message a lead
            # would make hundreds at once
            leads = self.browse(ids).with_context(mail_auto_subscribe_no_notify=True)
            leads._set_protected(values)

    def _is_there_already(self, outcome):
        """Whether a round changes nothing for a lead.

        Neither does its time begin anew, nor is it taken from who has it since.
        """
        return self.distribution_state == _STATE_OF[
            outcome.kind
        ] and self.lead_rule_id.id == (outcome.rule_id or False)

    # === ODOO'S METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        leads._queue_new_leads()
        return leads

    def write(self, vals):
        moved = self.browse()
        if "partner_assigned_id" in vals and "distribution_state" not in vals:
            # Odoo writes it back as it is, in merges and by its wizard
            moved = self._filter_reassigned(vals["partner_assigned_id"])
        result = super().write(vals)
        if moved:
            moved._end_distribution()
        return result

    def _filter_reassigned(self, partner_id):
        """Return the leads whose partner is not this one.

        :param partner_id: id of the partner to be assigned, or nothing
        """
        return self.filtered(
            lambda lead: lead.partner_assigned_id.id != (partner_id or False)
        )
