from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools.lead_round import Round


class DealTakingMixin(models.AbstractModel):
    """How a lead that is offered becomes a partner's."""

    _name = "deal.taking.mixin"
    _description = "Taking of Leads by Partners"

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
        lead._check_in_pool(now)
        lead._check_may_claim(membership.sudo(), now)
        offer = lead.env["partner.lead.offer"].create(
            {
                "lead_id": lead.id,
                "partner_id": membership.partner_id.id,
                "membership_id": membership.id,
                "company_id": lead.lead_rule_id.company_id.id,
                "rule_id": lead.lead_rule_id.id,
                "date_offered": lead.date_distributed,
                "explanation": {"mode": "pool"},
            }
        )
        offer._accept()

    def _check_in_pool(self, now):
        """Refuse what nobody may claim (any longer), also where its rule is gone.

        :raise UserError: naming nothing of the lead
        """
        if (
            self.distribution_state != "pool"
            or self.date_distribution_due < now
            or not self.lead_rule_id
            or not self._filter_distributable()
        ):
            raise UserError(
                self.env._("This lead is no longer in the pool: somebody has it.")
            )

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
