from . import (
    test_access,
    test_access_threads,
    test_benefit,
    test_certification,
    test_certification_demand,
    test_certification_type,
    test_exam_tour,
    test_goal,
    test_home,
    test_portal,
    test_tier_requirement,
    test_tools,
)
