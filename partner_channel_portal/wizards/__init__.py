from . import partner_application_decide
