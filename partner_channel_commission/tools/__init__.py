from . import (
    commission_math,
    crediting,
    line_share,
    matching,
    memory,
    periods,
    rule_table,
)
