from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

#: leads of a transaction
_BATCH = 200


class DealDistributionJobMixin(models.AbstractModel):
    """When leads are distributed: at once, when the time is over, when idle."""

    _name = "deal.distribution.job.mixin"
    _description = "Jobs of the Distribution of Leads"

    def action_distribute(self):
        """Offer leads to partners by the rules.

        :raise UserError: none of the leads is one to distribute
        """
        self.check_access("write")
        # sudo: the fields of the distribution are checked for, not shown
        leads = self.sudo()._filter_distributable()
        waiting = ("offered", "pool")
        leads = leads.filtered(lambda lead: lead.distribution_state not in waiting)
        if not leads:
            raise UserError(
                self.env._(
                    "Only open leads without a partner, a registration or an open "
                    "offer can be distributed."
                )
            )
        self.browse(leads.ids)._distribute()

    def _queue_new_leads(self):
        """Line up new leads where the company distributes them by itself."""
        # sudo: whatever form or user a lead comes from, the company decides
        leads = self.sudo()._filter_distributable()
        queued = leads.filtered(
            lambda lead: (lead.company_id or lead.env.company).channel_distribute_leads
        )
        if queued:
            queued._set_protected({"distribution_state": "queued"})

    def _end_distribution(self):
        """Let the distribution be over: somebody assigned the leads by hand."""
        # sudo: whoever may assign a lead ends it
        leads = self.sudo().filtered("distribution_state")
        leads._set_protected(
            {"distribution_state": False, "date_distribution_due": False}
        )

    def _requeue(self):
        """Line up leads a partner gave or was taken back."""
        if self:
            self._set_protected(
                {"distribution_state": "queued", "date_distribution_due": False}
            )

    # === JOBS === #

    @api.model
    def _cron_distribute_leads(self):
        """Offer leads that wait, and those whose time is over to the next partner."""
        now = fields.Datetime.now()
        open_leads = Domain("active", "=", True) & Domain("won_status", "=", "pending")
        missed = Domain("distribution_state", "=", "offered") & Domain(
            "offer_ids", "any", [("state", "=", "offered"), ("date_due", "<", now)]
        )
        pool = Domain("distribution_state", "=", "pool") & Domain(
            "date_distribution_due", "<", now
        )
        waiting = (
            Domain("distribution_state", "=", "queued")
            & Domain("partner_assigned_id", "=", False)
            & Domain("registration_state", "=", False)
        )
        self._run_batches(
            open_leads & waiting, _BATCH, lambda leads: leads._distribute()
        )
        self._run_batches(missed, _BATCH, lambda leads: leads._miss_offers(now))
        self._run_batches(open_leads & pool, _BATCH, lambda leads: leads._leave_pool())

    @api.model
    def _cron_take_back_leads(self):
        """Take back leads that partners accepted and leave untouched."""
        now = fields.Datetime.now()
        self._run_batches(
            [
                ("distribution_state", "=", "assigned"),
                ("date_distribution_due", "<", now),
            ],
            _BATCH,
            lambda leads: leads._take_back_idle(now),
        )

    @api.model
    def _queue_up_for_batch(self):
        """Distributing, by jobs and by answers, goes on all the time."""
        self.env["partner.lead.rule"]._queue_up()
        return super()._queue_up_for_batch()

    def _miss_offers(self, now):
        """Let offers whose time is over be missed; the next partners are asked.

        :param datetime now: UTC
        """
        late = self.offer_ids.filtered(
            lambda offer: (
                offer.state == "offered" and offer.date_due and offer.date_due < now
            )
        )
        late._miss()
        self._distribute()

    def _leave_pool(self):
        """Give leads nobody claimed to the fall-back of their rule."""
        now = fields.Datetime.now()
        for rule, leads in self.grouped("lead_rule_id").items():
            leads.with_context(mail_auto_subscribe_no_notify=True)._set_protected(
                {
                    "distribution_state": "fallback",
                    "date_distribution_due": False,
                    "date_distributed": now,
                    **rule._get_fallback(),
                }
            )

    def _take_back_idle(self, now):
        """Take back what nobody touched for the rule's days; the others stay.

        :param datetime now: UTC
        """
        idle = self.browse()
        touched = self._find_last_touch()
        for lead in self:
            days = timedelta(days=lead.lead_rule_id.idle_days)
            due = touched[lead.id] + days
            is_open = lead.active and lead.won_status == "pending"
            if not is_open or not days:
                lead._set_protected({"date_distribution_due": False})
            elif due > now:
                lead._set_protected({"date_distribution_due": due})
            else:
                idle |= lead
        if idle:
            idle._take_from_partners()
            idle._distribute()

    def _take_from_partners(self):
        """Take leads from their partners, whose people no longer follow them."""
        partners = self.partner_assigned_id.commercial_partner_id
        people = self.env["res.partner"].search([("id", "child_of", partners.ids)])
        self.message_unsubscribe(people.ids)
        self.write({"partner_assigned_id": False})
        self._requeue()

    def _find_last_touch(self):
        """Return ``{lead_id: moment}`` of the partner's last work on each lead.

        Its answer, a step of the deal, or a message of its people.
        """
        touched = defaultdict(list)
        for offer in self.offer_ids:
            touched[offer.lead_id.id].append(offer.date_answered)
        for lead in self:
            touched[lead.id].append(lead.date_last_stage_update)
            touched[lead.id].append(lead.create_date)
        messages = self.env["mail.message"]._read_group(
            [
                ("model", "=", "crm.lead"),
                ("res_id", "in", self.ids),
                (
                    "author_id.commercial_partner_id",
                    "in",
                    self.partner_assigned_id.commercial_partner_id.ids,
                ),
            ],
            ["res_id"],
            ["date:max"],
        )
        for lead_id, moment in messages:
            touched[lead_id].append(moment)
        return {lead_id: max(filter(None, times)) for lead_id, times in touched.items()}
