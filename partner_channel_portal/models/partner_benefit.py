from odoo import fields, models


class PartnerBenefit(models.Model):
    _inherit = "partner.benefit"

    is_public = fields.Boolean(
        "On the Public Page",
        help="Anybody reads on the program's page what each tier has of it. A contact, "
        "a pricelist and a weight are not named there.",
    )
