from odoo import models
from odoo.fields import Domain


class CrmTeam(models.Model):
    _inherit = "crm.team"

    def _get_lead_to_assign_domain(self):
        """Leave out leads the qualification does not let through yet.

        Assigning makes opportunities of them: one refusal would stop the whole job.
        """
        domain = Domain(super()._get_lead_to_assign_domain())
        of_partners = self.env["crm.lead"].search(
            domain & Domain("partner_assigned_id", "!=", False)
        )
        problems = of_partners._find_qualification_problems()
        return domain & Domain("id", "not in", list(problems))
