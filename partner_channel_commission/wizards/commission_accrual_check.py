from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..models.commission_accrual import ACCOUNTANTS


class PartnerCommissionAccrualCheck(models.TransientModel):
    """Lays the ledger beside the liability account, and books what differs."""

    _name = "partner.commission.accrual.check"
    _description = "Check of Commission Accruals"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        domain=lambda self: [("id", "in", self.env.companies.ids)],
    )
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        "As Of", required=True, default=lambda self: self._get_last_day()
    )
    ledger_balance = fields.Monetary(
        "Earned and Not Billed",
        currency_field="company_currency_id",
        compute="_compute_balances",
        help="By the commission ledger.",
    )
    account_balance = fields.Monetary(
        "Liability Account",
        currency_field="company_currency_id",
        compute="_compute_balances",
        help="All that is posted on the account, whoever booked it.",
    )
    difference = fields.Monetary(
        currency_field="company_currency_id", compute="_compute_balances"
    )
    partner_ids = fields.Many2many(
        "res.partner",
        string="Partners That Differ",
        compute="_compute_balances",
    )

    @api.model
    def _get_last_day(self):
        """Return the day of the company's last accrual, else today."""
        Accrual = self.env["partner.commission.accrual"]
        last = Accrual.search([("company_id", "=", self.env.company.id)], limit=1)
        return last.date or fields.Date.context_today(self)

    @api.depends("company_id", "date")
    def _compute_balances(self):
        self._check_accountant()
        # sudo: sums of the whole company, for those who keep its books
        Accrual = self.env["partner.commission.accrual"].sudo()
        for check in self:
            company, date = check.company_id, check.date
            ledger = account = {}
            if company and date and company in self.env.companies:
                ledger = Accrual._get_ledger_balances(company, date)
                account = Accrual._get_account_balances(company, date)
            currency = company.currency_id or self.env.company.currency_id
            check.ledger_balance = sum(ledger.values())
            check.account_balance = sum(account.values())
            check.difference = check.ledger_balance - check.account_balance
            check.partner_ids = [
                partner_id
                for partner_id in ledger.keys() | account.keys()
                if partner_id
                and currency.compare_amounts(
                    ledger.get(partner_id, 0), account.get(partner_id, 0)
                )
            ]

    @api.model
    def _check_accountant(self):
        """Refuse people who do not keep the books.

        :raise AccessError: to anybody else
        """
        if not (self.env.su or self.env.user.has_groups(ACCOUNTANTS)):
            raise AccessError(self.env._("Accruals are for those who keep the books."))

    def action_book(self):
        """Post what the account lacks as of the day, and show the check again.

        :return: window action
        """
        self.ensure_one()
        self._check_accountant()
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("Switch to the company first."))
        self.env["partner.commission.accrual"]._book(self.company_id, self.date)
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "name": self.env._("Check of Commission Accruals"),
        }
