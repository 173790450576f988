from . import partner_certification_revoke
