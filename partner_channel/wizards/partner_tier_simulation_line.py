from odoo import api, fields, models

from ..tools.tiers import AT_MOST


class PartnerTierSimulationLine(models.TransientModel):
    """One requirement of the tier aimed at."""

    _name = "partner.tier.simulation.line"
    _description = "Tier Simulation Line"

    simulation_id = fields.Many2one(
        "partner.tier.simulation", required=True, index=True, ondelete="cascade"
    )
    requirement_id = fields.Many2one(
        "partner.tier.requirement", required=True, readonly=True
    )
    measured = fields.Float("Measured Today", readonly=True)
    value = fields.Float("Assumed")
    extra = fields.Float("More", compute="_compute_extra")
    is_met = fields.Boolean("Met", compute="_compute_extra")

    @api.depends("value", "measured", "requirement_id")
    def _compute_extra(self):
        for line in self:
            line.extra = line.value - line.measured
            line.is_met = line.value == line._get_sufficient_value()

    def _get_sufficient_value(self):
        """Return the assumed value if it is enough, else the threshold."""
        threshold = self.requirement_id.threshold
        if self.requirement_id.comparison == AT_MOST:
            return min(self.value, threshold) if self.value else threshold
        return max(self.value, threshold)
