from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import AccessError

# Everything is measured for a batch at once, so its size decides how many queries a
# night takes: few for any number of partners. A batch is also what a killed job
# loses.
_BATCH = 10_000
_RETRIES = 3
# Read at once for the whole batch; the ORM would come back for each thousand.
_READ = ("partner_id", "program_id", "company_id", "grade_id", "tier_hold_until")


class TierReviewJobMixin(models.AbstractModel):
    """The nightly review of all tiers."""

    _name = "tier.review.job.mixin"
    _description = "Nightly Review of Tiers"

    @api.model
    def _cron_review_tiers(self):
        """Review all running memberships, in restartable batches.

        A day's work is marked on the memberships in the transaction that decides, so
        that a job that was stopped goes on where it was, and a second server finds
        either nothing to do or the rows taken.
        """
        if not (self.env.su or self.env.user._is_system()):
            raise AccessError(self.env._("Only the system runs this job."))
        Membership, cron = self.env["partner.membership"], self.env["ir.cron"]
        domain = Membership._get_review_domain()
        remaining, retries = Membership.search_count(domain), _RETRIES
        while remaining:
            # a fresh snapshot: what another server has decided must be seen
            if not cron._commit_progress(remaining=remaining):
                break
            try:
                done = self._review_batch(Membership, domain)
            except SerializationFailure:
                self.env.cr.rollback()
                retries -= 1
                if not retries:
                    raise
                continue
            if not done:
                break
            remaining = max(0, remaining - done)
            if not cron._commit_progress(done, remaining=remaining):
                break

    @api.model
    def _review_batch(self, memberships, domain):
        """Review the next memberships; return how many.

        :param memberships: model ``partner.membership``
        :param domain: those to be reviewed
        """
        batch = memberships.search_fetch(domain, _READ, limit=_BATCH, order="id")
        batch = batch.try_lock_for_update()
        if batch:
            batch._review_tiers()
            batch._set_reviewed(fields.Date.today())
        return len(batch)
