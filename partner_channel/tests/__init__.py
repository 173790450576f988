from . import (
    test_access,
    test_access_threads,
    test_attribution,
    test_claim,
    test_correction,
    test_log,
    test_performance,
    test_portal_guard,
    test_program,
    test_registration,
    test_tier,
    test_tools,
)
