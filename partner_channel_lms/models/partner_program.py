from odoo import fields, models


class PartnerProgram(models.Model):
    _inherit = "partner.program"

    certification_demand_ids = fields.One2many(
        "partner.certification.demand",
        "program_id",
        "Certificates Needed",
        groups="base.group_user",
    )
