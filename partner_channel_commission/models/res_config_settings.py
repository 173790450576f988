from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    channel_commission_product_id = fields.Many2one(
        related="company_id.channel_commission_product_id", readonly=False
    )
    channel_statement_auto = fields.Boolean(
        related="company_id.channel_statement_auto", readonly=False
    )
    channel_invoice_required = fields.Boolean(
        related="company_id.channel_invoice_required", readonly=False
    )
    channel_accrual_journal_id = fields.Many2one(
        related="company_id.channel_accrual_journal_id", readonly=False
    )
    channel_accrual_expense_id = fields.Many2one(
        related="company_id.channel_accrual_expense_id", readonly=False
    )
    channel_accrual_liability_id = fields.Many2one(
        related="company_id.channel_accrual_liability_id", readonly=False
    )
    channel_bill_auto = fields.Boolean(
        related="company_id.channel_bill_auto", readonly=False
    )
