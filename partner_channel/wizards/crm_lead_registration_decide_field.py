from odoo import fields, models


class CrmLeadRegistrationDecideField(models.TransientModel):
    """A field to correct, as chosen by who returns a registration."""

    _name = "crm.lead.registration.decide.field"
    _description = "Field to Correct"

    wizard_id = fields.Many2one(
        "crm.lead.registration.decide", required=True, ondelete="cascade"
    )
    field_id = fields.Many2one("partner.registration.field", required=True)
    remark = fields.Char()
