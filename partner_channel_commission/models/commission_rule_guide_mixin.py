from odoo import models

from ..tools.commission_math import ZERO, round_half_up, to_decimal
from ..tools.earning import AMOUNT, DEAL, earn
from ..tools.example import as_share, get_spans


class CommissionRuleGuideMixin(models.AbstractModel):
    """Tells a partner what a rule pays: its bands, what waits, and an example."""

    _name = "commission.rule.guide.mixin"
    _description = "Commission Rule for Partners"

    def _compute_example(self, amount):
        """Return what one sale of an amount pays, by the functions that book.

        :param amount: untaxed, in company currency
        :return: :class:`Decimal`, rounded; None where it depends on more than the
            sale: on units, costs, what another partner earns, or on an amount this
            sale does not have
        """
        self.ensure_one()
        rule = self._as_value()
        basis = rule.pay.basis if rule.pay else AMOUNT
        total = to_decimal(amount)
        facts = {"month": 0, "line_amount": total, "document_amount": total}
        asked = [each for each in rule.conditions if each.fact in facts]
        if (
            basis not in (AMOUNT, DEAL)
            or (rule.pay and rule.pay.override_base == "commission")
            or not all(condition.holds(facts) for condition in asked)
        ):
            return None
        share = as_share(rule, amount, facts, {})._replace(via_id=None)
        rules = {rule.rule_id: rule}
        (share,) = earn([share], rules, get_spans([share], rules, ZERO))
        unit = to_decimal(self.company_currency_id.rounding)
        return round_half_up(share.exact, unit)

    def _get_portal_notes(self):
        """Return what else a partner has to know of the rule, as texts."""
        self.ensure_one()
        currency = self.company_currency_id
        notes = [*self._get_band_notes()]
        if self.cap_line:
            amount = currency.format(self.cap_line)
            notes.append(self.env._("At most %(amount)s a line.", amount=amount))
        if self.floor_line and self.basis != DEAL:
            amount = currency.format(self.floor_line)
            notes.append(self.env._("At least %(amount)s a line.", amount=amount))
        if self.holdback_days:
            notes.append(
                self.env._(
                    "Payable %(days)s days later: time to return.",
                    days=self.holdback_days,
                )
            )
        if self.hold_suspended:
            notes.append(self.env._("Waits while the partnership is suspended."))
        if self.hold_overdue:
            notes.append(self.env._("Waits while your own invoices are overdue."))
        return notes

    def _get_band_notes(self):
        """Return how the bands work and what each pays, as texts."""
        self.ensure_one()
        if not self.band_mode:
            return []
        modes = dict(self._fields["band_mode"]._description_selection(self.env))
        scopes = dict(self._fields["band_scope"]._description_selection(self.env))
        head = modes[self.band_mode]
        if self.band_mode != "month":
            head = self.env._(
                "%(mode)s. Counted: %(scope)s.",
                mode=head,
                scope=scopes[self.band_scope],
            )
        return [head, *(self._get_band_text(band) for band in self.band_ids)]

    def _get_band_text(self, band):
        """Return one band in words."""
        values = {
            "from": self._format_bound(band.amount_from),
            "to": self._format_bound(band.amount_to),
            "rate": f"{band.rate:g}" + ("" if self.basis == "unit" else " %"),
        }
        if band.amount_to:
            return self.env._("%(from)s to below %(to)s: %(rate)s", **values)
        return self.env._("from %(from)s on: %(rate)s", **values)

    def _format_bound(self, bound):
        """Return a bound of a band: an amount, units or months."""
        if self.band_mode == "month" or self.basis == "unit":
            return f"{bound:g}"
        return self.company_currency_id.format(bound)
