from odoo import fields, models
from odoo.fields import Domain

from ...tools.goals import period_window
from ...tools.tiers import unpack

_CHANNEL = "partner_channel.group_channel_manager"


class PartnerMembershipGoalMixin(models.AbstractModel):
    """What a partner is to reach: its goals, its growth plan, the paper on both."""

    _name = "partner.membership.goal.mixin"
    _description = "Goals of a Membership"

    goal_ids = fields.One2many(
        "partner.goal", "membership_id", "Goals", groups=_CHANNEL
    )
    goal_count = fields.Integer(compute="_compute_goal_count", groups=_CHANNEL)
    tier_plan_ids = fields.One2many(
        "partner.tier.plan", "membership_id", "Growth Plans", groups=_CHANNEL
    )
    open_tier_plan_id = fields.Many2one(
        "partner.tier.plan", compute="_compute_open_tier_plan_id", groups=_CHANNEL
    )

    def _compute_goal_count(self):
        counts = dict(
            self.env["partner.goal"]._read_group(
                [("membership_id", "in", self.ids)], ["membership_id"], ["__count"]
            )
        )
        for membership in self:
            membership.goal_count = counts.get(membership, 0)

    def _compute_open_tier_plan_id(self):
        plans = self.env["partner.tier.plan"].search(
            Domain("membership_id", "in", self.ids)
            & Domain("state", "not in", ("reached", "dropped"))
        )
        by_membership = {plan.membership_id: plan for plan in plans}
        for membership in self:
            membership.open_tier_plan_id = by_membership.get(membership)

    def action_open_goals(self):
        """Open the goals of the membership."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partner_channel.partner_goal_action"
        )
        return {
            **action,
            "domain": [("membership_id", "=", self.id)],
            "context": {"default_membership_id": self.id},
        }

    def action_open_tier_plan(self):
        """Open the growth plan that runs, or a new one."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Growth Plan"),
            "res_model": "partner.tier.plan",
            "res_id": self.open_tier_plan_id.id,
            "view_mode": "form",
            "context": {
                "default_membership_id": self.id,
                "default_target_grade_id": self.next_grade_id.id,
            },
        }

    # === JOINT BUSINESS PLAN === #

    def _get_business_plan(self):
        """Return what the joint business plan of this year shows.

        :return: dict with ``today``, ``year``, ``goals`` of this year, ``tier`` (what
            the next one takes, as in :meth:`_explain_tiers`, or ``None``), ``plan``
            (open growth plan) and ``activities`` of both
        """
        self.ensure_one()
        today = self.program_id._get_today()
        first, last = period_window("year", today)
        goals = self.goal_ids.filtered(
            lambda goal: first <= goal.date_from and goal.date_to <= last
        ).sorted(lambda goal: (goal.date_from, goal.date_to, goal.id))
        plan = self.open_tier_plan_id
        activities = self.activity_ids | goals.activity_ids | plan.activity_ids
        return {
            "today": today,
            "year": str(today.year),
            "goals": goals,
            "tier": self._explain_next_tier(plan),
            "plan": plan,
            "activities": activities.sorted("date_deadline"),
        }

    def _explain_next_tier(self, plan):
        """Return what the tier aimed at takes, by default the next one.

        :param plan: the open ``partner.tier.plan``, may be empty
        """
        target = plan.target_grade_id or self.next_grade_id
        tiers = self._explain_tiers(unpack(self.tier_measures))
        return next((tier for tier in tiers if tier["grade"] == target), None)
