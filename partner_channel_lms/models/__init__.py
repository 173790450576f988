from . import (
    certification_portal_mixin,
    certification_validity_mixin,
    partner_certification,
    partner_certification_type,
    partner_goal,
    partner_membership,
    partner_metric_mixin,
    partner_tier_requirement,
    res_partner,
    survey_survey,
    survey_user_input,
)
