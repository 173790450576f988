from odoo import api, models
from odoo.fields import Command
from odoo.tools import SQL

from ..tools.payout_sql import PAYOUT_BILL, PAYOUT_JOINS


class CommissionAccrualBalanceMixin(models.AbstractModel):
    """Where books and account stand, by partner, and the move between them."""

    _name = "commission.accrual.balance.mixin"
    _description = "Balances of Commission Accruals"

    @api.model
    def _get_changes(self, company, date):
        """Return what the account lacks, by partner.

        :return: ``{partner_id: amount}`` in company currency, above zero where the
            liability grows; nothing where it is right
        """
        ledger = self._get_ledger_balances(company, date)
        booked = self._get_booked_balances(company, date)
        currency = company.currency_id
        changes = {
            partner_id: currency.round(
                ledger.get(partner_id, 0) - booked.get(partner_id, 0)
            )
            for partner_id in sorted(ledger.keys() | booked.keys())
        }
        return {
            partner_id: amount
            for partner_id, amount in changes.items()
            if not currency.is_zero(amount)
        }

    @api.model
    def _get_ledger_balances(self, company, date):
        """Return what partners have earned and not billed as of a day.

        A line is billed once its bill is posted, on the bill's accounting date.

        :return: ``{partner_id: amount}`` in company currency
        """
        self.env.flush_all()
        # Raw SQL: sums over the whole ledger of a company, by the database
        rows = self.env.execute_query(
            SQL(
                """
                SELECT entry.partner_id,
                       SUM(CASE WHEN entry.book = 'accrued' THEN entry.amount
                                ELSE -entry.amount END)
                  FROM partner_commission_entry entry
                       %(joins)s
             LEFT JOIN account_move bill ON bill.id = %(bill)s
                 WHERE entry.company_id = %(company)s
                   AND (entry.book = 'accrued' AND entry.date <= %(date)s
                        OR entry.book = 'payable' AND bill.state = 'posted'
                           AND bill.date <= %(date)s)
              GROUP BY entry.partner_id
                """,
                joins=PAYOUT_JOINS,
                bill=PAYOUT_BILL,
                company=company.id,
                date=date,
            )
        )
        return {partner_id: float(amount) for partner_id, amount in rows}

    @api.model
    def _get_booked_balances(self, company, date):
        """Return what accruals have booked as of a day.

        :return: ``{partner_id: amount}`` in company currency
        """
        accruals = self.search([("company_id", "=", company.id)])
        groups = self.env["account.move.line"]._read_group(
            [
                ("move_id", "in", accruals.move_id.ids),
                ("account_id", "in", accruals.account_id.ids),
                ("parent_state", "=", "posted"),
                ("date", "<=", date),
            ],
            ["partner_id"],
            ["balance:sum"],
        )
        return {partner.id: -balance for partner, balance in groups}

    @api.model
    def _get_account_balances(self, company, date):
        """Return all that is posted on the liability accounts as of a day.

        :return: ``{partner_id: amount}`` in company currency
        """
        accruals = self.search([("company_id", "=", company.id)])
        accounts = accruals.account_id | company.channel_accrual_liability_id
        groups = self.env["account.move.line"]._read_group(
            [
                ("company_id", "=", company.id),
                ("account_id", "in", accounts.ids),
                ("parent_state", "=", "posted"),
                ("date", "<=", date),
            ],
            ["partner_id"],
            ["balance:sum"],
        )
        return {partner.id: -balance for partner, balance in groups}

    @api.model
    def _prepare_move(self, company, date, changes):
        """Return the values of the journal entry.

        :param changes: see :meth:`_get_changes`
        """
        label = self.env._("Commissions earned and not billed")
        lines = [
            self._prepare_move_line(
                company.channel_accrual_liability_id, -amount, label, partner_id
            )
            for partner_id, amount in changes.items()
        ]
        total = company.currency_id.round(sum(changes.values()))
        if total:
            lines.append(
                self._prepare_move_line(
                    company.channel_accrual_expense_id, total, label
                )
            )
        return {
            "move_type": "entry",
            "journal_id": company.channel_accrual_journal_id.id,
            "date": date,
            "ref": label,
            "line_ids": [Command.create(line) for line in lines],
        }

    @api.model
    def _prepare_move_line(self, account, balance, label, partner_id=False):
        """Return the values of one line of the journal entry."""
        return {
            "account_id": account.id,
            "balance": balance,
            "name": label,
            "partner_id": partner_id,
        }
