from odoo import fields, models

from .partner_program_eligibility import MISSING


class PartnerRegistrationEvidence(models.Model):
    _inherit = "partner.registration.evidence"

    code = fields.Selection(
        selection_add=[(MISSING, "Certificate missing")], ondelete={MISSING: "cascade"}
    )
