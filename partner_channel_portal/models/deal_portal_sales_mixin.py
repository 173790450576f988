from collections import Counter

from odoo import models

#: documents shown of one deal, the newest
_SHOWN = 20


class DealPortalSalesMixin(models.AbstractModel):
    """What became of a deal at the vendor: quotations and invoices."""

    _name = "deal.portal.sales.mixin"
    _description = "Registration: Quotations and Invoices in the Portal"

    def _may_portal_see_sales(self):
        """Return whether the current user may know what is quoted and invoiced."""
        self.ensure_one()
        person = self.env.user.partner_id
        return person._has_channel_capability("can_see_money") and self._is_portal_own()

    def _get_portal_sales(self):
        """Return how many documents the vendor made for the deal.

        :return: list of ``(label, count)``; empty while there is none, and for
            people who may not see money
        """
        if not self._may_portal_see_sales():
            return []
        # sudo: partners have no access to the customer's orders and invoices and
        # get their number only, after the check above
        orders = self.sudo().order_ids
        if not orders:
            return []
        states = Counter(order.state in ("draft", "sent") for order in orders)
        cancelled = len(orders.filtered(lambda order: order.state == "cancel"))
        invoices = self._get_portal_invoices(orders)
        paid = invoices.filtered(
            lambda move: move.payment_state in ("in_payment", "paid")
        )
        return [
            (self.env._("Quotations"), states[True]),
            (self.env._("Sales orders"), states[False] - cancelled),
            (self.env._("Invoices"), len(invoices)),
            (self.env._("of these paid"), len(paid)),
        ]

    def _get_portal_invoices(self, orders):
        """Return the posted invoices and credit notes of orders, in sudo."""
        return orders.invoice_ids.filtered(lambda move: move.state == "posted")

    def _get_portal_documents(self):
        """Return number, state and amount of what the customer has got.

        Drafts are the vendor's alone. Amounts are without taxes, a credit note's
        negative.

        :return: list of dicts ``name``, ``state`` (words), ``amount`` and ``currency``,
            newest first; empty for people who may not see money
        """
        if not self._may_portal_see_sales():
            return []
        # sudo: as for the numbers of documents; four facts of each are shown
        orders = self.sudo().order_ids
        sent = orders.filtered(lambda order: order.state in ("sent", "sale"))
        documents = [
            (order.date_order, self._prepare_portal_order(order)) for order in sent
        ]
        documents += [
            (move.create_date, self._prepare_portal_invoice(move))
            for move in self._get_portal_invoices(orders)
        ]
        documents.sort(key=lambda pair: pair[0], reverse=True)
        return [document for _date, document in documents[:_SHOWN]]

    def _prepare_portal_order(self, order):
        labels = dict(order._fields["state"]._description_selection(self.env))
        return {
            "name": order.name,
            "state": labels[order.state],
            "amount": order.amount_untaxed,
            "currency": order.currency_id,
        }

    def _prepare_portal_invoice(self, move):
        field = move._fields["payment_state"]
        labels = dict(field._description_selection(self.env))
        sign = -1 if move.move_type == "out_refund" else 1
        return {
            "name": move.name,
            "state": labels.get(move.payment_state, ""),
            "amount": sign * move.amount_untaxed,
            "currency": move.currency_id,
        }
