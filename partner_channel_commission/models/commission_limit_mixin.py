from odoo import models
from odoo.tools import SQL

from ..tools.commission_math import to_decimal
from ..tools.limits import Limits
from ..tools.periods import get_period

#: what a cap counts by, as columns of entry and document
_TARGETS = {
    "cap_deal": "entry.lead_id",
    "cap_customer": "move.commercial_partner_id",
    "cap_plan": "NULL",
}


class CommissionLimitMixin(models.AbstractModel):
    """Finds what the caps of the plans leave."""

    _name = "commission.limit.mixin"
    _description = "Room Below the Caps"

    def _get_limits(self, shares, rules):
        """Return what the caps leave for documents that are computed together.

        :param dict shares: ``{move_id: [LineShare]}``
        :param rules: ``{rule_id: Rule}``
        :return: ``{move_id: Limits}``, empty where no plan has caps
        """
        capped = {}
        for some in shares.values():
            for share in some:
                if rules[share.rule_id].caps:
                    caps = rules[share.rule_id].caps
                    capped.setdefault((share.membership_id, share.plan_id), caps)
        if not capped:
            return {}
        self._lock_accounts({member_id for member_id, _plan in capped})
        left = _Room(capped)
        for member_id, plan_id, name, target, booked in self._read_booked(capped):
            left[name, member_id, plan_id, target] -= to_decimal(booked)
        return {
            move.id: Limits(left, move._get_cap_function(rules))
            for move in self.browse(list(shares))
        }

    def _get_cap_function(self, rules):
        """Return a function that gives the keys of the caps on a share."""
        customer_id = self.commercial_partner_id.id
        day = self.invoice_date or self.date

        def get_keys(share):
            targets = {
                "cap_deal": share.lead_id,
                "cap_customer": customer_id,
                "cap_plan": None,
            }
            return [
                (
                    cap.name,
                    share.membership_id,
                    share.plan_id,
                    get_period(day, cap.period)[0] if cap.period else targets[cap.name],
                )
                for cap in rules[share.rule_id].caps
                if cap.period or cap.name == "cap_plan" or targets[cap.name]
            ]

        return get_keys

    def _read_booked(self, capped):
        """Return what is booked: rows of member, plan, cap, target and amount."""
        queries = {(cap.name, cap.period) for caps in capped.values() for cap in caps}
        rows = []
        for name, period in sorted(queries):
            target = (
                SQL("date_trunc(%s, move.invoice_date)::date", period)
                if period
                else SQL(_TARGETS[name])
            )
            # Raw SQL: sums by what only the document knows
            rows += self.env.execute_query(
                SQL(
                    """
                    SELECT entry.membership_id, entry.plan_id, %(name)s, %(target)s,
                           SUM(COALESCE(entry.earned,
                                        entry.base * entry.rate * entry.share / 10000)
                               / entry.currency_rate::numeric)
                      FROM partner_commission_entry entry
                      JOIN account_move move ON move.id = entry.move_id
                     WHERE entry.book = 'accrued'
                       AND entry.membership_id IN %(members)s
                       AND entry.plan_id IN %(plans)s
                  GROUP BY 1, 2, 4
                    """,
                    name=name,
                    target=target,
                    members=tuple({member_id for member_id, _plan in capped}),
                    plans=tuple({plan_id for _member, plan_id in capped}),
                )
            )
        return rows


class _Room(dict):
    """What each cap leaves; one that is not known yet leaves all of it."""

    def __init__(self, capped):
        super().__init__()
        self.capped = capped

    def __missing__(self, key):
        name, member_id, plan_id, _target = key
        caps = self.capped.get((member_id, plan_id), ())
        amount = next((cap.amount for cap in caps if cap.name == name), to_decimal(0))
        self[key] = amount
        return amount
