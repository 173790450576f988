from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .deal_revision_mixin import REGISTRATION_FIELDS


class PartnerRegistrationField(models.Model):
    """A field of the registration form that rules can name."""

    _name = "partner.registration.field"
    _description = "Field of a Registration"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    technical_name = fields.Char(required=True, readonly=True)
    sequence = fields.Integer(default=10)

    _technical_name_uniq = models.UniqueIndex("(technical_name)")

    @api.constrains("technical_name")
    def _check_technical_name(self):
        for field in self:
            if field.technical_name not in REGISTRATION_FIELDS:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” is no field partners fill in.",
                        name=field.technical_name,
                    )
                )
