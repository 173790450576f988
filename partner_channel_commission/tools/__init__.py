from . import (
    commission_math,
    crediting,
    line_share,
    matching,
    memory,
    payout_sql,
    rule_table,
    statement_periods,
)
