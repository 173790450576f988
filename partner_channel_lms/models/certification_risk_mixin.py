from odoo import api, models


class CertificationRiskMixin(models.AbstractModel):
    """A certificate that is earned ends the risk its partner was in."""

    _name = "certification.risk.mixin"
    _description = "Certification: What Its Partner Risks"

    @api.model_create_multi
    def create(self, vals_list):
        certificates = super().create(vals_list)
        # sudo: whoever earns a certificate need not see the forecast
        forecasts = self.env["partner.certification.forecast"].sudo()
        forecasts._follow(certificates.commercial_partner_id)
        return certificates
