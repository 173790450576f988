from . import (
    test_access,
    test_ledger,
    test_ledger_companies,
    test_nightly,
    test_performance,
    test_plan,
    test_portal,
    test_statement,
    test_tools,
    test_way_of_the_deal,
)
