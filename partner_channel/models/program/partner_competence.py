from random import randint

from odoo import fields, models


class PartnerCompetence(models.Model):
    """Something a partner is good at, as the vendor sees it."""

    _name = "partner.competence"
    _description = "Partner Competence"
    _order = "name"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    color = fields.Integer(default=lambda self: randint(1, 11))

    _name_uniq = models.UniqueIndex("(name)", "This competence exists already.")
