from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ...tools.goals import forecast, period_window, reached

# how a period is written, as in babel's patterns
_PERIOD_FORMATS = {"month": "LLLL y", "quarter": "QQQ y", "year": "y"}


class PartnerGoalMeasureMixin(models.AbstractModel):
    """Plan, fact and forecast of a goal.

    While a goal is open its fact is measured whenever somebody looks, up to today
    where the vendor is; a closed goal shows the result that was stored.

    How it works: goals that ask for the same metric of the same program and days are
    measured together, once, whatever their number.
    """

    _name = "partner.goal.measure.mixin"
    _description = "Measured Goal"
    _inherit = ["partner.metric.mixin"]

    period = fields.Selection(
        [("month", "Month"), ("quarter", "Quarter"), ("year", "Year")],
        required=True,
        default="quarter",
    )
    date_start = fields.Date(
        "Day in the Period",
        default=fields.Date.context_today,
        help="Any day of the month, quarter or year the goal is for.",
    )
    date_from = fields.Date("First Day", compute="_compute_dates", store=True)
    date_to = fields.Date("Last Day", compute="_compute_dates", store=True, index=True)
    period_text = fields.Char("Period (text)", compute="_compute_period_text")
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        store=True,
        help="The program's currency where the metric is an amount.",
    )
    plan = fields.Monetary(
        help="The value to reach, in the unit of the metric. Money is in the "
        "program's currency.",
        tracking=True,
    )
    result = fields.Monetary(
        "Final Result",
        readonly=True,
        copy=False,
        help="What was measured when the goal was closed; it stays as it is.",
    )
    fact = fields.Monetary(
        compute="_compute_fact", help="What is measured from the first day to today."
    )
    forecast = fields.Monetary(
        compute="_compute_fact",
        help="What the period comes to at the present pace. Averages and percentages "
        "have no pace: there it is the fact.",
    )
    reached = fields.Float("Reached (%)", compute="_compute_reached", digits=(16, 1))
    result_reached = fields.Float(
        "Reached at Closing (%)",
        readonly=True,
        copy=False,
        digits=(16, 1),
        aggregator="avg",
        help="The final result as a percentage of the plan: comparable whatever the "
        "metric.",
    )
    plan_text = fields.Char("Plan (text)", compute="_compute_texts")
    fact_text = fields.Char("Fact (text)", compute="_compute_texts")
    forecast_text = fields.Char("Forecast (text)", compute="_compute_texts")

    @api.depends("period", "date_start")
    def _compute_dates(self):
        for goal in self:
            window = (False, False)
            if goal.period and goal.date_start:
                window = period_window(goal.period, goal.date_start)
            goal.date_from, goal.date_to = window

    @api.depends("period", "date_from")
    def _compute_period_text(self):
        for goal in self:
            pattern = _PERIOD_FORMATS.get(goal.period)
            goal.period_text = format_date(
                self.env, goal.date_from, date_format=pattern
            ).capitalize()

    @api.depends("metric", "program_id.currency_id")
    def _compute_currency_id(self):
        for goal in self:
            if goal.state == "closed":
                # the result was measured in it
                goal.currency_id = goal.currency_id
            else:
                money = goal._is_monetary()
                goal.currency_id = goal.program_id.currency_id if money else False

    @api.depends(
        "state",
        "result",
        "metric",
        "date_from",
        "date_to",
        "membership_id",
        "program_id",
    )
    def _compute_fact(self):
        closed = self.filtered(lambda goal: goal.state == "closed")
        for goal in closed:
            goal.fact = goal.forecast = goal.result
        running = self - closed
        values = running._measure_goals()
        for goal in running:
            goal.fact = values[goal] or 0.0
            goal.forecast = goal._get_forecast()

    @api.depends("plan", "fact")
    def _compute_reached(self):
        for goal in self:
            goal.reached = reached(goal.plan, goal.fact, goal._is_less_better())

    @api.depends("plan", "fact", "forecast")
    def _compute_texts(self):
        for goal in self:
            goal.plan_text = goal._format_value(goal.plan)
            goal.fact_text = goal._format_measured(goal.fact)
            goal.forecast_text = goal._format_measured(goal.forecast)

    def _format_measured(self, value):
        """Return a measured value as text; an average of 0 is none at all."""
        return self._format_value(value if value or self._is_additive() else None)

    def _get_forecast(self):
        """Return what the fact comes to at the end of the period."""
        if not self._is_additive() or not (self.program_id and self.date_from):
            return self.fact
        today = self.program_id._get_today()
        return forecast(self.fact, self.date_from, self.date_to, today)

    def _get_metric_currency(self):
        return (
            self.currency_id
            or self.program_id.currency_id
            or super()._get_metric_currency()
        )

    # === MEASURING === #

    def _measure_goals(self):
        """Measure the goals, those that ask for the same thing together.

        :return: ``{goal: value}``, ``None`` for nothing measured
        """
        result = dict.fromkeys(self)
        alike = self.grouped(
            lambda goal: (goal.program_id, goal._get_measure_key(), goal._get_window())
        )
        for (_program, _key, window), goals in alike.items():
            if window:
                result.update(goals._measure_alike(*window))
        return result

    def _get_window(self):
        """Return first and last day to measure, ``None`` before the period begins."""
        self.ensure_one()
        if not (self.program_id and self.date_from and self.metric):
            return None
        today = self.program_id._get_today()
        if today < self.date_from:
            return None
        return self.date_from, min(self.date_to, today)

    def _measure_alike(self, date_from, date_to):
        """Measure goals of one program, metric and window with one measurement.

        :param date date_from: first day
        :param date date_to: last day
        :return: ``{goal: value}``
        """
        measuring = self[:1]
        network = self.filtered(lambda goal: goal._is_of_network())
        # sudo: a fact must not depend on whose eyes measure it
        members = network.program_id.sudo()._get_members(date_from, date_to)
        memberships = members | self.sudo().membership_id
        values = measuring._measure_metric(memberships, date_from, date_to)
        result = {goal: values.get(goal.membership_id.id) for goal in self - network}
        if network:
            total = measuring._measure_network(members, date_from, date_to, values)
            result.update(dict.fromkeys(network, total))
        return result

    # === CURRENCY === #

    @api.model
    def _check_no_amounts(self, programs):
        """Refuse another currency of programs while open goals are amounts in it.

        :param programs: ``partner.program`` whose currency changes
        :raise ValidationError: naming a goal and what to do
        """
        goal = self.search(
            Domain("program_id", "in", programs.ids)
            & Domain("state", "!=", "closed")
            & Domain("currency_id", "!=", False),
            limit=1,
        )
        if goal:
            raise ValidationError(
                self.env._(
                    "“%(goal)s” is set in %(currency)s. Close or delete the open goals "
                    "of “%(program)s” that are amounts, change the currency, and set "
                    "them anew.",
                    goal=goal.display_name,
                    currency=goal.currency_id.name,
                    program=goal.program_id.display_name,
                )
            )
