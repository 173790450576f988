from datetime import timedelta

from psycopg2.errors import SerializationFailure, UniqueViolation

from odoo import api, models
from odoo.exceptions import AccessError

_RETRIES = 3


class CommissionAccrualJobMixin(models.AbstractModel):
    """Books the accruals of the months that are over."""

    _name = "commission.accrual.job.mixin"
    _description = "Job that Books Commission Accruals"

    @api.model
    def _cron_book_accruals(self):
        """Book, for each company that wants it, what its last month lacks.

        Each company is a transaction of its own. A locked month is left alone: what
        it lacks is part of the next one.
        """
        if not (self.env.su or self.env.user._is_system()):
            raise AccessError(self.env._("Only the system runs this job."))
        companies = self.env["res.company"].search(
            [("channel_accrual_liability_id", "!=", False)]
        )
        companies = companies.filtered(lambda each: each._has_channel_accrual())
        cron = self.env["ir.cron"]
        for number, company in enumerate(companies, 1):
            today = company._get_channel_today()
            month_end = today.replace(day=1) - timedelta(days=1)
            if not self._is_locked(company, month_end):
                self._book_again(company, month_end)
            if not cron._commit_progress(1, remaining=len(companies) - number):
                return

    @api.model
    def _book_again(self, company, date):
        """Book, once more where another server was quicker.

        :return: the accrual, empty when nothing was missing
        """
        for retries in reversed(range(_RETRIES)):
            try:
                accrual = self._book(company, date)
                # a conflict has to show here, where it can be tried again
                self.env.flush_all()
                return accrual
            except (SerializationFailure, UniqueViolation):
                self.env.cr.rollback()
                if not retries:
                    raise
        return self.browse()
