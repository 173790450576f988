from odoo import api, fields, models
from odoo.exceptions import ValidationError

SCOPES = [
    ("program", "The whole program"),
    ("tier", "One tier"),
    ("membership", "One partner"),
    ("deal", "One deal"),
]
#: what a plan of each scope is for
_TARGETS = {"tier": "grade_id", "membership": "membership_id", "deal": "lead_id"}


class CommissionPlanScopeMixin(models.AbstractModel):
    """Says for what part of its program a plan is.

    Of several active plans the most special pays: that of the deal, else of the
    partner, else of the tier, else of the program. What a special plan has no rule
    for it leaves to the wider one; a rule of 0 % keeps it from paying.
    """

    _name = "commission.plan.scope.mixin"
    _description = "Scope of a Commission Plan"

    scope = fields.Selection(
        SCOPES,
        "Applies To",
        required=True,
        default="program",
        tracking=True,
        help="A plan for a deal goes before one for the partner, that before one for "
        "the tier and that before the program's. What it has no rule for is paid by "
        "the wider plan.",
    )
    grade_id = fields.Many2one(
        "res.partner.grade",
        "Tier",
        domain="[('program_id', '=', program_id)]",
        ondelete="restrict",
        index="btree_not_null",
    )
    membership_id = fields.Many2one(
        "partner.membership",
        "Partner",
        domain="[('program_id', '=', program_id), ('state', '!=', 'terminated')]",
        ondelete="restrict",
        index="btree_not_null",
    )
    lead_id = fields.Many2one(
        "crm.lead",
        "Deal",
        domain="[('type', '=', 'opportunity'), "
        "('company_id', 'in', (False, company_id))]",
        ondelete="restrict",
        index="btree_not_null",
    )
    scope_label = fields.Char("For", compute="_compute_scope_label")

    @api.depends(
        "scope",
        "program_id.name",
        "grade_id.name",
        "membership_id.display_name",
        "lead_id.name",
    )
    def _compute_scope_label(self):
        for plan in self:
            target = plan[_TARGETS.get(plan.scope, "program_id")]
            plan.scope_label = target.display_name

    @api.constrains("scope", "grade_id", "membership_id", "lead_id", "program_id")
    def _check_scope(self):
        """Refuse a plan whose target is missing, too much or of elsewhere.

        :raise ValidationError: naming the plan
        """
        for plan in self:
            wanted = _TARGETS.get(plan.scope)
            given = {name for name in _TARGETS.values() if plan[name]}
            if given != ({wanted} if wanted else set()):
                raise ValidationError(plan._get_scope_error())
            target = plan.grade_id or plan.membership_id
            if target and target.program_id != plan.program_id:
                raise ValidationError(
                    self.env._(
                        "“%(target)s” is not of the program “%(program)s”. Choose one "
                        "of the plan's own program.",
                        target=target.display_name,
                        program=plan.program_id.name,
                    )
                )

    def _get_scope_error(self):
        """Return what is wrong with what the plan applies to, and what to do."""
        labels = dict(self._fields["scope"]._description_selection(self.env))
        return self.env._(
            "“%(plan)s” applies to “%(scope)s”: choose which one under “Applies To”, "
            "and nothing else.",
            plan=self.name,
            scope=labels[self.scope],
        )

    @api.onchange("scope", "program_id")
    def _onchange_scope(self):
        for plan in self:
            wanted = _TARGETS.get(plan.scope)
            for name in _TARGETS.values():
                if name != wanted or plan[name].sudo()[:1] and plan._is_elsewhere(name):
                    plan[name] = False

    def _is_elsewhere(self, name):
        """Return whether the target is of another program than the plan."""
        target = self[name]
        return "program_id" in target._fields and (
            target.program_id != self.program_id and name != "lead_id"
        )

    def _get_scope_explanation(self):
        """Return why this plan and not another one pays, in words."""
        self.ensure_one()
        reasons = {
            "program": self.env._("the plan of the program"),
            "tier": self.env._("the plan of the tier, before that of the program"),
            "membership": self.env._("the partner's own plan, before all wider ones"),
            "deal": self.env._("the plan of this deal, before all wider ones"),
        }
        return reasons[self.scope]
