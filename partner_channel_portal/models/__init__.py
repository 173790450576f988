from . import partner_portal_role
from . import partner_portal_throttle
from . import res_partner
from . import deal_portal_access_mixin
from . import deal_portal_file_mixin
from . import deal_portal_form_mixin
from . import deal_portal_page_mixin
from . import crm_lead
