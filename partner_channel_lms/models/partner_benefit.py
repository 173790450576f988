from odoo import api, fields, models


class PartnerBenefit(models.Model):
    _inherit = "partner.benefit"

    kind = fields.Selection(
        selection_add=[("courses", "Courses")], ondelete={"courses": "cascade"}
    )

    @api.model
    def _get_enforcement_texts(self):
        return {
            **super()._get_enforcement_texts(),
            "courses": self.env._(
                "In eLearning: the partner's people with a login attend the courses "
                "while it is on the tier, and leave them with it."
            ),
        }
