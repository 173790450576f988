from odoo import api, fields, models

# Everything is measured for a batch at once, so its size decides how many queries a
# night takes: few for any number of partners. A batch is also what a killed job
# loses.
_BATCH = 10_000
# Read at once for the whole batch; the ORM would come back for each thousand.
_READ = ("partner_id", "program_id", "company_id", "grade_id", "tier_hold_until")


class TierReviewJobMixin(models.AbstractModel):
    """The nightly review of all tiers."""

    _name = "tier.review.job.mixin"
    _description = "Nightly Review of Tiers"

    @api.model
    def _cron_review_tiers(self):
        """Review all running memberships, in restartable batches.

        A day's work is marked on the memberships in the transaction that decides.
        """
        memberships = self.env["partner.membership"]
        memberships._run_batches(
            memberships._get_review_domain(), _BATCH, self._review_batch
        )

    @api.model
    def _review_batch(self, batch):
        """Review memberships and mark that it is done for today.

        :param batch: locked ``partner.membership``
        """
        batch.fetch(_READ)
        batch._review_tiers()
        batch._set_reviewed(fields.Date.today())
