from . import crm_lead_registration_decide
from . import crm_lead_review
from . import crm_lead_review_line
from . import partner_membership_hold
from . import partner_membership_propose
from . import partner_membership_terminate
from . import partner_tier_simulation
from . import partner_tier_simulation_line
