from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.tiers import AT_LEAST, AT_MOST, RequirementMeasure, windows

_SIGNS = {AT_LEAST: "≥", AT_MOST: "≤"}


class PartnerTierRequirement(models.Model):
    """What a tier asks for: metric, comparison, threshold, period.

    The metrics are those of ``partner.metric.mixin``.
    """

    _name = "partner.tier.requirement"
    _description = "Tier Requirement"
    _inherit = ["partner.metric.mixin"]
    _order = "grade_id, id"

    grade_id = fields.Many2one(
        "res.partner.grade", "Tier", required=True, ondelete="cascade", index=True
    )
    program_id = fields.Many2one(related="grade_id.program_id", store=True, index=True)
    currency_id = fields.Many2one(related="program_id.currency_id")
    comparison = fields.Selection(
        [(AT_LEAST, "at least"), (AT_MOST, "at most")],
        required=True,
        default=AT_LEAST,
    )
    threshold = fields.Float(
        required=True, digits=(16, 2), help="Money is in the program's currency."
    )
    period = fields.Selection(
        [
            ("calendar_year", "Calendar year"),
            ("quarter", "Quarter"),
            ("rolling", "Last months"),
        ],
        required=True,
        default="calendar_year",
        help="Calendar year, quarter: the last full one or the current one to date, "
        "whichever is better.",
    )
    months = fields.Integer(default=12)
    points = fields.Float(
        digits=(16, 2),
        help="What the threshold is worth in a tier that counts points; less than "
        "the threshold gives its share of them.",
    )
    minimum = fields.Float(
        digits=(16, 2),
        help="In a tier that counts points: the value without which the tier is not "
        "reached, whatever the points. 0: none.",
    )

    _threshold_positive = models.Constraint(
        "CHECK (threshold > 0)", "A requirement needs a threshold above zero."
    )
    _months_positive = models.Constraint(
        "CHECK (months > 0)", "A rolling period needs at least one month."
    )
    _points_positive = models.Constraint(
        "CHECK (points >= 0 AND minimum >= 0)",
        "Points and minimum of a requirement cannot be negative.",
    )

    @api.depends("metric", "comparison", "threshold", "currency_id")
    def _compute_display_name(self):
        metrics = dict(self._fields["metric"]._description_selection(self.env))
        for requirement in self:
            requirement.display_name = self.env._(
                "%(metric)s %(sign)s %(threshold)s",
                metric=metrics.get(requirement.metric, ""),
                sign=_SIGNS.get(requirement.comparison, ""),
                threshold=requirement._format_value(requirement.threshold),
            )

    @api.onchange("metric")
    def _onchange_metric(self):
        self.comparison = AT_MOST if self._is_less_better() else AT_LEAST

    @api.constrains("metric", "comparison", "threshold", "period", "months", "grade_id")
    def _check_tier_order(self):
        self.grade_id._check_tier_order()

    def _get_metric_currency(self):
        return self.currency_id or super()._get_metric_currency()

    def _get_comparable_key(self):
        """Return what two requirements must have in common to be compared."""
        months = self.months if self.period == "rolling" else 0
        return (*self._get_measure_key(), self.comparison, self.period, months)

    def _is_stricter_than(self, other):
        """Return whether this one asks for more than a comparable one."""
        if self.comparison == AT_MOST:
            return self.threshold < other.threshold
        return self.threshold > other.threshold

    def _check_measurable(self):
        """Refuse points that nothing is asked for."""
        for requirement in self:
            if requirement.grade_id.points_needed and not requirement.points:
                raise ValidationError(
                    self.env._(
                        "“%(tier)s” counts points: say how many “%(requirement)s” "
                        "is worth.",
                        tier=requirement.grade_id.display_name,
                        requirement=requirement.display_name,
                    )
                )

    # === MEASURING === #

    def _measure(self, memberships, day):
        """Measure the requirements for all memberships.

        :param memberships: ``partner.membership`` of the requirements' program
        :param date day: day of the review, inclusive
        :return: ``{(requirement_id, membership_id): RequirementMeasure}``;
            of several windows the best one counts
        """
        cache, result = {}, {}
        for requirement in self:
            for window in windows(requirement.period, requirement.months, day):
                key = (requirement._get_measure_key(), window)
                if key not in cache:
                    cache[key] = requirement._measure_metric(memberships, *window)
                requirement._keep_best(result, memberships.ids, cache[key], window)
        return result

    def _keep_best(self, result, membership_ids, values, window):
        """Keep of two windows the one that comes nearer to the threshold."""
        nothing = 0.0 if self.comparison == AT_LEAST else None
        facts = (self.comparison, self.points, self.minimum)
        requirement_id, metric, threshold = self.id, self.metric, self.threshold
        for membership_id in membership_ids:
            key = (requirement_id, membership_id)
            value = values.get(membership_id, nothing)
            best = result.get(key)
            if best is None or self._is_better(value, best.value):
                result[key] = RequirementMeasure(
                    requirement_id, metric, value, threshold, *window, *facts
                )

    def _is_better(self, value, best):
        if value is None or best is None:
            return value is not None
        return value < best if self.comparison == AT_MOST else value > best
