from . import base_partner_merge, partner_certification_revoke
