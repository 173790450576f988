from odoo import api, models
from odoo.tools import SQL

from ..tools.commission_math import to_decimal
from ..tools.line_share import FACTS, Amounts, LineShare, Position


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
                       entry.*, rule.trigger, MAX(entry.date) OVER chain AS last_date,
                       SUM(entry.base) OVER chain AS sum_base,
                       SUM(entry.amount_currency) OVER chain AS sum_currency,
                       SUM(entry.amount) OVER chain AS sum_amount
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
        facts = {name: row[name] for name in FACTS}
        for name in ("share", "rate", "currency_rate"):
            facts[name] = to_decimal(facts[name])
        amounts = Amounts(
            base, to_decimal(row["sum_currency"]), to_decimal(row["sum_amount"])
        )
        share = LineShare(**facts, trigger=row["trigger"], base=base)
        return Position(share, row["book"], amounts, row["revision"], row["last_date"])
