from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_amount

#: technical name, label, unit, whether it adds up during its period
METRICS = [
    (
        "channel_revenue",
        "Revenue: bought for resale and sourced",
        "money",
        True,
    ),
    ("resale_revenue", "Revenue: invoiced to the partner", "money", True),
    ("sourced_revenue", "Revenue: invoiced on the partner's deals", "money", True),
    ("collected_revenue", "Revenue: paid by customers", "money", True),
    ("margin", "Margin", "money", True),
    ("average_deal", "Average deal", "money", False),
    ("won_deals", "Won deals", "deals", True),
    ("approved_registrations", "Approved registrations", "deals", True),
    ("win_rate", "Registrations won", "percent", False),
    ("active_customers", "Customers that bought", "customers", True),
    ("response_time", "Time to answer a lead", "hours", False),
    ("acceptance_rate", "Leads accepted of those answered or missed", "percent", False),
    ("customer_rating", "Customers' rating", "rating", False),
    ("new_partners", "New partners", "partners", True),
    ("leads", "Leads offered", "leads", True),
    ("conversion", "Registrations won of those submitted", "percent", False),
]
_UNITS = {name: unit for name, _label, unit, _adds_up in METRICS}
_ADDITIVE = {name for name, _label, _unit, adds_up in METRICS if adds_up}
#: of one partner there is nothing to measure
_NETWORK_ONLY = {"new_partners"}


class PartnerMetricMixin(models.AbstractModel):
    """Something measured of memberships: a requirement, a goal.

    A metric is a value of the selection ``metric`` and a method
    ``_measure_<metric>(memberships, date_from, date_to)`` that answers for all
    memberships at once and returns ``{membership_id: value}``. An addon adds one by
    extending this model; requirements, goals and health scores have it then.
    """

    _name = "partner.metric.mixin"
    _description = "Partner Metric"
    _inherit = [
        "partner.metric.revenue.mixin",
        "partner.metric.deal.mixin",
        "partner.metric.network.mixin",
    ]

    metric = fields.Selection(
        [(name, label) for name, label, _unit, _adds_up in METRICS],
        required=True,
        default="channel_revenue",
    )

    @api.constrains("metric")
    def _check_metric_scope(self):
        """Refuse to ask of one partner what only a network has.

        :raise ValidationError: naming the metric and what to do
        """
        for record in self.filtered(lambda r: r.metric in _NETWORK_ONLY):
            if not record._is_of_network():
                raise ValidationError(
                    self.env._(
                        "“%(metric)s” is counted over a whole program, not for one "
                        "partner: choose another metric, or set it as a goal of the "
                        "program.",
                        metric=record._get_metric_label(),
                    )
                )

    # === WHAT A METRIC IS === #

    def _is_of_network(self):
        """Return whether a whole program is measured; to be overridden."""
        return False

    def _get_metric_label(self):
        """Return the name of the metric in the user's language."""
        self.ensure_one()
        return dict(self._fields["metric"]._description_selection(self.env)).get(
            self.metric, ""
        )

    def _get_metric_unit(self):
        """Return ``money``, ``percent``, ``hours``, ``rating`` or what is counted."""
        return _UNITS.get(self.metric, "")

    def _is_monetary(self):
        """Return whether the metric is an amount in the program's currency."""
        return self._get_metric_unit() == "money"

    def _is_additive(self):
        """Return whether the value grows while its period runs."""
        return self.metric in _ADDITIVE

    def _is_less_better(self):
        """Return whether a smaller value is the better one."""
        return self.metric == "response_time"

    def _get_metric_currency(self):
        """Return the currency amounts are in; to be overridden."""
        return self.env.company.currency_id

    def _get_measure_key(self):
        """Return what makes two measurements the same one."""
        self.ensure_one()
        return (self.metric,)

    # === MEASURING === #

    def _measure_metric(self, memberships, date_from, date_to):
        """Measure for all memberships at once.

        Days are those of the vendor's company. Amounts are converted from the
        company's currency to the program's at the rate of ``date_to``.

        :param memberships: ``partner.membership`` of one program
        :param date date_from: first day
        :param date date_to: last day
        :return: ``{membership_id: value}``; who is left out has nothing to measure
        """
        self.ensure_one()
        program = memberships.program_id[:1]
        measure = getattr(self._in_time_of(program), f"_measure_{self.metric}")
        values = measure(memberships, date_from, date_to)
        return self._convert_values(program, values, date_to)

    def _in_time_of(self, program):
        """Return the record measuring in the time zone of a program's company."""
        return self.with_context(tz=program._get_tz()) if program else self

    def _convert_values(self, program, values, day):
        """Return amounts in the program's currency instead of the company's."""
        company = program.company_id
        if not self._is_monetary() or program.currency_id == company.currency_id:
            return values
        rate = self.env["res.currency"]._get_conversion_rate(
            company.currency_id, program.currency_id, company, day
        )
        currency = program.currency_id
        return {key: currency.round(value * rate) for key, value in values.items()}

    # === SHOWING === #

    @api.model
    def _format_count(self, unit, count):
        """Return a count with what is counted; empty when it is no count."""
        texts = {
            "deals": (self.env._("1 deal"), self.env._("%(count)d deals", count=count)),
            "customers": (
                self.env._("1 customer"),
                self.env._("%(count)d customers", count=count),
            ),
            "partners": (
                self.env._("1 partner"),
                self.env._("%(count)d partners", count=count),
            ),
            "leads": (self.env._("1 lead"), self.env._("%(count)d leads", count=count)),
        }
        one, many = texts.get(unit, ("", ""))
        return one if count == 1 else many

    def _format_value(self, value):
        """Return a measured value as the user reads it.

        :param value: number in the metric's unit, ``None`` for nothing measured
        """
        if value is None:
            return self.env._("nothing yet")
        unit = self._get_metric_unit()
        if unit == "money":
            return format_amount(self.env, value, self._get_metric_currency())
        if unit == "percent":
            return self.env._("%(value).0f %%", value=value)
        if unit == "hours":
            return self.env._("%(value).1f h", value=value)
        if unit == "rating":
            return self.env._("%(value).1f of 5", value=value)
        return self._format_count(unit, round(value)) or f"{value:,.0f}"
