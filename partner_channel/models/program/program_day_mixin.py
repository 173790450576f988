from odoo import api, fields, models
from odoo.fields import Domain


class ProgramDayMixin(models.AbstractModel):
    """Which day it is where the vendor's companies are."""

    _name = "program.day.mixin"
    _description = "Days of a Program"

    def _get_today(self, now=None):
        """Return today's date where the program's company is.

        :param datetime now: UTC moment whose day is asked, default now
        :return: ``date`` in the company's time zone
        """
        self.ensure_one()
        return self.company_id._get_channel_today(now)

    def _get_tz(self):
        """Return the name of the time zone of the program's company."""
        self.ensure_one()
        return self.company_id._get_channel_tz()

    @api.model
    def _get_past_domain(self, name, reached=False):
        """Return the domain of records on which a day has passed.

        The day of each record's company counts, not that of who searches or of the
        job's user: the last protected day ends at midnight where the vendor is.

        :param str name: date field of a model with ``company_id``
        :param bool reached: also those whose day it is
        """
        # sudo: companies of all programs, whoever looks
        programs = self.sudo().with_context(active_test=False)
        found = {}
        for (company,) in programs._read_group([], ["company_id"]):
            day = company._get_channel_today()
            found.setdefault(day, []).append(company.id)
        return Domain.OR(
            Domain("company_id", "in", ids)
            & Domain(name, "<=" if reached else "<", fields.Date.to_string(day))
            for day, ids in found.items()
        )
