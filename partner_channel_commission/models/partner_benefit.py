from odoo import api, fields, models


class PartnerBenefit(models.Model):
    _inherit = "partner.benefit"

    kind = fields.Selection(
        selection_add=[("commission", "Commission")],
        ondelete={"commission": "cascade"},
    )

    @api.model
    def _get_enforcement_texts(self):
        return {
            **super()._get_enforcement_texts(),
            "commission": self.env._(
                "When an invoice is posted: the rules of the program's active plan "
                "that are for the tier pay for it. They are changed in the plan."
            ),
        }
