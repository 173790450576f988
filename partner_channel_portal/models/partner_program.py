from odoo import models


class PartnerProgram(models.Model):
    _name = "partner.program"
    _inherit = ["partner.program", "program.public.mixin", "program.application.mixin"]
