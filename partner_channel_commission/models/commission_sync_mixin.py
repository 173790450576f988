from odoo import fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

from ..tools.commission_math import ZERO, settled_share, to_decimal
from ..tools.line_share import ACCRUED, PAYABLE, compute_deltas, compute_targets

_OPPOSITE_TYPES = {
    "out_invoice": ("out_refund",),
    "out_receipt": ("out_refund",),
    "out_refund": ("out_invoice", "out_receipt"),
}


class CommissionSyncMixin(models.AbstractModel):
    """Keeps the ledger true to the documents: the half that books.

    *How it works*: what each book should hold follows from the facts of a
    document (:class:`LineShare`, found by ``commission.source.mixin``) and from
    what of it is settled; what a book holds is the sum of its entries; the
    difference is appended. So any event may call :meth:`_sync_commission`, as
    often as it likes.
    """

    _name = "commission.sync.mixin"
    _description = "Commission Bookkeeping of Documents"

    def _sync_commission(self, dates=None, unbooked=None, skip_locked=False):
        """Append to the ledger what is missing for these documents.

        :param dict dates: ``{move_id: date}`` on which a payment took effect
        :param unbooked: those of the documents known to have no entry and no
            payment yet; saves looking them up
        :param bool skip_locked: leave documents another transaction works on,
            instead of running again after it
        :return: the new entries, empty when the books were right
        """
        # sudo: nobody has rights on the ledger, and whoever posts an invoice or
        # a payment need not see memberships, deals and plans
        documents = self.sudo().filtered(lambda move: move.is_sale_document(True))
        known = documents - (unbooked or self.browse())
        entries = self.env["partner.commission.entry"].sudo()
        positions = entries._get_positions(known | documents.reversed_entry_id)
        shares = documents._get_line_shares(positions)
        documents = documents.filtered(lambda move: move.id in shares)
        if not documents:
            return entries
        known &= documents
        if known:
            known_locked = known._lock_documents(skip_locked)
            documents -= known - known_locked
            known = known_locked
        settled = known._get_settled(shares)
        vals_list = [
            vals
            for move in documents
            for vals in move._prepare_entries(
                shares[move.id],
                positions.get(move.id, []),
                settled.get(move.id, (ZERO, None)),
                (dates or {}).get(move.id),
            )
        ]
        return entries._append(vals_list)

    def _lock_documents(self, skip_locked):
        """Lock the documents against other bookkeeping.

        :return: the locked ones
        :raise ConcurrencyError: one is locked elsewhere; Odoo runs the request
            again
        """
        locked = self.try_lock_for_update(allow_referencing=True)
        if len(locked) < len(self) and not skip_locked:
            raise ConcurrencyError("commission of locked documents")
        return locked

    def _get_settled(self, shares):
        """Return how far documents are settled, by anything but their credit notes.

        A credit note of another invoice is money the customer had with the vendor.

        :param dict shares: ``{move_id: [LineShare]}``; without a rule that waits
            for the payment nothing is looked up
        :return: ``{move_id: (settled amount, date of the last payment)}``
        """
        waiting = self.filtered(
            lambda move: any(share.trigger == "payment" for share in shares[move.id])
        )
        settled = {}
        for move_id, other_type, amount, day, is_pair in waiting._read_partials():
            move_type = self.browse(move_id).move_type
            if not is_pair or other_type not in _OPPOSITE_TYPES[move_type]:
                total, last = settled.get(move_id, (ZERO, day))
                settled[move_id] = total + to_decimal(amount), max(last, day)
        return settled

    def _read_partials(self):
        """Return what documents are matched with, except what is not posted.

        :return: rows of move id, type of the other move, matched amount in the
            document's currency, day, and whether the two may be an invoice and
            its own credit note
        """
        if not self:
            return []
        self.env["account.partial.reconcile"].flush_model()
        self.env["account.move.line"].flush_model(["display_type", "move_id"])
        self.env["account.move"].flush_model(
            ["state", "move_type", "reversed_entry_id"]
        )
        # Raw SQL: partials have two sides, and the ORM would load every line of
        # every payment. A payment that is a draft again has not been made.
        return self.env.execute_query(
            SQL(" UNION ALL ").join(
                SQL(
                    """
                    SELECT line.move_id, other_move.move_type, part.%(amount)s,
                           part.max_date,
                           COALESCE(other_move.reversed_entry_id, move.id) = move.id
                           AND COALESCE(move.reversed_entry_id, other_move.id)
                               = other_move.id
                      FROM account_move_line line
                      JOIN account_move move ON move.id = line.move_id
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

    def _prepare_entries(self, line_shares, positions, settled, date):
        """Return the values of the entries one document lacks.

        :param line_shares: list of :class:`LineShare`, empty unless posted
        :param positions: list of :class:`Position` of the document
        :param settled: amount settled and date of the last payment
        :param date: day of the payment that is being booked, or None
        """
        self.ensure_one()
        amount, last_payment = settled
        targets = compute_targets(
            line_shares,
            settled_share(to_decimal(self.amount_total), amount),
            to_decimal(self.currency_id.rounding),
            to_decimal(self.company_currency_id.rounding),
        )
        return [
            self._prepare_entry(delta, date or last_payment)
            for delta in compute_deltas(targets, positions)
        ]

    def _prepare_entry(self, delta, payment_date):
        """Return the values of one entry.

        :param delta: :class:`Delta` to book
        :param payment_date: day the payment took effect, or None
        """
        share = delta.line_share
        cause = self._get_commission_cause(delta)
        return {
            "book": delta.book,
            "cause": cause,
            "date": self._get_commission_date(delta, cause, payment_date),
            "revision": delta.revision,
            "company_id": self.company_id.id,
            **share.facts,
            **delta.amounts._asdict(),
        }

    def _get_commission_cause(self, delta):
        """Return why an entry is made, a key of the entry's causes."""
        if self.state != "posted":
            return "reset"
        sale = "credited" if self.move_type == "out_refund" else "posted"
        if delta.book == ACCRUED or delta.line_share.trigger == "posting":
            return sale
        grows = (delta.amounts.amount_currency > 0) == (delta.line_share.exact > 0)
        if not grows:
            return "unpaid"
        return "credited" if self.move_type == "out_refund" else "paid"

    def _get_commission_date(self, delta, cause, payment_date):
        """Return the day an entry counts for.

        A first posting counts for the invoice date and a payment for its own
        day; what is corrected afterwards counts for the day it is corrected. No
        entry counts for a day before those it follows: a period that takes in a
        booking takes in what became of it, or neither.
        """
        first = not delta.position and delta.revision == 1
        on_payment = delta.book == PAYABLE and delta.line_share.trigger == "payment"
        if on_payment and cause in ("paid", "credited") and payment_date:
            day = payment_date
        elif first and cause in ("posted", "credited"):
            day = self.invoice_date or self.date
        else:
            day = fields.Date.context_today(self)
        return max(day, delta.position.last_date) if delta.position else day
