from . import (
    commission_math,
    crediting,
    line_share,
    matching,
    memory,
    rule_table,
)
