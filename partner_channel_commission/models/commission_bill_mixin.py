from odoo import models
from odoo.exceptions import UserError


class CommissionBillMixin(models.AbstractModel):
    """Lets the bill of a statement tell the statement how it fares.

    A bill knows the statement it was made for as long as it lives; the statement
    knows the one bill that counts at present.
    """

    _name = "commission.bill.mixin"
    _description = "Vendor Bill of a Commission Statement"

    def _get_commission_statements(self):
        """Return the statements these documents are the bill of."""
        bills = self.filtered(lambda move: move.move_type == "in_invoice")
        if not bills:
            return self.env["partner.commission.statement"]
        # sudo: the statement follows its bill, whoever pays that
        return (
            self.env["partner.commission.statement"]
            .sudo()
            .search([("bill_id", "in", bills.ids)])
        )

    def _get_commission_bills(self):
        """Return those made for a statement, in sudo: a fact for whoever posts."""
        bills = self.filtered(lambda move: move.move_type == "in_invoice").sudo()
        return bills.filtered("commission_payout_id")

    def _check_commission_bills(self):
        """Refuse to post a bill that is not, or no longer, what was agreed.

        :raise UserError: naming bill and statement
        """
        for bill in self._get_commission_bills():
            statement = bill.commission_payout_id
            bill._check_only_bill(statement)
            currency = statement.currency_id
            if bill.currency_id != currency or currency.compare_amounts(
                bill.amount_untaxed, statement.amount_total
            ):
                raise UserError(
                    self.env._(
                        "“%(bill)s” comes to %(amount)s without taxes, but "
                        "“%(statement)s”, which the partner accepted, to %(total)s. "
                        "Give the bill that total, or correct the customer's "
                        "document: the difference goes to the next statement.",
                        bill=bill.display_name,
                        amount=bill.currency_id.format(bill.amount_untaxed),
                        statement=statement.display_name,
                        total=currency.format(statement.amount_total),
                    )
                )

    def _check_only_bill(self, statement):
        """Refuse that two bills of one statement are open.

        :param statement: the one this bill was made for
        :raise UserError: naming both bills
        """
        self.ensure_one()
        if statement.bill_id not in (self, self.browse()):
            raise UserError(
                self.env._(
                    "“%(bill)s” was taken back, and “%(statement)s” is paid out by "
                    "“%(other)s” instead. Cancel that one first.",
                    bill=self.display_name,
                    statement=statement.display_name,
                    other=statement.bill_id.display_name,
                )
            )

    def _sync_commission_bills(self):
        """Move statements to paid, or back, as their bills are."""
        self._get_commission_statements()._sync_payment_state()
        self._resume_commission_bills()

    def _resume_commission_bills(self):
        """Give statements the bill back that was taken from them and is open again.

        :raise UserError: the statement has another bill since
        """
        for bill in self._get_commission_bills():
            statement = bill.commission_payout_id
            is_open = bill.state == "posted" and bill.payment_state != "reversed"
            if is_open and statement.bill_id != bill:
                bill._check_only_bill(statement)
                statement._resume_bill(bill)

    def _release_commission_statements(self):
        """Let statements have a new bill: theirs is cancelled or goes away."""
        self._get_commission_statements()._release_bill()
