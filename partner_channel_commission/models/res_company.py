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
        "Monthly Statements",
        help="Create the commission statements of each month when it is over.",
    )

    def _get_channel_commission_product(self):
        """Return the product commissions are billed with, may be empty."""
        self.ensure_one()
        return (
            self.channel_commission_product_id
            or self.env.ref(
                "partner_channel_commission.product_commission",
                raise_if_not_found=False,
            )
            or self.env["product.product"]
        )
