from datetime import timedelta

from odoo import fields, models

from ..tools.earning import AMOUNT
from ..tools.line_share import ACCRUED, PAYABLE


class CommissionReasonMixin(models.AbstractModel):
    """Says in a sentence what kept an amount small and what keeps it waiting.

    Written so that vendor and partner read the same words.
    """

    _name = "commission.reason.mixin"
    _description = "Why a Commission Is Limited or Waits"

    limit_text = fields.Char(
        "Why Not More", compute="_compute_limit_text", compute_sudo=True
    )
    hold_reason = fields.Char(
        "On Hold", compute="_compute_wait_text", compute_sudo=True
    )
    wait_text = fields.Char(
        "Why It Waits", compute="_compute_wait_text", compute_sudo=True
    )

    # === LIMITS === #

    def _compute_limit_text(self):
        for entry in self:
            entry.limit_text = entry.limited_by and entry._get_limit_text()

    def _get_limit_text(self):
        """Return what lowers or raises the amount, and what it would be without."""
        self.ensure_one()
        text = self._get_limit_reason()
        full = self._get_unlimited_amount()
        if full is None:
            return text
        return self.env._(
            "%(reason)s Without this it would be %(amount)s.",
            reason=text,
            amount=self.currency_id.format(full),
        )

    def _get_limit_reason(self):
        """Return which limit holds, with its amount where it has one."""
        self.ensure_one()
        amount = self._format_limit()
        texts = {
            "loss": self.env._("The invoice as a whole has no margin."),
            "discount": self.env._("The discount already given is taken off."),
            "stacked": self.env._(
                "Another commission on the same line pays more; only that one is paid."
            ),
            "floor": self.env._("A line earns at least %(amount)s.", amount=amount),
            "cap_line": self.env._(
                "At most %(amount)s is paid on one invoice line.", amount=amount
            ),
            "cap_deal": self.env._(
                "At most %(amount)s is paid on one deal.", amount=amount
            ),
            "cap_customer": self.env._(
                "At most %(amount)s is paid on the invoices of one customer.",
                amount=amount,
            ),
            "cap_period": self._get_period_cap_text(amount),
            "cap_plan": self.env._(
                "At most %(amount)s is paid by this plan in total.", amount=amount
            ),
            "ceiling": self.env._(
                "All commissions on the line together have a ceiling; they give way "
                "in proportion."
            ),
            "inside": self.env._("Part of it goes to the override."),
        }
        return texts[self.limited_by]

    def _format_limit(self):
        """Return the amount of the limit, empty where it has none."""
        self.ensure_one()
        rule, plan = self.rule_id, self.plan_id
        name = "floor_line" if self.limited_by == "floor" else self.limited_by
        source = rule if name in ("floor_line", "cap_line") else plan
        if not name.startswith(("cap_", "floor_")):
            return ""
        return self.company_currency_id.format(source[name])

    def _get_period_cap_text(self, amount):
        """Return the sentence on the cap of a period."""
        return {
            "month": self.env._(
                "At most %(amount)s is paid on the invoices of one month.",
                amount=amount,
            ),
            "quarter": self.env._(
                "At most %(amount)s is paid on the invoices of one quarter.",
                amount=amount,
            ),
            "year": self.env._(
                "At most %(amount)s is paid on the invoices of one year.",
                amount=amount,
            ),
        }[self.plan_id.cap_period_kind or "month"]

    def _get_unlimited_amount(self):
        """Return what the rate alone would give, None where that is not so simple.

        Not where an entry is but a difference.
        """
        self.ensure_one()
        plain = self.rule_id.basis == AMOUNT and not self.via_id
        if not plain or self.cause not in ("posted", "paid", "credited"):
            return None
        full = self.currency_id.round(self.base * self.rate * self.share / 10000)
        same = self.currency_id.compare_amounts(full, self.amount_currency) == 0
        return None if same else full

    # === WAITING === #

    def _compute_wait_text(self):
        """Say why an amount is not due yet: on hold, or held back for some days."""
        holds = self._get_holds()
        reasons = self.env["partner.commission.hold"]._fields["reason"]
        labels = dict(reasons._description_selection(self.env))
        for entry in self:
            key = entry.move_id, entry.membership_id
            own = holds.get(key, ()) if entry.book == ACCRUED else ()
            texts = [entry._get_hold_text(hold) for hold in own]
            texts.append(entry._get_holdback_text())
            entry.wait_text = " ".join(text for text in texts if text)
            entry.hold_reason = ", ".join(labels[hold.reason] for hold in own)

    def _get_holds(self):
        """Return what holds something: ``{(move, membership): [hold]}``."""
        holds = self.env["partner.commission.hold"].search(
            [("move_id", "in", self.move_id.ids), ("state", "=", "held")], order="id"
        )
        result = {}
        for hold in holds:
            result.setdefault((hold.move_id, hold.membership_id), []).append(hold)
        return result

    def _get_hold_text(self, hold):
        """Return why and until when it is on hold; an addon adds its reasons.

        :param hold: ``partner.commission.hold`` record
        """
        day = self._format_date(hold.date_held)
        texts = {
            "suspended": self.env._(
                "On hold since %(date)s: the partnership is suspended. It becomes "
                "payable once the partnership is active again.",
                date=day,
            ),
            "overdue": self.env._(
                "On hold since %(date)s: the partner's own invoices are overdue. It "
                "becomes payable once they are paid.",
                date=day,
            ),
        }
        labels = dict(hold._fields["reason"]._description_selection(self.env))
        return texts.get(hold.reason) or self.env._(
            "On hold since %(date)s: %(reason)s.",
            date=day,
            reason=labels[hold.reason],
        )

    def _get_holdback_text(self):
        """Return until when the amount is held back, empty if it is not."""
        self.ensure_one()
        days = self.rule_id.holdback_days
        if not days:
            return ""
        if self.book == PAYABLE:
            if not self._is_held_back():
                return ""
            return self.env._(
                "Held back for %(days)s days: payable from %(date)s.",
                days=days,
                date=self._format_date(self.date),
            )
        if not self._is_to_come(days):
            return ""
        if self.rule_id.trigger == "posting":
            return self.env._(
                "Held back for %(days)s days: payable from %(date)s.",
                days=days,
                date=self._format_date(self.date + timedelta(days=days)),
            )
        return self.env._(
            "Held back: payable %(days)s days after the customer has paid.", days=days
        )

    def _is_to_come(self, days):
        """Return whether something of what was earned is still to become payable.

        :param int days: the holdback of the rule
        """
        self.ensure_one()
        if self.currency_id.compare_amounts(self.amount_currency, 0) <= 0:
            return False
        if self.rule_id.trigger == "posting":
            today = self.company_id._get_channel_today()
            return self.date + timedelta(days=days) > today
        move = self.move_id
        return bool(move) and not move.currency_id.is_zero(move.amount_residual)

    def _is_held_back(self):
        """Return whether the day the amount is due lies ahead."""
        self.ensure_one()
        today = self.company_id._get_channel_today()
        return self.book == PAYABLE and not self.statement_id and self.date > today
