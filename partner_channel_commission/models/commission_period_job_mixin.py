from psycopg2.errors import SerializationFailure, UniqueViolation

from odoo import api, models
from odoo.exceptions import AccessError

from ..tools.statement_periods import MONTHS, THRESHOLD, last_period

_BATCH_SIZE = 200
_RETRIES = 5


class CommissionPeriodJobMixin(models.AbstractModel):
    """Makes the statements by themselves, when their periods are over."""

    _name = "commission.period.job.mixin"
    _description = "Job that Makes Statements"

    @api.model
    def _cron_create_statements(self):
        """Create the statements of periods that are over, where that is wanted.

        In batches, each a transaction of its own; a job that was stopped goes on
        where it was.
        """
        if not (self.env.su or self.env.user._is_system()):
            raise AccessError(self.env._("Only the system runs this job."))
        companies = self.env["res.company"].search(
            [("channel_statement_auto", "=", True)]
        )
        for company in companies:
            for period in (*MONTHS, THRESHOLD):
                if not self._create_period_statements(company, period):
                    return
        self.env["ir.cron"]._commit_progress(remaining=0)

    @api.model
    def _create_period_statements(self, company, period):
        """Create what is missing for the last period of one kind.

        :param company: the company that owes
        :param str period: a key of the statement periods
        :return: whether there is time to go on
        """
        today = company._get_channel_today()
        date_from, date_to = last_period(period, today)
        cron = self.env["ir.cron"]
        while statements := self._create_batch(company, date_from, date_to, period):
            if not cron._commit_progress(len(statements), remaining=1):
                return False
        return True

    @api.model
    def _create_batch(self, company, date_from, date_to, period):
        """Create some statements, again where another server was quicker.

        :return: the statements
        """
        for retries in reversed(range(_RETRIES)):
            try:
                statements = self._create_statements(
                    company, date_from, date_to, limit=_BATCH_SIZE, period=period
                )
                # a conflict has to show here, where it can be tried again
                self.env.flush_all()
                return statements
            except (SerializationFailure, UniqueViolation):
                self.env.cr.rollback()
                if not retries:
                    raise
        return self.browse()
