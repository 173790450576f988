from . import crm_lead_qualification_report
from . import partner_asset_report
from . import partner_channel_dashboard
from . import partner_membership_report
from . import partner_registration_ageing
from . import partner_registration_report
from . import partner_registration_speed_report
from . import partner_tier_speed_report
