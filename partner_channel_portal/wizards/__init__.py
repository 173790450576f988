from . import partner_application_decide
from . import partner_team_owner
from . import res_users_apikeys_description
