from . import (
    bands,
    commission_math,
    crediting,
    earning,
    limits,
    line_share,
    matching,
    memory,
    overrides,
    period_bands,
    periods,
    rule_table,
)
