from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.payout_sql import PAYOUT_BILL, PAYOUT_JOINS

BUCKETS = [
    ("0", "Not due yet"),
    ("1", "0–30 days"),
    ("31", "31–60 days"),
    ("61", "61–90 days"),
    ("91", "Over 90 days"),
]
STAGES = [
    ("waiting", "Not due yet"),
    ("held", "On hold"),
    ("open", "In no statement"),
    ("draft", "Statement in draft"),
    ("sent", "Statement sent"),
    ("accepted", "Statement accepted"),
    ("disputed", "In dispute"),
    ("billed", "Billed"),
]


class PartnerCommissionLiability(models.Model):
    """What partners have earned and were not paid, by its age.

    One row for each payable entry that no paid bill covers, and one for what each
    partner earned on a document beyond what is payable of it: not due yet. So the
    total is what the books say: all that was earned, less what was paid out. Amounts
    below zero are owed by the partner.
    """

    _name = "partner.commission.liability"
    _description = "Commission Liability"
    _auto = False
    _order = "date, id"

    entry_id = fields.Many2one("partner.commission.entry", readonly=True)
    date = fields.Date(
        readonly=True, help="Due since; of what is not due yet: earned on."
    )
    age = fields.Integer("Days Due", readonly=True, aggregator="max")
    bucket = fields.Selection(BUCKETS, "Age", readonly=True)
    stage = fields.Selection(STAGES, readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    membership_id = fields.Many2one("partner.membership", readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    manager_id = fields.Many2one("res.users", readonly=True)
    statement_id = fields.Many2one("partner.commission.statement", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    amount_currency = fields.Monetary("Owed", readonly=True)
    amount = fields.Monetary(
        "Owed in Company Currency", currency_field="company_currency_id", readonly=True
    )

    _depends = {
        "partner.commission.entry": ["amount", "book", "date", "statement_id"],
        "partner.commission.statement": ["bill_id", "state"],
        "partner.commission.dispute": ["bill_id", "is_held", "state"],
        "account.move": ["payment_state", "state"],
        "partner.commission.hold": ["state"],
        "partner.membership": ["manager_id"],
    }

    @property
    def _table_query(self):
        # Raw SQL: a report over six tables, computed by the database
        return SQL("%s UNION ALL %s", self._query_payable(), self._query_waiting())

    @api.model
    def _query_payable(self):
        """Return the query of what is payable; held back it is not due yet."""
        return SQL(
            """
            SELECT entry.id, entry.id AS entry_id, entry.date, entry.company_id,
                   entry.membership_id, entry.partner_id, entry.statement_id,
                   entry.currency_id, entry.amount_currency, entry.amount,
                   company.currency_id AS company_currency_id,
                   membership.manager_id,
                   GREATEST(%(today)s - entry.date, 0) AS age,
                   CASE WHEN entry.date > %(today)s AND statement.id IS NULL THEN '0'
                        WHEN %(today)s - entry.date <= 30 THEN '1'
                        WHEN %(today)s - entry.date <= 60 THEN '31'
                        WHEN %(today)s - entry.date <= 90 THEN '61'
                        ELSE '91' END AS bucket,
                   CASE WHEN entry.date > %(today)s AND statement.id IS NULL
                             THEN 'waiting'
                        WHEN statement.id IS NULL THEN 'open'
                        WHEN held.id IS NOT NULL AND held.bill_id IS NULL
                             THEN 'disputed'
                        WHEN statement.state = 'paid' THEN 'billed'
                        ELSE statement.state END AS stage
              FROM partner_commission_entry entry
              JOIN res_company company ON company.id = entry.company_id
              JOIN partner_membership membership ON membership.id = entry.membership_id
                   %(joins)s
         LEFT JOIN account_move bill ON bill.id = %(bill)s
             WHERE entry.book = 'payable'
               AND (bill.id IS NULL OR bill.state <> 'posted'
                    OR bill.payment_state NOT IN ('paid', 'in_payment'))
            """,
            today=self.env.company._get_channel_today(),
            joins=PAYOUT_JOINS,
            bill=PAYOUT_BILL,
        )

    @api.model
    def _query_waiting(self):
        """Return the query of what was earned and is not payable yet.

        The row has the id of the first entry that earned it: no payable entry has.
        """
        return SQL(
            """
            SELECT MIN(entry.id) FILTER (WHERE entry.book = 'accrued') AS id,
                   MIN(entry.id) FILTER (WHERE entry.book = 'accrued') AS entry_id,
                   MIN(entry.date) FILTER (WHERE entry.book = 'accrued') AS date,
                   entry.company_id, entry.membership_id, entry.partner_id,
                   NULL::integer AS statement_id, entry.currency_id,
                   SUM(CASE WHEN entry.book = 'accrued' THEN entry.amount_currency
                            ELSE -entry.amount_currency END) AS amount_currency,
                   SUM(CASE WHEN entry.book = 'accrued' THEN entry.amount
                            ELSE -entry.amount END) AS amount,
                   company.currency_id AS company_currency_id,
                   membership.manager_id, 0 AS age, '0' AS bucket,
                   CASE WHEN EXISTS (
                            SELECT FROM partner_commission_hold hold
                             WHERE hold.move_id = entry.move_id
                               AND hold.membership_id = entry.membership_id
                               AND hold.state = 'held')
                        THEN 'held' ELSE 'waiting' END AS stage
              FROM partner_commission_entry entry
              JOIN res_company company ON company.id = entry.company_id
              JOIN partner_membership membership ON membership.id = entry.membership_id
          GROUP BY entry.move_id, entry.membership_id, entry.partner_id,
                   entry.company_id, entry.currency_id, company.currency_id,
                   membership.manager_id
            HAVING SUM(CASE WHEN entry.book = 'accrued' THEN entry.amount_currency
                            ELSE -entry.amount_currency END) <> 0
                OR SUM(CASE WHEN entry.book = 'accrued' THEN entry.amount
                            ELSE -entry.amount END) <> 0
            """
        )

    def action_open_entry(self):
        """Open the entry with all its sources.

        :return: window action
        """
        self.ensure_one()
        self.entry_id.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "partner.commission.entry",
            "res_id": self.entry_id.id,
            "view_mode": "form",
        }
