from odoo import models
from odoo.tools import SQL

from ..tools.commission_math import to_decimal
from ..tools.line_share import MEASURE


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _get_commission_quantity(self):
        """Return the quantity in the product's unit; negative if it is given back."""
        self.ensure_one()
        quantity, product_unit = self.quantity, self.product_id.uom_id
        if product_unit and self.product_uom_id:
            quantity = self.product_uom_id._compute_quantity(
                quantity, product_unit, round=False
            )
        sign = -1 if self.price_subtotal < 0 < quantity else 1
        return sign * to_decimal(quantity).quantize(MEASURE)

    def _get_commission_unit_cost(self):
        """Return the cost of a unit at delivery, in the document's currency.

        That is what Odoo booked as cost of the goods sold; without such a booking
        the cost price of the product on the day it is first posted.
        """
        self.ensure_one()
        quantity = abs(self._get_commission_quantity())
        booked = self._get_booked_cost()
        if booked and quantity:
            cost = to_decimal(booked) / quantity
        else:
            product = self.product_id.with_company(self.company_id)
            cost = to_decimal(product.standard_price)
        return cost * self.move_id._get_commission_currency_rate()

    def _get_booked_cost(self):
        """Return the cost of goods booked for this line, in company currency."""
        if "cogs_origin_id" not in self._fields:
            return 0
        lines = self.move_id.line_ids.filtered(
            lambda line: line.display_type == "cogs" and line.cogs_origin_id == self
        )
        return sum(lines.mapped("debit"))

    def _find_renewed(self):
        """Return the ids of lines whose customer bought the product before."""
        if not self.ids:
            return set()
        self.env["account.move"].flush_model(
            ["company_id", "invoice_date", "move_type", "state"]
        )
        self.flush_model(["move_id", "partner_id", "product_id"])
        # Raw SQL: a look-up for each line of a batch at once
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id
                  FROM account_move_line line
                  JOIN account_move move ON move.id = line.move_id
                 WHERE line.id IN %s
                   AND EXISTS (
                       SELECT 1
                         FROM account_move_line old_line
                         JOIN account_move old ON old.id = old_line.move_id
                        WHERE old_line.partner_id = line.partner_id
                          AND old_line.product_id = line.product_id
                          AND old_line.display_type = 'product'
                          AND old.company_id = move.company_id
                          AND old.state = 'posted'
                          AND old.move_type = 'out_invoice'
                          AND (old.invoice_date, old.id)
                              < (move.invoice_date, move.id))
                """,
                tuple(self.ids),
            )
        )
        return {row[0] for row in rows}
