from odoo import api, models
from odoo.tools import SQL

_SALE_DOCUMENTS = ("out_invoice", "out_refund")
# Raw SQL: the way from an invoice line to its deal crosses a many2many and is
# grouped by a field three joins away. A line in which a partner has several roles
# counts once, with the largest share.
_DEAL_PARTS = """
    SELECT role.membership_id, line.id AS line_id, line.move_id,
           so.opportunity_id AS lead_id, MAX(role.share) / 100.0 AS share
      FROM partner_deal_role role
      JOIN partner_membership membership ON membership.id = role.membership_id
      JOIN sale_order so ON so.opportunity_id = role.lead_id
      JOIN sale_order_line so_line ON so_line.order_id = so.id
      JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = so_line.id
      JOIN account_move_line line ON line.id = rel.invoice_line_id
      JOIN account_move move ON move.id = line.move_id
       AND move.company_id = membership.company_id
     WHERE role.membership_id IN %(memberships)s
       AND role.role IN ('sourced', 'sold')
       AND line.display_type = 'product'
       AND move.state = 'posted'
       AND move.move_type IN %(documents)s
       AND %(dates)s
  GROUP BY role.membership_id, line.id, line.move_id, so.opportunity_id
"""
_RESALE_PARTS = """
    SELECT membership.id AS membership_id, line.id AS line_id, line.move_id,
           NULL::integer AS lead_id, 1.0 AS share
      FROM partner_membership membership
      JOIN account_move move ON move.commercial_partner_id = membership.partner_id
       AND move.company_id = membership.company_id
      JOIN account_move_line line ON line.move_id = move.id
     WHERE membership.id IN %(memberships)s
       AND line.display_type = 'product'
       AND move.state = 'posted'
       AND move.move_type IN %(documents)s
       AND %(dates)s
"""
# The part of a document that money has settled in the period, by the counterpart
# of each reconciliation: a credit note or a write-off brings no money.
_CASH = """
    SELECT own.move_id, SUM(partial.{side}_amount_currency) AS amount
      FROM account_partial_reconcile partial
      JOIN account_move_line own ON own.id = partial.{side}_move_id
      JOIN account_move document ON document.id = own.move_id
      JOIN account_move_line other ON other.id = partial.{other}_move_id
      JOIN account_move counterpart ON counterpart.id = other.move_id
     WHERE partial.max_date BETWEEN %(date_from)s AND %(date_to)s
       AND document.state = 'posted' AND document.move_type = '{document}'
       AND (counterpart.origin_payment_id IS NOT NULL
            OR counterpart.statement_line_id IS NOT NULL)
  GROUP BY own.move_id
"""


class PartnerMetricRevenueMixin(models.AbstractModel):
    """Metrics that come from posted invoices and their payments.

    Each ``_measure_<metric>(memberships, date_from, date_to)`` answers for all
    memberships at once with ``{membership_id: value}``; a membership left out has
    nothing to measure. Amounts are untaxed, in the currency of the membership's
    company, credit notes deducted; both dates are inclusive.
    """

    _name = "partner.metric.revenue.mixin"
    _description = "Partner Metrics from Invoices"

    @api.model
    def _measure_resale_revenue(self, memberships, date_from, date_to):
        """Untaxed amount of posted invoices to the partner, less credit notes."""
        # sudo: a tier must not depend on whose eyes measure it
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
        amounts = {
            (partner.id, company.id): amount for partner, company, amount in groups
        }
        return {
            membership.id: amounts.get(
                (membership.partner_id.id, membership.company_id.id), 0.0
            )
            for membership in memberships
        }

    @api.model
    def _measure_sourced_revenue(self, memberships, date_from, date_to):
        """The partner's share of what was invoiced on deals it sourced or sold."""
        return self._sum_parts(
            memberships,
            self._get_parts(memberships, (date_from, date_to), deals_only=True),
            SQL("SUM(part.share * -line.balance)"),
        )

    @api.model
    def _measure_channel_revenue(self, memberships, date_from, date_to):
        """Resale and sourced revenue together.

        A deal the partner sourced and bought itself counts once.
        """
        return self._sum_parts(
            memberships,
            self._get_parts(memberships, (date_from, date_to)),
            SQL("SUM(part.share * -line.balance)"),
        )

    @api.model
    def _measure_collected_revenue(self, memberships, date_from, date_to):
        """Channel revenue as far as money came in during the period.

        The share of a document that payments have settled, by the date of each
        reconciliation; paid-out credit notes are deducted.
        """
        dates = {"date_from": date_from, "date_to": date_to}
        self.env["account.partial.reconcile"].flush_model()
        cash = SQL(
            " UNION ALL ".join(
                _CASH.format(side=side, other=other, document=document)
                for side, other, document in (
                    ("debit", "credit", "out_invoice"),
                    ("credit", "debit", "out_refund"),
                )
            ),
            **dates,
        )
        return self._sum_parts(
            memberships,
            self._get_parts(memberships),
            SQL(
                "SUM(part.share * -line.balance * cash.amount"
                " / NULLIF(move.amount_total, 0))"
            ),
            SQL(
                "JOIN account_move move ON move.id = part.move_id"
                " JOIN (%s) cash ON cash.move_id = part.move_id",
                cash,
            ),
        )

    @api.model
    def _measure_margin(self, memberships, date_from, date_to):
        """Channel revenue less the cost of what was sold."""
        self.env["product.product"].flush_model(["standard_price"])
        return self._sum_parts(
            memberships,
            self._get_parts(memberships, (date_from, date_to)),
            SQL("SUM(part.share * (-line.balance - %s))", self._get_line_cost()),
            SQL(
                """JOIN account_move move ON move.id = line.move_id
              LEFT JOIN product_product product ON product.id = line.product_id
              LEFT JOIN product_template template
                ON template.id = product.product_tmpl_id
              LEFT JOIN uom_uom own_uom ON own_uom.id = line.product_uom_id
              LEFT JOIN uom_uom base_uom ON base_uom.id = template.uom_id"""
            ),
        )

    @api.model
    def _get_line_cost(self):
        """Return SQL of an invoice line's cost in the company's currency.

        The product's present cost in the invoice's company: an addon that knows the
        cost at delivery returns that instead. Tables ``line``, ``move``,
        ``product``, ``own_uom`` and ``base_uom`` can be used.
        """
        return SQL(
            """CASE move.move_type WHEN 'out_refund' THEN -1 ELSE 1 END
             * line.quantity
             * COALESCE(own_uom.factor / NULLIF(base_uom.factor, 0), 1)
             * COALESCE(
                (product.standard_price ->> move.company_id::text)::numeric, 0)"""
        )

    @api.model
    def _measure_average_deal(self, memberships, date_from, date_to):
        """Average of what was invoiced on a deal; deals fully credited are none."""
        return self._group_parts(
            memberships, (date_from, date_to), SQL("part.lead_id"), SQL("AVG(amount)")
        )

    @api.model
    def _measure_active_customers(self, memberships, date_from, date_to):
        """Number of companies that bought, all in all, on the partner's deals."""
        customer = SQL("move.commercial_partner_id")
        return self._group_parts(
            memberships, (date_from, date_to), customer, SQL("COUNT(*)")
        )

    # === HELPERS === #

    def _get_parts(self, memberships, dates=None, deals_only=False):
        """Return SQL of the invoice lines that count, and with which share.

        :param dates: first and last invoice date, default all
        :param bool deals_only: without what the partner itself was invoiced
        :return: ``SQL`` of (membership_id, line_id, move_id, lead_id, share)
        """
        for model, names in {
            "account.move.line": ["balance", "display_type", "sale_line_ids"],
            "account.move": ["state", "invoice_date", "move_type", "partner_id"],
            "sale.order": ["opportunity_id"],
            "partner.deal.role": ["lead_id", "membership_id", "role", "share"],
            "partner.membership": ["partner_id", "company_id"],
        }.items():
            self.env[model].flush_model(names)
        values = {
            "memberships": tuple(memberships.ids) or (0,),
            "documents": _SALE_DOCUMENTS,
            "dates": SQL("move.invoice_date BETWEEN %s AND %s", *dates)
            if dates
            else SQL("TRUE"),
        }
        deals = SQL(_DEAL_PARTS, **values)
        if deals_only:
            return deals
        return SQL(
            """SELECT membership_id, line_id, move_id, MAX(lead_id) AS lead_id,
                      MAX(share) AS share
                 FROM (%s UNION ALL %s) both_ways
             GROUP BY membership_id, line_id, move_id""",
            deals,
            SQL(_RESALE_PARTS, **values),
        )

    def _sum_parts(self, memberships, parts, value, joins=None):
        """Return ``{membership_id: value}``, 0 for who has no line."""
        rows = self.env.execute_query(
            SQL(
                """SELECT part.membership_id, %s
                     FROM (%s) part
                     JOIN account_move_line line ON line.id = part.line_id
                     %s
                 GROUP BY part.membership_id""",
                value,
                parts,
                joins or SQL(),
            )
        )
        result = dict.fromkeys(memberships.ids, 0.0)
        result.update((key, float(amount or 0.0)) for key, amount in rows)
        return result

    def _group_parts(self, memberships, dates, group, value):
        """Return a figure over groups of deal lines whose sum is above zero."""
        rows = self.env.execute_query(
            SQL(
                """SELECT membership_id, %s
                     FROM (SELECT part.membership_id,
                                  SUM(part.share * -line.balance) AS amount
                             FROM (%s) part
                             JOIN account_move_line line ON line.id = part.line_id
                             JOIN account_move move ON move.id = part.move_id
                         GROUP BY part.membership_id, %s
                           HAVING SUM(part.share * -line.balance) > 0) grouped
                 GROUP BY membership_id""",
                value,
                self._get_parts(memberships, dates, deals_only=True),
                group,
            )
        )
        return {key: float(amount) for key, amount in rows}
