"""Which line of an invoice a line of its credit note takes back."""

from typing import NamedTuple


class Line(NamedTuple):
    """What identifies an invoice line across documents.

    :param line_id: id of the ``account.move.line``
    :param sale_line_ids: ids of the sale order lines it invoices
    :param product_id: id of its product or ``False``
    """

    line_id: int
    sale_line_ids: frozenset
    product_id: int | bool


def _by_order(credit, origin):
    return bool(credit.sale_line_ids & origin.sale_line_ids)


def _by_product(credit, origin):
    return credit.product_id == origin.product_id


def match_lines(credit_lines, origin_lines):
    """Return ``{credit line id: origin line id}``, unmatched lines left out.

    The order line decides; else the product, in the order of the lines. Each
    origin line serves once before it serves again, so a credit note that
    reverses an invoice meets it line by line.

    >>> origin = [Line(1, frozenset(), 5), Line(2, frozenset(), 5)]
    >>> match_lines([Line(8, frozenset(), 5), Line(9, frozenset(), 5)], origin)
    {8: 1, 9: 2}
    >>> match_lines([Line(8, frozenset(), 5)] , origin[1:])
    {8: 2}
    >>> sold = [Line(1, frozenset([3]), 5), Line(2, frozenset([4]), 5)]
    >>> match_lines([Line(8, frozenset([4]), 5)], sold)
    {8: 2}
    >>> match_lines([Line(8, frozenset(), 6)], origin)
    {}
    """
    result, used = {}, set()
    for fits in (_by_order, _by_product):
        for credit in credit_lines:
            if credit.line_id in result:
                continue
            candidates = [origin for origin in origin_lines if fits(credit, origin)]
            if candidates:
                best = min(candidates, key=lambda origin: origin.line_id in used)
                result[credit.line_id] = best.line_id
                used.add(best.line_id)
    return result
