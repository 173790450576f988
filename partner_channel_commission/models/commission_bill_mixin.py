from odoo import fields, models
from odoo.exceptions import UserError


class CommissionBillMixin(models.AbstractModel):
    """Lets the bill of a statement tell the statement how it fares.

    A bill knows the statement it was made for as long as it lives; the statement
    knows the one bill that counts at present.
    """

    _name = "commission.bill.mixin"
    _description = "Vendor Bill of a Commission Statement"

    commission_rest_id = fields.Many2one(
        "partner.commission.statement",
        "Disputed Lines of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="account.group_account_invoice,account.group_account_readonly",
        help="The statement whose lines, settled after a dispute, the bill pays.",
    )

    commission_invoice_number = fields.Char(
        "Partner's Invoice Number",
        readonly=True,
        copy=False,
        groups="account.group_account_invoice,account.group_account_readonly",
        help="As the partner typed it with its invoice.",
    )

    _commission_number_uniq = models.UniqueIndex(
        "(company_id, commercial_partner_id, lower(commission_invoice_number)) "
        "WHERE commission_invoice_number IS NOT NULL AND state <> 'cancel'",
        "This partner has sent an invoice with this number already.",
    )

    def write(self, vals):
        names = {"commission_payout_id", "commission_rest_id"} & vals.keys()
        if names:
            self._check_made_for(names, vals)
        return super().write(vals)

    def _check_made_for(self, names, vals):
        """Refuse to take a bill off its statement, or to put it on another one.

        What it may amount to follows from the statement it was made for.

        :param names: fields to be written
        :param dict vals: values of a ``write``
        :raise UserError: naming the bill and what to do
        """
        # sudo: which statement it is, whoever writes
        for bill in self.sudo():
            if any(bill[name].id not in (False, vals[name]) for name in names):
                raise UserError(
                    self.env._(
                        "“%(bill)s” was made for “%(statement)s” and stays its bill: "
                        "cancel the bill to make another one.",
                        bill=bill.display_name,
                        statement=(
                            bill.commission_payout_id or bill.commission_rest_id
                        ).display_name,
                    )
                )

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
            bill._check_only_bill(bill.commission_payout_id)
            bill._check_own_number(bill.commission_payout_id)
            agreed = bill.commission_payout_id._get_payout_amount()
            bill._check_agreed_amount(bill.commission_payout_id, agreed)
        for bill in self._get_rest_bills():
            disputes = self._get_disputes(bill)
            agreed = sum(disputes.mapped("amount"))
            bill._check_agreed_amount(bill.commission_rest_id, agreed)

    def _check_own_number(self, statement):
        """Refuse a bill the partner has neither written nor agreed to have written.

        :param statement: the one the bill is for
        :raise UserError: naming the bill; only where the company asks for invoices
        """
        self.ensure_one()
        if (
            self.company_id.channel_invoice_required
            and not statement.membership_id.self_billing_date
            and self.ref in (False, "", statement.name)
        ):
            raise UserError(
                self.env._(
                    "“%(bill)s”: Bill Reference has to be the number of the partner's "
                    "own invoice. It can be sent in the portal; or the partner agrees "
                    "to self-billing.",
                    bill=self.display_name,
                )
            )

    def _check_agreed_amount(self, statement, agreed):
        """Refuse another amount than what the partner agreed on.

        :param statement: the one the bill is for
        :param agreed: without taxes, in the statement's currency
        :raise UserError: naming both
        """
        self.ensure_one()
        currency = statement.currency_id
        if self.currency_id == currency and not currency.compare_amounts(
            self.amount_untaxed, agreed
        ):
            return
        raise UserError(
            self.env._(
                "“%(bill)s” comes to %(amount)s without taxes, but "
                "“%(statement)s”, which the partner accepted, to %(total)s. "
                "Give the bill that total, or correct the customer's "
                "document: the difference goes to the next statement.",
                bill=self.display_name,
                amount=self.currency_id.format(self.amount_untaxed),
                statement=statement.display_name,
                total=currency.format(agreed),
            )
        )

    def _set_net_prices(self):
        """Add taxes that are included in the price: a commission is without taxes."""
        for line in self.invoice_line_ids:
            if any(line.tax_ids.flatten_taxes_hierarchy().mapped("price_include")):
                line.price_unit = line.tax_ids._adapt_price_unit_to_another_taxes(
                    line.price_unit,
                    line.product_id,
                    line.tax_ids.browse(),
                    line.tax_ids,
                    product_uom=line.product_uom_id,
                )

    def _get_rest_bills(self):
        """Return those made for lines settled after a dispute, in sudo."""
        bills = self.filtered(lambda move: move.move_type == "in_invoice").sudo()
        return bills.filtered("commission_rest_id")

    def _get_disputes(self, bills):
        """Return the disputes these bills pay the lines of, in sudo."""
        # sudo: a line follows its bill, whoever pays that
        Dispute = self.env["partner.commission.dispute"].sudo()
        return Dispute.search([("bill_id", "in", bills.ids)])

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
        if not self:
            return
        self._get_commission_statements()._sync_payment_state()
        self._resume_commission_bills()
        gone = self._get_rest_bills().filtered(
            lambda bill: bill.state == "posted" and bill.payment_state == "reversed"
        )
        self._get_disputes(gone)._release_bills(gone)

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
        bills = self._get_rest_bills()
        self._get_disputes(bills)._release_bills(bills)
