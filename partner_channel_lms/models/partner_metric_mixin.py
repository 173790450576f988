from odoo import fields, models
from odoo.fields import Domain

METRIC = "certified_people"


class PartnerMetricMixin(models.AbstractModel):
    _inherit = "partner.metric.mixin"

    metric = fields.Selection(
        selection_add=[(METRIC, "Certified people")],
        ondelete={METRIC: "cascade"},
    )
    certification_type_id = fields.Many2one(
        "partner.certification.type",
        "Certification",
        index="btree_not_null",
        ondelete="restrict",
        help="The certification the partner's people must hold.",
    )

    def _get_metric_unit(self):
        return "people" if self.metric == METRIC else super()._get_metric_unit()

    def _format_count(self, unit, count):
        if unit != "people":
            return super()._format_count(unit, count)
        if count == 1:
            return self.env._("1 person")
        return self.env._("%(count)d people", count=count)

    def _get_measure_key(self):
        key = super()._get_measure_key()
        return (*key, self.certification_type_id.id) if self.metric == METRIC else key

    def _measure_certified_people(self, memberships, date_from, date_to):
        """Count the partners' people with a certificate that holds on the last day.

        People count for the partner they work for now, each once, and only while
        their contact is active.

        :param memberships: ``partner.membership``
        :param date date_from: unused, a certificate holds on a day
        :param date date_to: the day of the review
        :return: ``{membership_id: number of people}``
        """
        self.ensure_one()
        # sudo: a tier must not depend on whose eyes measure it; only counts leave
        certification_sudo = self.env["partner.certification"].sudo()
        people = dict(
            certification_sudo._read_group(
                certification_sudo._get_valid_domain(date_to)
                & Domain("type_id", "=", self.certification_type_id.id)
                & Domain("commercial_partner_id", "in", memberships.partner_id.ids)
                & Domain("partner_id.active", "=", True),
                ["commercial_partner_id"],
                ["partner_id:count_distinct"],
            )
        )
        return {
            membership.id: float(people.get(membership.partner_id, 0))
            for membership in memberships
        }
