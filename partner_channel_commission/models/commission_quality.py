from odoo import fields, models
from odoo.tools import SQL

# aggregate asked for, and what it is a share of
_RATES = {
    "clawback_rate:avg": ("clawback", "earned"),
    "dispute_rate:avg": ("disputed", "lines"),
}


class PartnerCommissionQuality(models.Model):
    """How much of what was earned is taken back, and how much is disputed.

    One row for each partner, month, company and cause. Clawback rate = what was taken
    back / what was earned; dispute rate = disputed lines / lines of sent statements.
    """

    _name = "partner.commission.quality"
    _description = "Clawbacks and Disputes"
    _auto = False
    _order = "month desc, partner_id"

    month = fields.Date(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    membership_id = fields.Many2one("partner.membership", readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    cause = fields.Selection(
        lambda self: self.env["partner.commission.entry"]._fields["cause"].selection,
        readonly=True,
    )
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    earned = fields.Monetary(currency_field="company_currency_id", readonly=True)
    clawback = fields.Monetary(
        "Taken Back", currency_field="company_currency_id", readonly=True
    )
    lines = fields.Integer("Stated Lines", readonly=True)
    disputed = fields.Integer("Disputed Lines", readonly=True)
    clawback_rate = fields.Float("Clawback Rate (%)", readonly=True, aggregator="avg")
    dispute_rate = fields.Float("Dispute Rate (%)", readonly=True, aggregator="avg")

    _depends = {
        "partner.commission.entry": ["amount", "book", "cause", "statement_id"],
        "partner.commission.statement": ["state"],
        "partner.commission.dispute": ["entry_id", "state"],
    }

    @property
    def _table_query(self):
        # Raw SQL: a report over three tables, computed by the database
        return SQL(
            """
            SELECT *,
                   100.0 * clawback / NULLIF(earned, 0) AS clawback_rate,
                   100.0 * disputed / NULLIF(lines, 0) AS dispute_rate
              FROM (
                SELECT MIN(entry.id) AS id,
                       DATE_TRUNC('month', entry.date)::date AS month,
                       entry.company_id, entry.membership_id, entry.partner_id,
                       entry.cause, company.currency_id AS company_currency_id,
                       COALESCE(SUM(entry.amount) FILTER (
                           WHERE entry.book = 'accrued' AND entry.amount > 0), 0
                       ) AS earned,
                       COALESCE(-SUM(entry.amount) FILTER (
                           WHERE entry.book = 'accrued' AND entry.amount < 0), 0
                       ) AS clawback,
                       COUNT(statement.id) AS lines,
                       COUNT(DISTINCT dispute.entry_id) AS disputed
                  FROM partner_commission_entry entry
                  JOIN res_company company ON company.id = entry.company_id
             LEFT JOIN partner_commission_statement statement
                    ON statement.id = entry.statement_id
                   AND statement.state <> 'draft'
             LEFT JOIN partner_commission_dispute dispute
                    ON dispute.entry_id = entry.id
                   AND dispute.state <> 'withdrawn'
              GROUP BY 2, entry.company_id, entry.membership_id, entry.partner_id,
                       entry.cause, company.currency_id
              ) counted
            """
        )

    def _read_group_select(self, aggregate_spec, query):
        # a rate of a group is the rate of its sums, not the mean of its rows' rates
        if aggregate_spec not in _RATES:
            return super()._read_group_select(aggregate_spec, query)
        part, whole = _RATES[aggregate_spec]
        return SQL(
            "100.0 * SUM(%s) / NULLIF(SUM(%s), 0)",
            self._field_to_sql(self._table, part, query),
            self._field_to_sql(self._table, whole, query),
        )
