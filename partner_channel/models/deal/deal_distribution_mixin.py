from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

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

    def _play_round(self, rules, members, now, anew=False):
        """Return ``{lead: Outcome}`` and write nothing.

        :param rules: ``partner.lead.rule``, in order
        :param members: ``partner.membership`` that may be asked
        :param datetime now: UTC
        :param bool anew: as if nobody had been asked so far
        """
        candidates = rules._get_candidates(members, now)
        game = Round(rules._get_plain(members), candidates)
        facts = self._get_lead_facts(members)
        if anew:
            facts = {key: fact.forget_offers() for key, fact in facts.items()}
        return {lead: game.give(facts[lead.id]) for lead in self}

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
        partners = {member.id: member.partner_id.id for member in members}
        self.env["partner.lead.offer"].create(
            [
                {
                    "lead_id": lead.id,
                    "partner_id": partners[pick.membership_id],
                    "membership_id": pick.membership_id,
                    "company_id": lead.company_id.id,
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
        alike = {}
        for lead, outcome in outcomes.items():
            if outcome.kind != "wait":
                key = outcome.kind, outcome.rule_id
                alike.setdefault(key, []).append(lead.id)
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

    # === WHO TAKES A LEAD === #

    def _lock_for_answer(self):
        """Let one answer at a time be given to each lead.

        Whoever comes second waits, and finds the lead changed: its transaction runs
        again and sees what the first one did.
        """
        if self:
            self.flush_recordset()
            # raw SQL: the ORM's lock does not wait, and says no more than that
            self.env.cr.execute(
                SQL(
                    "SELECT id FROM crm_lead WHERE id IN %s ORDER BY id"
                    " FOR NO KEY UPDATE",
                    tuple(sorted(self.ids)),
                )
            )

    def _take_lead(self, offer):
        """Assign a lead to the partner that accepted it; others lose their offers.

        :param offer: ``partner.lead.offer``, accepted
        """
        self.ensure_one()
        others = self.offer_ids.filtered(lambda other: other.state == "offered")
        others._withdraw()
        rule, now = offer.rule_id, fields.Datetime.now()
        idle = rule.idle_days and now + timedelta(days=rule.idle_days)
        partner = offer.partner_id
        if partner.user_id:
            self._handle_salesmen_assignment(user_ids=partner.user_id.ids)
        self._set_protected(
            {
                "partner_assigned_id": partner.id,
                "distribution_state": "assigned",
                "lead_rule_id": rule.id,
                "date_distribution_due": idle,
            }
        )

    def _claim_lead(self, membership):
        """Take a lead out of the pool for a partner: who comes first has it.

        The caller has checked that the membership is the partner's.

        :param membership: ``partner.membership``
        :raise UserError: it is taken, or not for this partner
        """
        self.ensure_one()
        # sudo: the pool shows no lead; taking one is what shows it
        lead, now = self.sudo(), fields.Datetime.now()
        lead._lock_for_answer()
        lead.invalidate_recordset(["distribution_state", "date_distribution_due"])
        if lead.distribution_state != "pool" or lead.date_distribution_due < now:
            raise UserError(
                self.env._("This lead is no longer in the pool: somebody has it.")
            )
        lead._check_may_claim(membership.sudo(), now)
        offer = lead.env["partner.lead.offer"].create(
            {
                "lead_id": lead.id,
                "partner_id": membership.partner_id.id,
                "membership_id": membership.id,
                "company_id": lead.company_id.id,
                "rule_id": lead.lead_rule_id.id,
                "date_offered": lead.date_distributed,
                "explanation": {"mode": "pool"},
            }
        )
        offer._accept()

    def _check_may_claim(self, membership, now):
        """Refuse a partner whom the rule does not offer the lead.

        :raise UserError: naming nothing of the lead
        """
        rule = self.lead_rule_id
        rule._take_turns()
        member = membership.filtered(lambda m: m.state == "active")
        game = Round([], rule._get_candidates(member, now))
        [plain] = rule._get_plain(member)
        facts = self._get_lead_facts(member)[self.id]
        if not game.is_candidate(plain, facts, membership.id):
            raise UserError(
                self.env._(
                    "This lead is not for you: it lies outside your territory or field "
                    "of work, or you have as many leads as you can take."
                )
            )

    # === ODOO'S METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        leads._queue_new_leads()
        return leads

    def write(self, vals):
        result = super().write(vals)
        if "partner_assigned_id" in vals and "distribution_state" not in vals:
            self._end_distribution()
        return result
