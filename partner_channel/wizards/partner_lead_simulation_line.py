from odoo import fields, models


class PartnerLeadSimulationLine(models.TransientModel):
    """A lead, and a partner who would be offered it."""

    _name = "partner.lead.simulation.line"
    _description = "Line of a Simulation of Lead Rules"

    simulation_id = fields.Many2one(
        "partner.lead.simulation", required=True, index=True, ondelete="cascade"
    )
    lead_id = fields.Many2one("crm.lead", required=True, ondelete="cascade")
    rule_id = fields.Many2one("partner.lead.rule", ondelete="cascade")
    membership_id = fields.Many2one("partner.membership", "Partner", ondelete="cascade")
    outcome = fields.Selection(
        [
            ("offer", "Offered"),
            ("pool", "In the Pool"),
            ("fallback", "No Taker"),
            ("none", "No Rule Fits"),
        ],
        required=True,
    )
    why = fields.Char("Why This Partner")
