from datetime import timedelta

from odoo import models
from odoo.exceptions import ConcurrencyError

from ..tools.commission_math import ZERO, settled_share, to_decimal
from ..tools.line_share import ACCRUED, PAYABLE, compute_deltas, compute_targets
from .commission_settlement_mixin import UNSETTLED


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

    def _sync_commission(
        self, dates=None, unbooked=None, skip_locked=False, totals=None
    ):
        """Append to the ledger what is missing for these documents.

        :param dict dates: ``{move_id: date}`` on which a payment took effect
        :param unbooked: those of the documents known to have no entry and no
            payment yet; saves looking them up
        :param bool skip_locked: leave documents another transaction works on,
            instead of running again after it
        :param dict totals: ``{move_id: total}`` in the currency of the document, where
            it was read already
        :return: the new entries, empty when the books were right
        """
        # sudo: nobody has rights on the ledger, and whoever posts an invoice or
        # a payment need not see memberships, deals and plans
        documents = self.sudo().filtered(lambda move: move.is_sale_document(True))
        known = documents - (unbooked or self.browse())
        # what an invoice earns decides what its credit notes take back
        notes = known.reversal_move_ids - documents
        known |= notes
        documents |= notes
        invoices = documents.reversed_entry_id
        # sudo: as above
        entries = self.env["partner.commission.entry"].sudo()
        positions = entries._get_positions(
            known | invoices | invoices.reversal_move_ids
        )
        shares = documents._get_line_shares(positions)
        rerated = documents._true_up_periods(shares, positions)
        peers = self.sudo().browse(list(rerated)) - documents
        shares.update(rerated)
        known |= peers
        documents = documents.filtered(lambda move: move.id in shares) | peers
        if not documents:
            return entries
        known &= documents
        if known:
            known_locked = known._lock_documents(skip_locked)
            documents -= known - known_locked
            known = known_locked
        settlements = known._get_settlements(shares)
        totals = totals or {}
        vals_list = [
            vals
            # bands count in the order of the bookings: that of the dates
            for move in documents._in_turn(documents.ids)
            for vals in move._prepare_entries(
                shares[move.id],
                positions.get(move.id, []),
                settlements.get(move.id, UNSETTLED),
                (dates or {}).get(move.id),
                totals.get(move.id),
            )
        ]
        return entries._append(self._drop_held(vals_list))

    def _drop_held(self, vals_list):
        """Leave out what would become payable and is on hold.

        :param vals_list: values of entries
        """
        rules = self.env["partner.commission.rule"]._get_rules_by_id()
        wanted = {}
        for vals in vals_list:
            if _is_rise(vals) and rules[vals["rule_id"]].holds:
                key = vals["move_id"], vals["membership_id"]
                wanted[key] = (
                    wanted.get(key, frozenset()) | rules[vals["rule_id"]].holds
                )
        if not wanted:
            return vals_list
        # sudo: what holds a commission is nobody's to write
        free = self.env["partner.commission.hold"].sudo()._filter_free(wanted)
        return [
            vals
            for vals in vals_list
            if not _is_rise(vals)
            or not rules[vals["rule_id"]].holds
            or (vals["move_id"], vals["membership_id"]) in free
        ]

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

    def _prepare_entries(self, line_shares, positions, settlement, date, total=None):
        """Return the values of the entries one document lacks.

        :param line_shares: list of :class:`LineShare`, empty unless posted
        :param positions: list of :class:`Position` of the document
        :param settlement: :class:`Settlement` of the document
        :param date: day of the payment that is being booked, or None
        :param total: of the document, if it was read already
        """
        self.ensure_one()
        total = to_decimal(self.amount_total if total is None else total)
        targets = compute_targets(
            line_shares,
            settled_share(total, settlement.paid),
            to_decimal(self.currency_id.rounding),
            to_decimal(self.company_currency_id.rounding),
            settled_share(total, settlement.reduced) if total else ZERO,
        )
        sale = self._get_commission_sale()
        return [
            self._prepare_entry(delta, sale, date or settlement.last_date)
            for delta in compute_deltas(targets, positions)
        ]

    def _prepare_entry(self, delta, sale, payment_date):
        """Return the values of one entry.

        :param delta: :class:`Delta` to book
        :param sale: see :meth:`_get_commission_sale`
        :param payment_date: day the payment took effect, or None
        """
        share = delta.line_share
        cause = self._get_commission_cause(delta, sale)
        return {
            "book": delta.book,
            "cause": cause,
            "date": self._get_commission_date(delta, cause, payment_date),
            "revision": delta.revision,
            "company_id": self.company_id.id,
            **share.facts,
            **delta.amounts._asdict(),
        }

    def _get_commission_sale(self):
        """Return the cause of what the document itself earns, None where it is void.

        Asked once for a document and not for each of its entries.
        """
        if self.state != "posted" or self.reversed_entry_id.state == "cancel":
            return None
        return "credited" if self.move_type == "out_refund" else "posted"

    def _get_commission_cause(self, delta, sale):
        """Return why an entry is made, a key of the entry's causes."""
        if not sale:
            return "reset"
        if delta.is_true_up:
            return "true_up"
        trigger = delta.line_share.trigger
        on_posting = trigger == "split" and not delta.position
        if delta.book == ACCRUED or trigger == "posting" or on_posting:
            return "credited" if delta.is_undo else sale
        if delta.is_undo:
            return "unpaid"
        return "credited" if sale == "credited" else "paid"

    def _get_commission_date(self, delta, cause, payment_date):
        """Return the day an entry counts for.

        A first posting counts for the invoice date and a payment for its own
        day; what is corrected afterwards counts for the day it is corrected. No
        entry counts for a day before those it follows: a period that takes in a
        booking takes in what became of it, or neither.
        """
        first = not delta.position and delta.revision == 1
        on_payment = delta.book == PAYABLE and delta.line_share.trigger != "posting"
        if on_payment and cause in ("paid", "credited") and payment_date:
            day = payment_date
        elif first and cause in ("posted", "credited"):
            day = self.invoice_date or self.date
        else:
            day = self.company_id._get_channel_today()
        if delta.book == PAYABLE and delta.amounts.amount_currency > 0:
            day += timedelta(days=self._get_holdback_days(delta.line_share))
        return max(day, delta.position.last_date) if delta.position else day

    def _get_holdback_days(self, share):
        """Return how many days an amount waits before it counts as payable."""
        rules = self.env["partner.commission.rule"]._get_rules_by_id()
        return rules[share.rule_id].holdback if share.rule_id in rules else 0


def _is_rise(vals):
    """Return whether an entry makes more payable."""
    return vals["book"] == PAYABLE and vals["amount_currency"] > 0
