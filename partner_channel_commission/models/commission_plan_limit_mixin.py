from odoo import fields, models

from ..tools.commission_math import to_decimal
from ..tools.limits import Cap

_PERIODS = [("month", "Month"), ("quarter", "Quarter"), ("year", "Year")]
_CAPS = ("cap_deal", "cap_customer", "cap_period", "cap_plan")


class CommissionPlanLimitMixin(models.AbstractModel):
    """Says what a plan pays at most.

    Caps count what one membership has earned by the plan, in company currency, when
    a document is booked: what is left over is all it earns. A credit note gives room
    back to what is booked after it.
    """

    _name = "commission.plan.limit.mixin"
    _description = "Limits of a Commission Plan"

    # the plan says which
    company_currency_id = fields.Many2one("res.currency")
    cap_deal = fields.Monetary(
        "Most per Deal",
        currency_field="company_currency_id",
        help="What a partner earns on one deal at most; 0 for no cap.",
    )
    cap_customer = fields.Monetary(
        "Most per Customer",
        currency_field="company_currency_id",
        help="What a partner earns on one customer at most; 0 for no cap.",
    )
    cap_period = fields.Monetary(
        "Most per Period",
        currency_field="company_currency_id",
        help="What a partner earns on the invoices of one period at most; 0 for no "
        "cap.",
    )
    cap_period_kind = fields.Selection(
        _PERIODS, "Period of the Cap", required=True, default="month"
    )
    cap_plan = fields.Monetary(
        "Most in Total",
        currency_field="company_currency_id",
        help="What a partner earns by this version of the plan at most; 0 for no cap.",
    )
    ceiling = fields.Float(
        "Ceiling per Line (%)",
        digits=(5, 2),
        help="What all partners together, overrides included, are paid on an invoice "
        "line at most, in percent of its untaxed amount. They give way in proportion. "
        "0 for no ceiling.",
    )

    _limits_positive = models.Constraint(
        "CHECK (COALESCE(cap_deal, 0) >= 0 AND COALESCE(cap_customer, 0) >= 0 "
        "AND COALESCE(cap_period, 0) >= 0 AND COALESCE(cap_plan, 0) >= 0 "
        "AND COALESCE(ceiling, 0) >= 0 AND COALESCE(ceiling, 0) <= 100)",
        "A cap is not negative, and a ceiling lies between 0 and 100 percent.",
    )

    def _get_portal_limits(self):
        """Return what the plan pays at most, as the partner reads it: texts."""
        self.ensure_one()
        periods = dict(self._fields["cap_period_kind"]._description_selection(self.env))
        texts = {
            "cap_deal": self.env._("on one deal"),
            "cap_customer": self.env._("on the invoices of one customer"),
            "cap_period": self.env._(
                "in a period (%(period)s)", period=periods[self.cap_period_kind]
            ),
            "cap_plan": self.env._("by this plan in total"),
        }
        return [
            self.env._(
                "At most %(amount)s %(scope)s.",
                amount=self.company_currency_id.format(self[name]),
                scope=text,
            )
            for name, text in texts.items()
            if self[name]
        ]

    def _get_caps(self):
        """Return the caps as plain :class:`Cap` objects."""
        self.ensure_one()
        return tuple(
            Cap(
                name,
                to_decimal(self[name]),
                self.cap_period_kind if name == "cap_period" else "",
            )
            for name in _CAPS
            if self[name]
        )
