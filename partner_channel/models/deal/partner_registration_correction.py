from odoo import fields, models


class PartnerRegistrationCorrection(models.Model):
    """A field the partner is to correct in a returned registration."""

    _name = "partner.registration.correction"
    _description = "Correction of a Registration"
    _order = "lead_id, id"
    _rec_name = "field_id"

    lead_id = fields.Many2one(
        "crm.lead", "Registration", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="lead_id.company_id", store=True)
    field_id = fields.Many2one(
        "partner.registration.field", required=True, ondelete="restrict"
    )
    remark = fields.Char(help="The partner reads this at the field.")

    _field_uniq = models.UniqueIndex("(lead_id, field_id)")
