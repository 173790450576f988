from . import (
    test_access,
    test_attribution,
    test_claim,
    test_correction,
    test_desk,
    test_log,
    test_performance,
    test_portal_guard,
    test_program,
    test_registration,
    test_tier,
    test_tools,
)
