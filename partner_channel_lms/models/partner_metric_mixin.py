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

    certification_country_id = fields.Many2one(
        "res.country",
        "Certified In",
        ondelete="restrict",
        help="Only people whose address is in this country count. Contacts share their "
        "company's address unless their type is “Other”. Empty: people anywhere.",
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
        if self.metric != METRIC:
            return key
        return (*key, self.certification_type_id.id, self.certification_country_id.id)

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
        people = (
            self.env["partner.certification"]
            .sudo()
            ._count_certified(
                memberships.partner_id,
                date_to,
                Domain("type_id", "=", self.certification_type_id.id)
                & self._get_certified_country_domain(),
            )
        )
        return {
            membership.id: float(people.get(membership.partner_id, 0))
            for membership in memberships
        }

    def _get_certified_country_domain(self):
        """Return the domain of certificates of people in the country asked for."""
        country = self.certification_country_id
        return (
            Domain("partner_id.country_id", "=", country.id) if country else Domain.TRUE
        )

    def _count_certified_on(self, partner, held, day):
        """Return how many of a partner's people are certified on a day to come.

        The same people as :meth:`_measure_certified_people` counts, if nobody renews.

        :param partner: ``res.partner``
        :param held: ``Holdings`` of today
        :param date day: today or later
        """
        self.ensure_one()
        by_country = held.count(partner, self.certification_type_id, day)
        country = self.certification_country_id
        people = by_country.get(country, 0) if country else sum(by_country.values())
        return float(people)
