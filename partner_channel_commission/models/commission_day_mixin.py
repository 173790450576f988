from odoo import models


class CommissionDayMixin(models.AbstractModel):
    """Moves records to another state, noting the day it is where the vendor is."""

    _name = "commission.day.mixin"
    _description = "Day of a Move in Commissions"

    def _move_on_day(self, target, transitions, name, **values):
        """Move records as ``_move_to`` does, and note the day of each one's company.

        :param str target: state to move to
        :param dict transitions: ``{target: allowed states}``
        :param str name: date field that gets the day
        :param values: of other fields
        :return: the records that moved
        """
        moved = self.browse()
        for company, records in self.grouped("company_id").items():
            day = {name: company._get_channel_today()}
            moved |= records._move_to("state", target, transitions, **values, **day)
        return moved
