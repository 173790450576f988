from odoo import api, models
from odoo.fields import Domain

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
        certification = self.env["partner.certification"]
        people = dict(
            certification._read_group(
                certification._get_valid_domain()
                & Domain("commercial_partner_id", "in", members.partner_id.ids)
                & Domain("partner_id.active", "=", True),
                ["commercial_partner_id"],
                ["partner_id:count_distinct"],
            )
        )
        if not people:
            return {}
        counts = {member.id: people.get(member.partner_id, 0) for member in members}
        return {key: count / (count + _HALF_PEOPLE) for key, count in counts.items()}
