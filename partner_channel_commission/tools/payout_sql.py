"""Which bill pays an entry, as SQL: the one place that says so.

A line is paid by the bill of its statement; one that was in dispute when that was
made, by a bill of its own.
"""

from odoo.tools import SQL

#: to be put behind ``FROM partner_commission_entry entry``
PAYOUT_JOINS = SQL(
    """
    LEFT JOIN partner_commission_statement statement
           ON statement.id = entry.statement_id
    LEFT JOIN partner_commission_dispute held
           ON held.entry_id = entry.id AND held.is_held
    """
)
#: id of the bill, NULL for none yet
PAYOUT_BILL = SQL(
    "CASE WHEN held.id IS NOT NULL THEN held.bill_id ELSE statement.bill_id END"
)
