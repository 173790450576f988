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
    periods,
    rule_table,
)
