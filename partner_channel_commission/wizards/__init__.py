from . import commission_statement_create
