from . import commission_statement_create
from . import commission_accrual_check
