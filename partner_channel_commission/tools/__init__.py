from . import (
    bands,
    commission_math,
    crediting,
    earning,
    line_share,
    matching,
    memory,
    periods,
    rule_table,
)
