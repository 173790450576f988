from odoo import models

from ..tools.commission_math import ZERO, to_decimal
from ..tools.crediting import cap, spread
from ..tools.matching import Line, match_lines


class CommissionCreditMixin(models.AbstractModel):
    """Finds what a credit note takes back of what its invoice earned."""

    _name = "commission.credit.mixin"
    _description = "Commission Facts of Credit Notes"

    def _find_credit_shares(self, earned):
        """Return the shares of credit notes the books hold nothing for.

        What earned nothing has nothing to give back, and nobody gives back more
        than was earned, however many credit notes there are.

        :param earned: ``{move_id: [LineShare]}`` of the invoices and of the credit
            notes that count already
        :return: ``{move_id: [LineShare]}``
        """
        result = {}
        for move in self:
            invoice = move.reversed_entry_id
            origin = earned.get(invoice.id)
            if not origin:
                continue
            others = {**earned, **result}
            taken = [
                share
                for note in invoice.reversal_move_ids - move
                for share in others.get(note.id, ())
            ]
            unit = to_decimal(move.currency_id.rounding)
            result[move.id] = cap(move._mirror_shares(origin), origin, taken, unit)
        return result

    def _add_late_partners(self, shares):
        """Let credit notes in the books take from partners added to the invoice since.

        :param dict shares: ``{move_id: [LineShare]}``, changed in place
        """
        for note in self.filtered("reversed_entry_id"):
            invoice = note.reversed_entry_id
            held, origin = shares.get(note.id), shares.get(invoice.id)
            if not held or not origin:
                continue
            known = {(share.membership_id, share.role) for share in held}
            late = [
                share
                for share in origin
                if (share.membership_id, share.role) not in known
            ]
            if late:
                taken = [
                    share
                    for other in invoice.reversal_move_ids - note
                    for share in shares.get(other.id, ())
                ]
                unit = to_decimal(note.currency_id.rounding)
                added = cap(note._mirror_shares(late), late, taken, unit)
                shares[note.id] = [*held, *added]

    def _mirror_shares(self, origin_shares):
        """Return the shares of a credit note, on the terms of its invoice.

        Lines that belong to no line of the invoice lower all of them. The exchange
        rate is the invoice's as well: exchange differences earn nothing.

        :param origin_shares: :class:`LineShare` list of the invoice
        """
        self.ensure_one()
        lines = self._get_commission_lines()
        origin = self.reversed_entry_id
        origin_lines = origin._get_commission_lines()
        whole = sum(
            (origin._prepare_line_facts(line)["base"] for line in origin_lines), ZERO
        )
        pairs = match_lines(_as_values(lines), _as_values(origin_lines))
        by_line = {}
        for share in origin_shares:
            by_line.setdefault(share.move_line_ref, []).append(share)
        result = []
        for line in lines:
            facts = self._prepare_line_facts(line)
            base = facts.pop("base")
            if line.id in pairs:
                matched = by_line.get(pairs[line.id], ())
                shares = [
                    share.scaled(base / share.base, base=base) for share in matched
                ]
            else:
                shares = spread(origin_shares, whole, base)
            result += [self._as_own_share(share, facts) for share in shares]
        return result

    def _as_own_share(self, share, facts):
        """Return a share of the invoice as one of this credit note.

        :param facts: see :meth:`_prepare_line_facts`
        """
        if share.currency_id != facts["currency_id"]:
            facts = {**facts, "currency_rate": self._get_commission_currency_rate()}
        return share._replace(**facts)


def _as_values(lines):
    """Return invoice lines as plain values for the matching."""
    return [
        Line(line.id, frozenset(line.sale_line_ids.ids), line.product_id.id)
        for line in lines
    ]
