from . import commission_math, line_share, matching, rule_table
