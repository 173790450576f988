from odoo import models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _check_eligibility_missing_certificate(self, rule):
        """Partners without the certified people the program asks for."""
        demands = rule.program_id.certification_demand_ids
        return {
            lead.id: demands._explain(measures, lead.country_id)
            for lead, measures in demands._measure_demands(self).items()
        }
