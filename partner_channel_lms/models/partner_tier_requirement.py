from odoo import api, models
from odoo.exceptions import ValidationError

from .partner_metric_mixin import METRIC


class PartnerTierRequirement(models.Model):
    _inherit = "partner.tier.requirement"

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
            self.certification_country_id = False

    @api.depends("certification_type_id.name", "certification_country_id.name")
    def _compute_display_name(self):
        certified = self.filtered(lambda rec: rec.metric == METRIC)
        for requirement in certified:
            values = {
                "people": requirement._format_value(requirement.threshold),
                "certification": requirement.certification_type_id.name or "",
                "country": requirement.certification_country_id.name,
            }
            requirement.display_name = (
                self.env._(
                    "%(people)s certified in %(country)s: %(certification)s", **values
                )
                if values["country"]
                else self.env._("%(people)s certified: %(certification)s", **values)
            )
        return super(PartnerTierRequirement, self - certified)._compute_display_name()
