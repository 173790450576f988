from odoo import api, models

#: so many certified people are worth half of any number
_HALF_PEOPLE = 2


class PartnerLeadRule(models.Model):
    _inherit = "partner.lead.rule"

    @api.model
    def _measure_certificates(self, members):
        """Return ``{membership_id: 0 … 1}`` by certified people, whatever for.

        With nobody certified at all nobody can be measured.

        :param members: ``partner.membership``
        """
        people = self.env["partner.certification"]._count_certified(members.partner_id)
        if not people:
            return {}
        counts = {member.id: people.get(member.partner_id, 0) for member in members}
        return {key: count / (count + _HALF_PEOPLE) for key, count in counts.items()}
