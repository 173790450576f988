from odoo import models


class DemandForecastMixin(models.AbstractModel):
    """From which day on what a program asks for is not there any more."""

    _name = "demand.forecast.mixin"
    _description = "Certificates Needed: Forecast"

    def _foresee(self, member, country, held, today, until):
        """Return the loss that follows if nobody renews, if it is met today.

        :param member: ``partner.membership``
        :param country: ``res.country`` of the deal, may be empty
        :param held: ``Holdings`` of today
        :param date until: last day that is looked at
        :return: list of one or no values of ``partner.certification.forecast``
        """
        self.ensure_one()
        partner = member.partner_id
        if self._count_on(held, partner, country, today) < self.people:
            return []
        for day in held.days(partner, until):
            left = self._count_on(held, partner, country, day)
            if left < self.people:
                return [
                    {
                        "membership_id": member.id,
                        "kind": "right",
                        "date": day,
                        "family_id": self.family_id.id,
                        "type_id": self.type_id.id,
                        "people_needed": self.people,
                        "people_left": left,
                    }
                ]
        return []

    def _count_on(self, held, partner, country, day):
        return self._count_held(held.count(partner, self.type_id, day), country)
