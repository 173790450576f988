from . import (
    test_access,
    test_access_threads,
    test_attribution,
    test_benefit,
    test_claim,
    test_correction,
    test_deal_roles,
    test_desk,
    test_fact,
    test_goal,
    test_goal_access,
    test_goal_network,
    test_health,
    test_health_run,
    test_leave,
    test_log,
    test_membership,
    test_metric,
    test_migration,
    test_performance,
    test_portal_guard,
    test_program,
    test_registration,
    test_report,
    test_segment,
    test_tier,
    test_tier_plan,
    test_tier_policy,
    test_tools,
)
from . import test_rules
from . import test_rules_access
from . import test_extension
from . import test_reminder
from . import test_life
from . import test_outcome
from . import test_customer_record
from . import test_proof
from . import test_registration_report
