from odoo import fields, models


class PartnerApplicationPerson(models.Model):
    """Somebody an applicant named beside oneself."""

    _name = "partner.application.person"
    _description = "Colleague of an Applicant"
    _order = "application_id, id"

    application_id = fields.Many2one(
        "partner.application", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="application_id.company_id", store=True)
    name = fields.Char(required=True)
    function = fields.Char("Job Position")
    email = fields.Char("E-Mail")
