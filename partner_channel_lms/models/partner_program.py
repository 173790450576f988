from odoo import fields, models


class PartnerProgram(models.Model):
    _name = "partner.program"
    _inherit = [
        "learning.program.mixin",
        "partner.program",
        "partner.program",
        "certification.program.mixin",
    ]

    certification_demand_ids = fields.One2many(
        "partner.certification.demand",
        "program_id",
        "Certificates Needed",
        groups="base.group_user",
    )
