from odoo import api, fields, models
from odoo.exceptions import UserError

#: who books accruals and compares them with the account
ACCOUNTANTS = "account.group_account_user,account.group_account_manager"


class PartnerCommissionAccrual(models.Model):
    """One journal entry that brings the general ledger to where the books stand.

    What partners have earned and not billed is a liability. Each run books the change
    since the last one, so it may run at any time and as often as it likes; what was
    booked late, or into a locked period, is part of the next run.
    """

    _name = "partner.commission.accrual"
    _description = "Commission Accrual"
    _inherit = [
        "commission.accrual.balance.mixin",
        "commission.accrual.job.mixin",
        "channel.state.mixin",
    ]
    _order = "company_id, number desc"
    _rec_name = "date"
    _state_fields = (
        "company_id",
        "number",
        "date",
        "account_id",
        "amount",
        "balance",
        "move_id",
    )

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    number = fields.Integer(required=True, readonly=True)
    date = fields.Date(required=True, readonly=True, help="Books and account as of.")
    account_id = fields.Many2one(
        "account.account",
        "Liability Account",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    amount = fields.Monetary(
        "Change", currency_field="company_currency_id", readonly=True
    )
    balance = fields.Monetary(
        "Earned and Not Billed",
        currency_field="company_currency_id",
        readonly=True,
        help="By the ledger, as of the date.",
    )
    move_id = fields.Many2one(
        "account.move",
        "Journal Entry",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    # Two servers that computed from the same past meet here: the second is refused.
    _number_uniq = models.UniqueIndex("(company_id, number)")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        raise UserError(
            self.env._("Accruals are kept; reset their journal entries instead.")
        )

    @api.model
    def _book(self, company, date):
        """Post what the account lacks as of a day.

        :param company: with journal and accounts set
        :param date: last day that counts
        :return: the accrual, empty when nothing was missing
        :raise UserError: the settings are incomplete, or the day is locked
        """
        # sudo: the caller has been checked; the books are nobody's to read in whole
        records = self.sudo().with_company(company)
        records._check_accrual(company, date)
        changes = records._get_changes(company, date)
        if not changes:
            return records.browse()
        last = records.search([("company_id", "=", company.id)], limit=1)
        # sudo: as above, the entry is of the whole books
        move = self.env["account.move"].sudo().with_company(company)
        move = move.create(records._prepare_move(company, date, changes))
        accrual = records._with_state_move().create(
            {
                "company_id": company.id,
                "number": last.number + 1,
                "date": date,
                "account_id": company.channel_accrual_liability_id.id,
                "amount": sum(changes.values()),
                "balance": sum(records._get_ledger_balances(company, date).values()),
                "move_id": move.id,
            }
        )
        move._post(soft=False)
        # without what lets it set protected fields
        return self.browse(accrual.id)

    @api.model
    def _check_accrual(self, company, date):
        """Refuse to book without settings, or into a locked period.

        :raise UserError: naming what is missing
        """
        if not company._has_channel_accrual():
            raise UserError(
                self.env._(
                    "“%(company)s” has no journal and accounts for commission "
                    "accruals: choose them in the settings.",
                    company=company.name,
                )
            )
        if self._is_locked(company, date):
            raise UserError(
                self.env._(
                    "%(date)s is locked: book the commission accrual at a later day.",
                    date=fields.Date.to_string(date),
                )
            )

    @api.model
    def _is_locked(self, company, date):
        """Return whether nothing may be booked on a day any more."""
        journal = company.channel_accrual_journal_id
        return bool(company._get_violated_lock_dates(date, False, journal))
