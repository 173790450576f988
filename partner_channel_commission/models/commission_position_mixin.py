from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ..tools.commission_math import ZERO, to_decimal
from ..tools.line_share import ACCRUED, FACTS, Amounts, LineShare, Position

_NUMBERS = ("share", "rate", "currency_rate", "quantity", "cost", "discount")


class CommissionPositionMixin(models.AbstractModel):
    """Reads the ledger the way the bookkeeping needs it: sums and facts."""

    _name = "commission.position.mixin"
    _description = "Positions of the Commission Ledger"

    @api.model
    def _get_positions(self, moves):
        """Return where the books stand for some documents.

        :param moves: ``account.move`` records
        :return: ``{move_id: [Position]}``, one for each line, partner, role,
            currency and book that has entries
        """
        if not moves:
            return {}
        # Raw SQL: the sums and the facts of the last entry in one pass over the
        # entries of these documents, by index.
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT DISTINCT ON (entry.move_line_ref, entry.membership_id,
                                    entry.role, entry.book, entry.currency_id)
                       entry.*, rule.trigger, rule.upfront,
                       MAX(entry.date) OVER chain AS last_date,
                       SUM(entry.base) OVER chain AS sum_base,
                       SUM(entry.amount_currency) OVER chain AS sum_currency,
                       SUM(entry.amount) OVER chain AS sum_amount,
                       (SUM(COALESCE(entry.earned,
                                     entry.base * entry.rate * entry.share / 10000))
                        OVER chain)::text AS sum_earned
                  FROM partner_commission_entry entry
                  JOIN partner_commission_rule rule ON rule.id = entry.rule_id
                 WHERE entry.move_id IN %s
                   AND entry.move_line_ref IS NOT NULL
                WINDOW chain AS (PARTITION BY entry.move_line_ref,
                       entry.membership_id, entry.role, entry.book, entry.currency_id)
              ORDER BY entry.move_line_ref, entry.membership_id, entry.role,
                       entry.book, entry.currency_id, entry.revision DESC
                """,
                tuple(moves.ids),
            )
        )
        positions = {}
        for row in rows:
            position = self._as_position(row)
            positions.setdefault(row["move_id"], []).append(position)
        return positions

    @api.model
    def _as_position(self, row):
        """Return a :class:`Position` from a row of :meth:`_get_positions`."""
        base = to_decimal(row["sum_base"])
        # as text: more digits than a float holds
        earned = Decimal(row["sum_earned"]) if row["book"] == ACCRUED else None
        facts = {name: row[name] for name in FACTS}
        for name in _NUMBERS:
            facts[name] = to_decimal(facts[name])
        amounts = Amounts(
            base,
            to_decimal(row["sum_currency"]),
            to_decimal(row["sum_amount"]),
            earned or ZERO,
        )
        share = LineShare(
            **facts,
            trigger=row["trigger"],
            upfront=to_decimal(row["upfront"]),
            base=base,
            earned=earned,
        )
        return Position(share, row["book"], amounts, row["revision"], row["last_date"])
