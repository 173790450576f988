from datetime import date
from decimal import Decimal
from typing import NamedTuple

from odoo import models
from odoo.tools import SQL

from ..tools.commission_math import ZERO, to_decimal

_INVOICES = ("out_invoice", "out_receipt")


class Settlement(NamedTuple):
    """How a document is settled, in its currency.

    :param paid: settled by payments, write-offs and credit of other documents
    :param reduced: taken off by credit notes made by hand that earn nothing
    :param last_date: day of the last payment
    """

    paid: Decimal = ZERO
    reduced: Decimal = ZERO
    last_date: date | None = None


UNSETTLED = Settlement()


class CommissionSettlementMixin(models.AbstractModel):
    """Finds how far the documents are settled, and by what.

    A credit note that belongs to an invoice does not settle it: it takes back by
    itself. One of another invoice is money the customer had with the vendor. One
    made by hand, of which the books know nothing, is a reduction.
    """

    _name = "commission.settlement.mixin"
    _description = "Settlement of Documents"

    def _get_settlements(self, shares):
        """Return how documents are settled.

        :param dict shares: ``{move_id: [LineShare]}``; where nothing earns nothing
            is looked up
        :return: ``{move_id: Settlement}``
        """
        rows = self.filtered(lambda move: shares.get(move.id))._read_partials()
        notes = self.browse(
            {
                other_id
                for _id, other_id, other_type, *_rest in rows
                if other_type == "out_refund" and other_id not in shares
            }
        )
        reductions = set(notes._filter_reductions().ids)
        result = {}
        for move_id, other_id, other_type, matched, day in rows:
            known = result.get(move_id, UNSETTLED)
            move, other = self.browse(move_id), self.browse(other_id)
            amount = to_decimal(matched)
            if not move._is_own_credit(other, other_type):
                last = max(day, known.last_date or day)
                paid = known.paid + amount
                result[move_id] = known._replace(paid=paid, last_date=last)
            elif other_id in reductions:
                result[move_id] = known._replace(reduced=known.reduced + amount)
        return result

    def _filter_reductions(self):
        """Return the credit notes made by hand the ledger has no entry of."""
        free = self.filtered(lambda note: not note.reversed_entry_id)
        if not free:
            return free
        entries = (
            self.env["partner.commission.entry"]
            .sudo()
            ._read_group([("move_id", "in", free.ids)], ["move_id"])
        )
        return free - self.browse(move.id for (move,) in entries)

    def _is_own_credit(self, other, other_type):
        """Return whether these two are an invoice and a credit note of its own.

        Without a reference the orders behind them decide; a credit note without
        an order belongs to what it is matched with.

        :param other: the move this document is matched with
        :param other_type: its type
        """
        if self.move_type == "out_refund" and other_type in _INVOICES:
            note, invoice = self, other
        elif self.move_type in _INVOICES and other_type == "out_refund":
            note, invoice = other, self
        else:
            return False
        if note.reversed_entry_id or invoice.reversed_entry_id:
            return invoice == note.reversed_entry_id or (
                note == invoice.reversed_entry_id
            )
        orders = note.invoice_line_ids.sale_line_ids.order_id
        return not orders or bool(
            orders & invoice.invoice_line_ids.sale_line_ids.order_id
        )

    def _read_partials(self):
        """Return what documents are matched with, except what is not posted.

        :return: rows of move id, id and type of the other move, matched amount in
            the document's currency, and day
        """
        if not self:
            return []
        self.env["account.partial.reconcile"].flush_model()
        self.env["account.move.line"].flush_model(["display_type", "move_id"])
        self.env["account.move"].flush_model(["state", "move_type"])
        # Raw SQL: partials have two sides, and the ORM would load every line of
        # every payment. A payment that is a draft again has not been made.
        return self.env.execute_query(
            SQL(" UNION ALL ").join(
                SQL(
                    """
                    SELECT line.move_id, other_move.id, other_move.move_type,
                           part.%(amount)s, part.max_date
                      FROM account_move_line line
                      JOIN account_partial_reconcile part ON part.%(side)s = line.id
                      JOIN account_move_line other ON other.id = part.%(other)s
                      JOIN account_move other_move ON other_move.id = other.move_id
                     WHERE line.move_id IN %(moves)s
                       AND line.display_type = 'payment_term'
                       AND other_move.state = 'posted'
                    """,
                    amount=SQL.identifier(f"{side}_amount_currency"),
                    side=SQL.identifier(f"{side}_move_id"),
                    other=SQL.identifier(f"{other}_move_id"),
                    moves=tuple(self.ids),
                )
                for side, other in (("debit", "credit"), ("credit", "debit"))
            )
        )
