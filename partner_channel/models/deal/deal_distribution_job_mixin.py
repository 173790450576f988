import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)
#: leads of a transaction
_BATCH = 200


class DealDistributionJobMixin(models.AbstractModel):
    """When leads are distributed: at once, by a job, when the time is over."""

    _name = "deal.distribution.job.mixin"
    _description = "Jobs of the Distribution of Leads"

    def action_distribute(self):
        """Offer leads to partners by the rules.

        :raise UserError: none of the leads is one to distribute
        """
        self.check_access("write")
        # sudo: the fields of the distribution are checked for, not shown
        leads = self.sudo()._filter_distributable()
        leads = leads.filtered(lambda lead: not lead._is_on_offer())
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
        # an opportunity that has a salesperson is worked on already
        leads = leads.filtered(lambda lead: lead.type == "lead" or not lead.user_id)
        for company, queued in leads.grouped(
            lambda lead: lead.company_id or lead.env.company
        ).items():
            if company.channel_distribute_leads:
                # it stays that company's: Odoo empties the one of who has no one
                queued._set_protected(
                    {"distribution_state": "queued", "company_id": company.id}
                )

    def _is_on_offer(self):
        """Whether partners may take the lead just now."""
        return self.distribution_state == "pool" or (
            self.distribution_state == "offered"
            and "offered" in self.offer_ids.mapped("state")
        )

    def _end_distribution(self):
        """Let the distribution be over: somebody assigned the leads by hand."""
        # sudo: whoever may assign a lead ends it
        leads = self.sudo().filtered("distribution_state")
        if leads:
            leads._set_protected(
                {"distribution_state": False, "date_distribution_due": False}
            )

    def _requeue(self):
        """Line up leads a partner declined, gave back or lost; the job is soon."""
        if self:
            self._set_protected(
                {"distribution_state": "queued", "date_distribution_due": False}
            )
            # sudo: whoever has a lead lined up does not run jobs
            self.env.ref("partner_channel.ir_cron_distribute_leads").sudo()._trigger()

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
        self._run_apart(open_leads & waiting, lambda leads: leads._distribute())
        self._run_apart(missed, lambda leads: leads._miss_offers(now))
        self._run_apart(open_leads & pool, lambda leads: leads._fall_back())

    @api.model
    def _run_apart(self, domain, work):
        """As :meth:`_run_batches`; what fails stops neither its batch nor the job.

        :param domain: leads that wait
        :param work: function of leads
        """
        self._run_batches(domain, _BATCH, lambda leads: leads._work_apart(work))

    def _work_apart(self, work):
        """Do something with all leads; if that fails, with one after the other.

        Those it fails for leave the distribution, or the next batch were the same.

        :param work: function of leads
        """
        if not self._try_work(work):
            failed = self.filtered(lambda lead: not lead._try_work(work))
            failed.offer_ids.filtered(lambda o: o.state == "offered")._withdraw()
            if failed:
                failed._set_protected(
                    {"distribution_state": "none", "date_distribution_due": False}
                )

    def _try_work(self, work):
        """Return whether the work was done; if not, nothing of it is left."""
        try:
            with self.env.cr.savepoint():
                work(self)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        # whatever a rule or an addon does wrong, the other leads are not to wait
        except Exception:
            _logger.exception("Leads that cannot be distributed: %s", self.ids)
            return False
        return True

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
        # closed meanwhile: opened again, they may be distributed anew
        closed = self - self._filter_distributable()
        closed.filtered(lambda lead: not lead._is_on_offer())._end_distribution()

    def _fall_back(self):
        """Give leads no partner is to have to the fall-back of their rule."""
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
