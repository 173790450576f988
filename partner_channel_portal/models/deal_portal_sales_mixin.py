from collections import Counter

from odoo import fields, models

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
        states = Counter(orders.mapped("state"))
        invoices = self._get_portal_invoices(orders)
        paid = invoices.filtered(
            lambda move: move.payment_state in ("in_payment", "paid")
        )
        return [
            (self.env._("Quotations"), states["draft"] + states["sent"]),
            (self.env._("Sales orders"), states["sale"]),
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
        documents = self._prepare_portal_orders(sent)
        documents += self._prepare_portal_invoices(self._get_portal_invoices(orders))
        # the sort is stable: of one day, what was invoiced comes before what was quoted
        documents.reverse()
        documents.sort(key=lambda pair: pair[0], reverse=True)
        return [document for _date, document in documents[:_SHOWN]]

    def _prepare_portal_orders(self, orders):
        """Return ``[(date, facts)]`` of orders, the dates where the person is."""
        labels = dict(orders._fields["state"]._description_selection(self.env))
        return [
            (
                fields.Datetime.context_timestamp(self, order.date_order).date(),
                {
                    "name": order.name,
                    "state": labels[order.state],
                    "amount": order.amount_untaxed,
                    "currency": order.currency_id,
                },
            )
            for order in orders
        ]

    def _prepare_portal_invoices(self, moves):
        """Return ``[(date, facts)]`` of posted invoices and credit notes."""
        labels = dict(moves._fields["payment_state"]._description_selection(self.env))
        return [
            (
                move.invoice_date or move.date,
                {
                    "name": move.name,
                    "state": labels.get(move.payment_state, ""),
                    "amount": move.amount_untaxed
                    * (-1 if move.move_type == "out_refund" else 1),
                    "currency": move.currency_id,
                },
            )
            for move in moves
        ]
