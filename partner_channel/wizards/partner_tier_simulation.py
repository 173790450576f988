from odoo import api, fields, models
from odoo.fields import Command

from ..tools.tiers import pick_tier, unpack


class PartnerTierSimulation(models.TransientModel):
    """What would it take? A partner's measures, with what might come on top."""

    _name = "partner.tier.simulation"
    _description = "Tier Simulation"

    membership_id = fields.Many2one(
        "partner.membership", "Partner", required=True, readonly=True
    )
    program_id = fields.Many2one(related="membership_id.program_id")
    grade_id = fields.Many2one(related="membership_id.grade_id", string="Present Tier")
    target_grade_id = fields.Many2one(
        "res.partner.grade",
        "Tier Aimed At",
        domain="[('program_id', '=', program_id)]",
    )
    line_ids = fields.One2many("partner.tier.simulation.line", "simulation_id", "Lines")
    result_grade_id = fields.Many2one(
        "res.partner.grade", "Tier Reached Then", compute="_compute_result_grade_id"
    )

    @api.depends("line_ids.value", "membership_id")
    def _compute_result_grade_id(self):
        for simulation in self:
            reached = pick_tier(simulation._get_assumed_tiers())
            simulation.result_grade_id = reached or simulation.grade_id

    def _get_assumed_tiers(self):
        """Return the measured tiers with the assumed values in their place."""
        assumed = {
            line.requirement_id._get_comparable_key(): line.value
            for line in self.line_ids
            if line.value != line.measured
        }
        requirements = self.env["partner.tier.requirement"]
        return [
            tier._replace(
                requirements=tuple(
                    measure._replace(
                        value=assumed.get(
                            requirements.browse(
                                measure.requirement_id
                            )._get_comparable_key(),
                            measure.value,
                        )
                    )
                    for measure in tier.requirements
                )
            )
            for tier in unpack(self.membership_id.tier_measures)
        ]

    @api.onchange("target_grade_id")
    def _onchange_target_grade_id(self):
        self.line_ids = [
            Command.clear(),
            *(Command.create(vals) for vals in self._prepare_lines()),
        ]

    def _prepare_lines(self):
        """Return the requirements of the target with what is measured for each."""
        tiers = unpack(self.membership_id.tier_measures)
        return [
            {
                "requirement_id": measure.requirement_id,
                "measured": measure.value or 0.0,
                "value": measure.value or 0.0,
            }
            for tier in tiers
            if tier.grade_id == self.target_grade_id.id
            for measure in tier.requirements
        ]

    @api.model
    def _open(self, membership):
        """Return the action that opens a simulation of a membership."""
        simulation = self.create(
            {
                "membership_id": membership.id,
                "target_grade_id": (membership.next_grade_id or membership.grade_id).id,
            }
        )
        simulation._onchange_target_grade_id()
        return simulation._get_action()

    def _get_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What Would It Take?"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_fill(self):
        """Assume exactly what is missing for the target."""
        self.ensure_one()
        for line in self.line_ids:
            line.value = line._get_sufficient_value()
        return self._get_action()
