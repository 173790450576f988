from odoo import api, fields, models

MISSING = "missing_certificate"


class PartnerProgramEligibility(models.Model):
    _inherit = "partner.program.eligibility"

    code = fields.Selection(
        selection_add=[(MISSING, "Certificate missing")], ondelete={MISSING: "cascade"}
    )

    @api.depends("program_id.certification_demand_ids")
    def _compute_effect(self):
        return super()._compute_effect()

    def _get_gap(self):
        if self.code == MISSING and not self.program_id.certification_demand_ids:
            return self.env._(
                "Nothing is checked: the program asks for no certificates of those who "
                "register deals"
            )
        return super()._get_gap()
