from odoo import fields, models
from odoo.tools import SQL

from ..tools.payout_sql import PAYOUT_BILL, PAYOUT_JOINS

BUCKETS = [
    ("0", "0–30 days"),
    ("31", "31–60 days"),
    ("61", "61–90 days"),
    ("91", "Over 90 days"),
]
STAGES = [
    ("open", "In no statement"),
    ("draft", "Statement in draft"),
    ("sent", "Statement sent"),
    ("accepted", "Statement accepted"),
    ("disputed", "In dispute"),
    ("billed", "Billed"),
]


class PartnerCommissionLiability(models.Model):
    """What is due to partners and not paid, by its age; amounts owed by them as well.

    One row for each payable entry that no paid bill covers.
    """

    _name = "partner.commission.liability"
    _description = "Commission Liability"
    _auto = False
    _order = "date, id"

    entry_id = fields.Many2one("partner.commission.entry", readonly=True)
    date = fields.Date("Due Since", readonly=True)
    age = fields.Integer("Age (days)", readonly=True, aggregator="max")
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
        "partner.membership": ["manager_id"],
    }

    @property
    def _table_query(self):
        # Raw SQL: a report over five tables, computed by the database
        return SQL(
            """
            SELECT entry.id, entry.id AS entry_id, entry.date, entry.company_id,
                   entry.membership_id, entry.partner_id, entry.statement_id,
                   entry.currency_id, entry.amount_currency, entry.amount,
                   company.currency_id AS company_currency_id,
                   membership.manager_id,
                   %(today)s - entry.date AS age,
                   CASE WHEN %(today)s - entry.date <= 30 THEN '0'
                        WHEN %(today)s - entry.date <= 60 THEN '31'
                        WHEN %(today)s - entry.date <= 90 THEN '61'
                        ELSE '91' END AS bucket,
                   CASE WHEN statement.id IS NULL THEN 'open'
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
            today=fields.Date.context_today(self),
            joins=PAYOUT_JOINS,
            bill=PAYOUT_BILL,
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
