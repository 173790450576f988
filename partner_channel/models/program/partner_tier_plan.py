from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.tiers import unpack

_OPEN = ("gap", "goal", "support")
# what a plan may become, and from where
_STATES = {
    "gap": {"goal"},
    "goal": {"gap", "support"},
    "support": {"goal"},
    "reached": set(_OPEN),
    "dropped": set(_OPEN),
}


class PartnerTierPlan(models.Model):
    """A partner on the way to a higher tier: what is missing, who helps, until when.

    A plan is reached when the membership is given the tier, by whatever decision.
    """

    _name = "partner.tier.plan"
    _description = "Tier Growth Plan"
    _inherit = ["channel.state.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date_target, id"
    _rec_names_search = ["partner_id", "target_grade_id"]
    _state_fields = ("state", "grade_from_id", "date_closed", "company_id")

    membership_id = fields.Many2one(
        "partner.membership",
        "Partner",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('state', 'in', ('active', 'suspended'))]",
    )
    partner_id = fields.Many2one(
        related="membership_id.partner_id",
        string="Partner Company",
        store=True,
        index=True,
    )
    program_id = fields.Many2one(
        related="membership_id.program_id", store=True, index=True
    )
    company_id = fields.Many2one(
        related="membership_id.company_id", store=True, index=True
    )
    grade_id = fields.Many2one(related="membership_id.grade_id", string="Present Tier")
    grade_from_id = fields.Many2one(
        "res.partner.grade",
        "From",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="The tier on which the plan was made.",
    )
    target_grade_id = fields.Many2one(
        "res.partner.grade",
        "Target Tier",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('program_id', '=', program_id)]",
        tracking=True,
    )
    date_target = fields.Date(
        "Reach By", required=True, tracking=True, help="The day both sides aim at."
    )
    state = fields.Selection(
        [
            ("gap", "Gap Known"),
            ("goal", "Goal Agreed"),
            ("support", "In Support"),
            ("reached", "Reached"),
            ("dropped", "Dropped"),
        ],
        required=True,
        default="gap",
        readonly=True,
        copy=False,
        tracking=True,
        group_expand=True,
    )
    date_closed = fields.Date("Reached or Dropped On", readonly=True, copy=False)
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        domain="[('share', '=', False)]",
        index="btree_not_null",
        tracking=True,
    )
    note = fields.Text("What We Agreed")
    gap_text = fields.Char("Missing", compute="_compute_progress")
    progress = fields.Float("Way There (%)", compute="_compute_progress")
    date_projected = fields.Date(
        "Expected",
        compute="_compute_progress",
        help="When the tier is reached if the pace of the current period lasts; empty "
        "when that cannot be told or is not in this period.",
    )
    is_behind = fields.Boolean(compute="_compute_is_behind")

    _open_uniq = models.UniqueIndex(
        "(membership_id) WHERE state IN ('gap', 'goal', 'support')",
        "This partner already has an open growth plan: finish or drop it first.",
    )

    # === COMPUTE === #

    @api.depends("membership_id", "target_grade_id")
    def _compute_display_name(self):
        for plan in self:
            plan.display_name = self.env._(
                "%(partner)s to %(tier)s",
                partner=plan.membership_id.display_name or "",
                tier=plan.target_grade_id.name or "",
            )

    @api.depends("membership_id")
    def _compute_user_id(self):
        for plan in self:
            plan.user_id = (
                plan.membership_id.manager_id or plan.user_id or self.env.user
            )

    @api.depends("state", "target_grade_id", "membership_id.tier_measures")
    def _compute_progress(self):
        """Measure open plans; a reached one is all the way, a dropped one none."""
        opened = self.filtered(lambda plan: plan.state in _OPEN)
        for plan in self - opened:
            plan.gap_text = plan.date_projected = False
            plan.progress = 100.0 if plan.state == "reached" else 0.0
        for plan in opened:
            membership = plan.membership_id
            tier = plan._find_target(unpack(membership.tier_measures))
            plan.gap_text = membership._format_gap(tier)
            plan.progress = 100.0 * tier.progress if tier else 0.0
            plan.date_projected = membership._project_tier(tier)

    @api.depends("date_target", "date_projected", "state")
    def _compute_is_behind(self):
        for plan in self:
            late = plan.date_target and (
                plan.date_projected or fields.Date.context_today(plan)
            )
            plan.is_behind = bool(
                late and plan.state in _OPEN and late > plan.date_target
            )

    def _find_target(self, tiers):
        """Return the ``TierMeasure`` of the target tier, ``None`` when unknown."""
        target = self.target_grade_id.id
        return next((tier for tier in tiers if tier.grade_id == target), None)

    # === CONSTRAINTS === #

    @api.constrains("membership_id", "target_grade_id")
    def _check_target(self):
        for plan in self.filtered(lambda plan: plan.state in _OPEN):
            membership, target = plan.membership_id, plan.target_grade_id
            values = {
                "membership": membership.display_name,
                "tier": target.display_name,
                "present": membership.grade_id.name,
            }
            if target.program_id != membership.program_id:
                raise ValidationError(
                    self.env._(
                        "The target tier “%(tier)s” is not one of “%(membership)s”: "
                        "choose a tier of the same program.",
                        **values,
                    )
                )
            if membership.grade_id and not target._is_above(membership.grade_id):
                raise ValidationError(
                    self.env._(
                        "The target tier “%(tier)s” is not above the present tier "
                        "“%(present)s” of “%(membership)s”: choose a higher one.",
                        **values,
                    )
                )

    @api.constrains("date_target")
    def _check_date_target(self):
        for plan in self.filtered(lambda plan: plan.state in _OPEN):
            if plan.date_target < plan.program_id._get_today():
                raise ValidationError(
                    self.env._(
                        "“%(plan)s”: “Reach By” is in the past. Choose a day to come.",
                        plan=plan.display_name,
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        plans = super().create(vals_list)
        for grade, started in plans.grouped(lambda p: p.membership_id.grade_id).items():
            started._set_protected({"grade_from_id": grade.id})
        return plans

    def write(self, vals):
        if {"membership_id", "target_grade_id", "date_target"} & vals.keys():
            self._check_open()
        return super().write(vals)

    def _check_open(self):
        """Refuse other aims of a plan that has come to its end."""
        for plan in self.filtered(lambda plan: plan.state not in _OPEN):
            raise UserError(
                self.env._(
                    "“%(plan)s” has come to its end: make a new plan for another aim.",
                    plan=plan.display_name,
                )
            )

    # === BUSINESS === #

    @api.model
    def _reach(self, memberships, grade, day):
        """Mark open plans as reached by those who are now on a tier.

        :param memberships: ``partner.membership`` that were given the tier
        :param grade: the ``res.partner.grade``
        :param date day: first day on it
        :return: the plans reached
        """
        # sudo: whoever decides a tier may have the plan for it noted as reached
        plans = self.sudo().search(
            [("membership_id", "in", memberships.ids), ("state", "in", _OPEN)]
        )
        return plans.filtered(
            lambda plan: not plan.target_grade_id._is_above(grade)
        )._move_to("state", "reached", _STATES, date_closed=day)

    # === ACTIONS === #

    def action_back(self):
        """Take plans one step back."""
        self.check_access("write")
        before = {"goal": "gap", "support": "goal"}
        for state, plans in self.grouped("state").items():
            plans._move_to("state", before.get(state, "gap"), _STATES)

    def action_agree_goal(self):
        """Note that both sides agreed on the target and the day."""
        self.check_access("write")
        self._move_to("state", "goal", _STATES)

    def action_support(self):
        """Note that the partner is being helped; the actions are activities."""
        self.check_access("write")
        self._move_to("state", "support", _STATES)

    def action_drop(self):
        """Give a plan up; what was planned to be done is done with."""
        self.check_access("write")
        for day, plans in self.grouped(lambda p: p.program_id._get_today()).items():
            dropped = plans._move_to("state", "dropped", _STATES, date_closed=day)
            dropped.activity_ids.unlink()
