from odoo import api, fields, models
from odoo.tools import SQL, format_amount

from ...tools.tiers import RequirementMeasure, windows

_SALE_DOCUMENTS = ("out_invoice", "out_refund")
# Raw SQL: the way from an invoice line to its deal crosses a many2many and is
# grouped by a field three joins away.
_SOURCED_REVENUE = """
    SELECT membership_id, SUM(amount)
      FROM (SELECT role.membership_id, line.id,
                   MAX(role.share) / 100.0 * -line.balance AS amount
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
              JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = line.id
              JOIN sale_order_line so_line ON so_line.id = rel.order_line_id
              JOIN sale_order so ON so.id = so_line.order_id
              JOIN partner_deal_role role ON role.lead_id = so.opportunity_id
              JOIN partner_membership membership
                ON membership.id = role.membership_id
               AND membership.company_id = move.company_id
             WHERE role.membership_id IN %(memberships)s
               AND role.role IN ('sourced', 'sold')
               AND line.display_type = 'product'
               AND move.state = 'posted'
               AND move.move_type IN %(documents)s
               AND move.invoice_date BETWEEN %(date_from)s AND %(date_to)s
          GROUP BY role.membership_id, line.id, line.balance) part
  GROUP BY membership_id
"""


class PartnerTierRequirement(models.Model):
    """What a tier asks for: metric, threshold, period.

    A metric is a value of the selection ``metric`` and a method
    ``_measure_<metric>(memberships, date_from, date_to)`` on a single
    requirement, which answers for all memberships at once and returns
    ``{membership_id: value}``; a membership left out counts as 0.
    """

    _name = "partner.tier.requirement"
    _description = "Tier Requirement"
    _order = "grade_id, id"

    grade_id = fields.Many2one(
        "res.partner.grade", "Tier", required=True, ondelete="cascade", index=True
    )
    program_id = fields.Many2one(related="grade_id.program_id", store=True, index=True)
    currency_id = fields.Many2one(related="program_id.currency_id")
    metric = fields.Selection(
        [
            ("channel_revenue", "Revenue: bought for resale and sourced"),
            ("resale_revenue", "Revenue: invoiced to the partner"),
            ("sourced_revenue", "Revenue: invoiced on the partner's deals"),
            ("won_deals", "Won deals"),
        ],
        required=True,
        default="channel_revenue",
    )
    threshold = fields.Float(
        required=True, digits=(16, 2), help="Money is in the program's currency."
    )
    period = fields.Selection(
        [
            ("calendar_year", "Calendar year"),
            ("rolling", "Last months"),
        ],
        required=True,
        default="calendar_year",
        help="Calendar year: the last full year or the current one to date, "
        "whichever is better.",
    )
    months = fields.Integer(default=12)

    _threshold_positive = models.Constraint(
        "CHECK (threshold > 0)", "A requirement needs a threshold above zero."
    )
    _months_positive = models.Constraint(
        "CHECK (months > 0)", "A rolling period needs at least one month."
    )

    @api.depends("metric", "threshold", "period", "months", "currency_id")
    def _compute_display_name(self):
        metrics = dict(self._fields["metric"]._description_selection(self.env))
        for requirement in self:
            requirement.display_name = self.env._(
                "%(metric)s ≥ %(threshold)s",
                metric=metrics.get(requirement.metric, ""),
                threshold=requirement._format_value(requirement.threshold),
            )

    def _is_monetary(self):
        """Return whether the metric is an amount in the program's currency."""
        return self.metric.endswith("_revenue")

    def _format_value(self, value):
        """Return a measured value as the user reads it: a count says of what."""
        if self._is_monetary() and self.currency_id:
            return format_amount(self.env, value, self.currency_id)
        if self.metric != "won_deals":
            return f"{value:,.0f}"
        if value == 1:
            return self.env._("1 deal")
        return self.env._("%(count)d deals", count=value)

    def _get_measure_key(self):
        """Return what makes two requirements need the same measurement."""
        self.ensure_one()
        return (self.metric,)

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
                    measure = getattr(requirement, f"_measure_{requirement.metric}")
                    cache[key] = measure(memberships, *window)
                requirement._keep_best(result, memberships, cache[key], window)
        return result

    def _keep_best(self, result, memberships, values, window):
        for membership in memberships:
            value = values.get(membership.id, 0.0)
            best = result.get((self.id, membership.id))
            if best is None or value > best.value:
                result[self.id, membership.id] = RequirementMeasure(
                    self.id, self.metric, value, self.threshold, *window
                )

    # === METRICS === #

    @api.model
    def _measure_channel_revenue(self, memberships, date_from, date_to):
        """Resale and sourced revenue together, company currency, untaxed."""
        resale = self._measure_resale_revenue(memberships, date_from, date_to)
        sourced = self._measure_sourced_revenue(memberships, date_from, date_to)
        return {
            membership_id: resale.get(membership_id, 0.0)
            + sourced.get(membership_id, 0.0)
            for membership_id in memberships.ids
        }

    @api.model
    def _measure_resale_revenue(self, memberships, date_from, date_to):
        """Untaxed amount of posted invoices to the partner, less credit notes.

        :return: ``{membership_id: amount in the company's currency}``
        """
        groups = (
            self.env["account.move"]
            .sudo()
            ._read_group(
                [
                    ("move_type", "in", _SALE_DOCUMENTS),
                    ("state", "=", "posted"),
                    ("invoice_date", ">=", date_from),
                    ("invoice_date", "<=", date_to),
                    ("commercial_partner_id", "in", memberships.partner_id.ids),
                    ("company_id", "in", memberships.company_id.ids),
                ],
                ["commercial_partner_id", "company_id"],
                ["amount_untaxed_signed:sum"],
            )
        )
        amounts = {(partner, company): amount for partner, company, amount in groups}
        return {
            membership.id: amounts.get(
                (membership.partner_id, membership.company_id), 0.0
            )
            for membership in memberships
        }

    @api.model
    def _measure_sourced_revenue(self, memberships, date_from, date_to):
        """Untaxed invoiced amount on deals the partner sourced or sold.

        A deal both sourced and sold by one partner counts once, with the
        larger share.

        :return: ``{membership_id: amount in the company's currency}``
        """
        if not memberships:
            return {}
        for model, names in {
            "account.move.line": ["balance", "display_type", "sale_line_ids"],
            "account.move": ["state", "invoice_date", "move_type"],
            "sale.order": ["opportunity_id"],
            "partner.deal.role": ["lead_id", "membership_id", "role", "share"],
        }.items():
            self.env[model].flush_model(names)
        rows = self.env.execute_query(
            SQL(
                _SOURCED_REVENUE,
                memberships=tuple(memberships.ids),
                documents=_SALE_DOCUMENTS,
                date_from=date_from,
                date_to=date_to,
            )
        )
        return {membership_id: float(amount) for membership_id, amount in rows}

    @api.model
    def _measure_won_deals(self, memberships, date_from, date_to):
        """Registrations won in the period, by the day the vendor closed them."""
        groups = (
            self.env["crm.lead"]
            .sudo()
            ._read_group(
                [
                    ("membership_id", "in", memberships.ids),
                    ("registration_state", "=", "won"),
                    ("date_closed", ">=", date_from),
                    ("date_closed", "<=", date_to),
                ],
                ["membership_id"],
                ["__count"],
            )
        )
        return {membership.id: float(count) for membership, count in groups}
