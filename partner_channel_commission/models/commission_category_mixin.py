from odoo import models


class CommissionCategoryMixin(models.AbstractModel):
    """Finds the product categories an invoice line is paid by."""

    _name = "commission.category.mixin"
    _description = "Categories of Commission Lines"

    def _get_line_categories(self, lines):
        """Return the categories of lines, and of what they stand for.

        :param lines: ``account.move.line`` records
        :return: ``{line_id: (ids of the own categories, [ids for each product])}``
        """
        return {
            line.id: (
                _category_ids(line.product_id),
                [_category_ids(each) for each in self._get_ordered_products(line)],
            )
            for line in lines
        }

    def _get_ordered_products(self, line):
        """Return the products a down payment or an order's discount is about."""
        sold = line.sale_line_ids
        if not sold or any(_is_product(each) for each in sold):
            return sold.product_id.browse()
        return sold.order_id.order_line.filtered(_is_product).product_id


def _is_product(order_line):
    """Return whether an order line sells something by itself."""
    return bool(
        order_line.product_id
        and not order_line.display_type
        and not order_line.is_downpayment
        and not order_line._is_discount_line()
    )


def _category_ids(product):
    """Return the ids of the product's category and those above it."""
    path = product.categ_id.parent_path or ""
    return {int(part) for part in path.split("/") if part}
