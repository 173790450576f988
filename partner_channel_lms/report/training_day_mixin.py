from odoo import api, models
from odoo.tools import SQL


class TrainingDayMixin(models.AbstractModel):
    """Which day it is in each company, for reports that compare with days."""

    _name = "training.day.mixin"
    _description = "Days of the Companies"

    @api.model
    def _get_days_query(self):
        """Return the SQL of the table ``(company_id, day, zone)``.

        The day where the vendor is, as everywhere in the channel: not the server's and
        not the reader's.

        :rtype: SQL
        """
        # sudo: days of all programs' companies, whoever reads; rules narrow the rows
        programs = self.env["partner.program"].sudo().with_context(active_test=False)
        companies = self.env.company
        for (company,) in programs._read_group([], ["company_id"]):
            companies |= company
        rows = SQL(", ").join(
            SQL(
                "(%s::int, %s::date, %s::varchar)",
                company.id,
                company._get_channel_today(),
                company._get_channel_tz(),
            )
            for company in companies
        )
        return SQL("(SELECT * FROM (VALUES %s) AS d (company_id, day, zone))", rows)
