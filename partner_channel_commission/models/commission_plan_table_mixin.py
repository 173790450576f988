from odoo import api, models
from odoo.tools import ormcache

from ..tools.rule_table import Plan


class CommissionPlanTableMixin(models.AbstractModel):
    """Gives the plans as plain values, cached: every posting asks for them."""

    _name = "commission.plan.table.mixin"
    _description = "Table of Commission Rules"

    @api.model
    @ormcache()
    def _get_rule_table(self):
        """Return the active plans as plain values.

        Cached, since every posting asks and hardly anybody edits plans.

        :return: ``{program_id: (Plan, …)}``, the most special plan first
        """
        table = {}
        # sudo: the table is the same for everybody and kept for all users
        for plan in self.sudo().search([("state", "=", "active")]):
            table.setdefault(plan.program_id.id, []).append(plan._as_value())
        return {
            program_id: tuple(sorted(plans, key=lambda plan: plan.rank))
            for program_id, plans in table.items()
        }

    def _as_value(self):
        """Return the plan as a plain :class:`Plan`."""
        self.ensure_one()
        return Plan(
            self.id,
            self.date_from,
            self.date_to,
            tuple(rule._as_value() for rule in self.rule_ids.sorted("sequence")),
            self.grade_id.id,
            self.membership_id.id,
            self.lead_id.id,
            self.program_id.runoff_months,
        )
