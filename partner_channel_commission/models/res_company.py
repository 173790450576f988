from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    channel_commission_product_id = fields.Many2one(
        "product.product",
        "Commission Product",
        domain="[('type', '=', 'service'), ('purchase_ok', '=', True)]",
        check_company=True,
        help="Product on the vendor bills of commission statements: it decides "
        "account and taxes.",
    )
    channel_statement_auto = fields.Boolean(
        "Automatic Statements",
        help="Create the commission statements of each period when it is over.",
    )

    channel_bill_auto = fields.Boolean(
        "Automatic Bills",
        help="Create the draft bills of accepted statements at night, unless the "
        "partner's own invoice is awaited or lines are in dispute.",
    )
    channel_invoice_required = fields.Boolean(
        "Partners' Own Invoices",
        help="A statement is billed by the partner's own invoice, unless the partner "
        "has agreed to self-billing.",
    )

    channel_accrual_journal_id = fields.Many2one(
        "account.journal",
        "Accrual Journal",
        domain="[('type', '=', 'general')]",
        check_company=True,
        help="Journal of the monthly entries for commissions earned and not billed.",
    )
    channel_accrual_expense_id = fields.Many2one(
        "account.account",
        "Accrual Expense",
        check_company=True,
        help="Debited with what partners earn, credited when it is billed.",
    )
    channel_accrual_liability_id = fields.Many2one(
        "account.account",
        "Accrued Liability",
        check_company=True,
        help="Its balance is what partners have earned and not billed.",
    )

    def _has_channel_accrual(self):
        """Return whether commissions earned are to be booked as a liability."""
        self.ensure_one()
        return bool(
            self.channel_accrual_journal_id
            and self.channel_accrual_expense_id
            and self.channel_accrual_liability_id
        )

    def _get_channel_commission_product(self):
        """Return the product commissions are billed with, may be empty."""
        self.ensure_one()
        # by id, which is kept in memory: asked for each line of each bill
        default_id = self.env["ir.model.data"]._xmlid_to_res_id(
            "partner_channel_commission.product_commission"
        )
        return self.channel_commission_product_id or self.env["product.product"].browse(
            default_id or ()
        )
