from odoo import api, models
from odoo.exceptions import ValidationError

from .partner_metric_mixin import METRIC


class PartnerGoal(models.Model):
    _inherit = "partner.goal"

    @api.constrains("metric", "certification_type_id")
    def _check_certified_people(self):
        for goal in self.filtered(lambda goal: goal.metric == METRIC):
            if not goal.certification_type_id:
                raise ValidationError(
                    self.env._(
                        'Choose the certification that the goal "%(goal)s" asks for.',
                        goal=goal.display_name,
                    )
                )

    @api.depends("certification_type_id", "certification_country_id")
    def _compute_fact(self):
        return super()._compute_fact()

    @api.depends("certification_type_id.name", "certification_country_id.name")
    def _compute_display_name(self):
        return super()._compute_display_name()

    def _get_metric_label(self):
        label = super()._get_metric_label()
        if self.metric != METRIC or not self.certification_type_id:
            return label
        names = (self.certification_type_id.name, self.certification_country_id.name)
        return f"{label} ({', '.join(filter(None, names))})"

    @api.model
    def _get_term_fields(self):
        return super()._get_term_fields() | {
            "certification_type_id",
            "certification_country_id",
        }
