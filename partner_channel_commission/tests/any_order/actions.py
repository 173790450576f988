"""What happens to documents and to the terms they are paid by."""

from decimal import Decimal

from odoo.fields import Command

from .world import SALES, AnyOrderWorld


class ActingWorld(AnyOrderWorld):
    """Each ``_act_`` takes the key of an invoice and a part, and may do nothing."""

    # === WHAT HAPPENS TO DOCUMENTS === #

    def _act_post(self, key, _part):
        self._post([key])

    def _act_post_all(self, _key, _part):
        # the last one first: the order of the dates is what counts
        self._post(sorted(map(str, range(len(SALES))), reverse=True))

    def _post(self, keys):
        keys = [key for key in keys if self.moves[key].state != "posted"]
        moves = self.env["account.move"].union(*(self.moves[key] for key in keys))
        cancelled = moves.filtered(lambda move: move.state == "cancel")
        for key in keys:
            if self.moves[key] in cancelled:
                self.moves[key].button_draft()
        if moves:
            moves.action_post()
            self.definition.post(
                [self._look_at(key) for key in keys],
                self.plan,
                {key: self._get_parties(key) for key in keys},
            )

    def _act_pay(self, key, part):
        move = self.moves[key]
        if move.state == "posted" and move.amount_residual:
            self._pay(move, max(round(move.amount_residual * part, 2), 0.01))

    def _act_pay_rest(self, key, _part):
        self._act_pay(key, 1)

    def _act_unpay(self, key, _part):
        if self.moves[key].state == "posted":
            self.moves[key].line_ids.remove_move_reconcile()

    def _act_draft(self, key, _part):
        self._take_back(key, "button_draft")

    def _act_cancel(self, key, _part):
        self._take_back(key, "button_cancel")

    def _take_back(self, key, method):
        if self.moves[key].state == "posted":
            getattr(self.moves[key], method)()
            self.definition.void(self._look_at(key))

    # === CREDIT NOTES === #

    def _act_credit(self, key, part):
        """Credit a part of one line, never more than is left of it."""
        move = self.moves[key]
        if move.state != "posted":
            return
        number = 0 if part < 0.5 else len(move.invoice_line_ids) - 1
        line = move.invoice_line_ids[number]
        left = round(line.price_subtotal - self._sum_credited(key, number), 2)
        amount = round(left * part, 2)
        if amount > 0:
            self._add_note(key, self._credit_line(move, number, amount), number)

    def _credit_line(self, move, number, price):
        """Return a posted credit note over one line, settled against its invoice."""
        values = {"invoice_date": "2026-05-20", "date": "2026-05-20"}
        note = move._reverse_moves([values], cancel=False)
        line = note.invoice_line_ids[number]
        (note.invoice_line_ids - line).unlink()
        line.price_unit = price
        note.action_post()
        terms = (move + note).line_ids.filtered(
            lambda each: each.display_type == "payment_term" and not each.reconciled
        )
        if len(terms.move_id) > 1:
            terms.reconcile()
        return note

    def _act_credit_all(self, key, _part):
        """Credit the whole invoice, unless some of it was before."""
        if self.moves[key].state == "posted" and not self._get_notes(key):
            self._add_note(key, self._credit(self.moves[key]))

    def _add_note(self, key, note, first=0):
        name = f"{key}-{len(self._get_notes(key)) + 1}"
        self.moves[name] = note
        for number, line in enumerate(note.invoice_line_ids, first):
            self.line_numbers[line.id] = number
        self.definition.credit(self._look_at(name))

    def _get_notes(self, key):
        return [name for name in self.moves if name.startswith(f"{key}-")]

    def _sum_credited(self, key, number):
        return sum(
            line.price_subtotal
            for name in self._get_notes(key)
            for line in self.moves[name].invoice_line_ids
            if self.line_numbers[line.id] == number
        )

    def _act_refund(self, key, _part):
        """Pay a credit note out to the customer."""
        for name in self._get_notes(key):
            note = self.moves[name]
            if note.state == "posted" and note.amount_residual:
                self._pay(note)
                return

    def _act_draft_note(self, key, _part):
        for name in self._get_notes(key)[-1:]:
            self._take_back(name, "button_draft")

    def _act_post_note(self, key, _part):
        for name in self._get_notes(key):
            if self.moves[name].state == "draft":
                self.moves[name].action_post()
                self.definition.credit(self._look_at(name))

    # === TERMS === #

    def _act_attribute(self, key, _part):
        """Add a partner; it counts from the next posting."""
        deal = self.deals[int(key)]
        if "sourced" not in deal.deal_role_ids.mapped("role"):
            deal.deal_role_ids = [
                Command.create(
                    {"membership_id": self.beta_member.id, "role": "sourced"}
                )
            ]

    def _act_rerate(self, _key, _part):
        self._rerate()

    def _act_tier(self, key, _part):
        """Let a partner rise or fall."""
        member = list(self.members.values())[int(key) % len(self.members)]
        other = self.gold if member.grade_id == self.entry_tier else self.entry_tier
        member._set_protected({"grade_id": other.id})

    def _act_cost(self, _key, part):
        self.cost = Decimal(str(round(900 * part)))
        self.product.standard_price = float(self.cost)
