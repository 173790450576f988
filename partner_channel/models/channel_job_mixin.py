from psycopg2.errors import DeadlockDetected, SerializationFailure

from odoo import api, models
from odoo.exceptions import AccessError

_RETRIES = 3


class ChannelJobMixin(models.AbstractModel):
    """Work that is done for all records at night, in restartable batches."""

    _name = "channel.job.mixin"
    _description = "Nightly Job"

    @api.model
    def _run_batches(self, domain, size, work):
        """Do something once with every record, a batch a transaction.

        The work must take the records out of the domain in its own transaction: a
        job that was stopped goes on where it was, and a second server finds either
        nothing to do or the rows taken.

        :param domain: records that wait
        :param int size: records of a batch
        :param work: function of a batch of records, locked
        :raise AccessError: to anybody but the system
        """
        if not (self.env.su or self.env.user._is_system()):
            raise AccessError(self.env._("Only the system runs this job."))
        cron = self.env["ir.cron"]
        remaining = self.search_count(domain)
        # a fresh snapshot each time: what another server has done must be seen
        while remaining and cron._commit_progress(remaining=remaining):
            done = self._run_batch(domain, size, work)
            remaining = max(0, remaining - done)
            if not done or not cron._commit_progress(done, remaining=remaining):
                break

    @api.model
    def _run_batch(self, domain, size, work):
        """Do the work with the next batch, again when another server was quicker.

        :return: number of records it was done with
        """
        for retries in reversed(range(_RETRIES)):
            try:
                batch = self.search(domain, limit=size, order="id")
                batch = batch.try_lock_for_update()
                if batch:
                    work(batch)
                    # a conflict has to show here, where it can be tried again
                    self.env.flush_all()
                return len(batch)
            except (DeadlockDetected, SerializationFailure):
                self.env.cr.rollback()
                if not retries:
                    raise
                self._queue_up_for_batch()
        return 0

    @api.model
    def _queue_up_for_batch(self):
        """Hook: wait for what others write, before a batch is tried again.

        The first thing of a transaction; nothing by default.
        """
