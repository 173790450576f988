from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

METRIC = "certified_people"


class PartnerTierRequirement(models.Model):
    _inherit = "partner.tier.requirement"

    metric = fields.Selection(
        selection_add=[(METRIC, "Certified people")],
        ondelete={METRIC: "cascade"},
    )
    certification_type_id = fields.Many2one(
        "partner.certification.type",
        "Certification",
        index="btree_not_null",
        ondelete="restrict",
        help="The certification this many people of the partner must hold.",
    )

    @api.constrains("metric", "certification_type_id", "period")
    def _check_certified_people(self):
        for requirement in self.filtered(lambda rec: rec.metric == METRIC):
            tier = requirement.grade_id.display_name
            if not requirement.certification_type_id:
                raise ValidationError(
                    self.env._(
                        'Choose the certification that the tier "%(tier)s" asks for.',
                        tier=tier,
                    )
                )
            if requirement.period != "rolling":
                raise ValidationError(
                    self.env._(
                        'Certificates must hold on the day the tier "%(tier)s" is '
                        "reviewed, not during a year: set the period to "
                        '"Last months".',
                        tier=tier,
                    )
                )

    @api.onchange("metric")
    def _onchange_metric_certified_people(self):
        if self.metric == METRIC:
            self.period = "rolling"
        else:
            self.certification_type_id = False

    @api.depends("certification_type_id.name")
    def _compute_display_name(self):
        certified = self.filtered(lambda rec: rec.metric == METRIC)
        for requirement in certified:
            requirement.display_name = self.env._(
                "%(people)s certified: %(certification)s",
                people=requirement._format_value(requirement.threshold),
                certification=requirement.certification_type_id.name or "",
            )
        return super(PartnerTierRequirement, self - certified)._compute_display_name()

    def _format_value(self, value):
        if self.metric != METRIC:
            return super()._format_value(value)
        if value == 1:
            return self.env._("1 person")
        return self.env._("%(count)d people", count=value)

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
