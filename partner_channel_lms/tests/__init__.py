from . import (
    test_access,
    test_access_rival,
    test_access_threads,
    test_benefit,
    test_certification,
    test_certification_type,
    test_exam_tour,
    test_goal,
    test_portal,
    test_tier_requirement,
    test_tools,
)
