from odoo import fields, models

from ..program.partner_program_eligibility import CODES


class PartnerRegistrationEvidence(models.Model):
    """What a check found about a registration, for the vendor's eyes only."""

    _name = "partner.registration.evidence"
    _description = "Evidence on a Registration"
    _order = "lead_id, id"
    _rec_name = "code"

    lead_id = fields.Many2one(
        "crm.lead", "Registration", required=True, index=True, ondelete="cascade"
    )
    membership_id = fields.Many2one(
        related="lead_id.membership_id", store=True, index=True
    )
    company_id = fields.Many2one(related="lead_id.company_id", store=True)
    code = fields.Selection(
        [*CODES, ("automatic", "Automatic decision")], "Check", required=True
    )
    policy = fields.Selection(
        [("warn", "Warn who decides"), ("refuse", "Refuse")], "If Not Met"
    )
    is_failing = fields.Boolean("Not Met")
    facts = fields.Char(help="What was found. Partners never see it.")
    date = fields.Datetime(required=True)
