from odoo import models

from ..tools.rule_table import Product


class CommissionCategoryMixin(models.AbstractModel):
    """Finds the products an invoice line is paid by."""

    _name = "commission.category.mixin"
    _description = "Products of Commission Lines"

    def _get_line_products(self, lines, rules):
        """Return the products of lines, and of what they stand for.

        :param lines: ``account.move.line`` records
        :param rules: list of :class:`Rule`; what none asks for is not read
        :return: ``{line_id: (Product of the line, [Product it stands for])}``
        """
        if not any(rule.by_product for rule in rules):
            return {}
        by_tag = any(rule.tag_ids for rule in rules)
        return {
            line.id: (
                _as_value(line.product_id, by_tag),
                [_as_value(each, by_tag) for each in self._get_ordered_products(line)],
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


def _as_value(product, by_tag):
    """Return a product as the rules know it."""
    path = product.categ_id.parent_path or ""
    return Product(
        product.id,
        tuple(int(part) for part in path.split("/") if part),
        frozenset(product.all_product_tag_ids.ids) if by_tag else frozenset(),
    )
