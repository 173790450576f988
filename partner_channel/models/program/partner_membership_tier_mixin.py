from odoo import api, fields, models

from ...tools.tiers import pack, unpack, window_end


class PartnerMembershipTierMixin(models.AbstractModel):
    """The tier of a membership: what it is, why, and what it takes to rise."""

    _name = "partner.membership.tier.mixin"
    _description = "Tier of a Membership"

    grade_id = fields.Many2one(
        "res.partner.grade",
        "Tier",
        domain="[('program_id', '=', program_id)]",
        index=True,
        ondelete="restrict",
        group_expand="_read_group_grade_ids",
    )
    tier_since = fields.Date(readonly=True, copy=False)
    date_reviewed = fields.Date(
        readonly=True, copy=False, help="Last day on which the tier was reviewed."
    )
    tier_hold_until = fields.Date(
        "Tier Held Until",
        readonly=True,
        copy=False,
        tracking=True,
        help="Up to this day, inclusive, the tier is not reviewed.",
    )
    tier_hold_reason = fields.Char("Reason of the Hold", readonly=True, copy=False)
    review_ids = fields.One2many("partner.tier.review", "membership_id", "Decisions")
    tier_change_ids = fields.One2many(
        "partner.tier.change", "membership_id", "Tier History"
    )
    pending_review_id = fields.Many2one(
        "partner.tier.review", compute="_compute_pending_review_id"
    )
    # what the other computed fields read: measured once for a page
    tier_measures = fields.Json(compute="_compute_tier_measures")
    next_grade_id = fields.Many2one(
        "res.partner.grade", "Next Tier", compute="_compute_tier_progress"
    )
    tier_progress = fields.Float(
        "Way to the Next Tier (%)",
        compute="_compute_tier_progress",
        help="How far the weakest requirement of the next tier is met.",
    )
    tier_gap = fields.Char("Missing", compute="_compute_tier_progress")
    tier_projected_date = fields.Date(
        "Expected",
        compute="_compute_tier_progress",
        help="When the next tier is reached if the pace of the current period lasts.",
    )
    tier_explanation = fields.Html(compute="_compute_tier_explanation", sanitize=False)

    @api.model
    def _read_group_grade_ids(self, grades, domain):
        """Show all tiers of the programs at hand as kanban columns."""
        programs = grades.program_id
        if not programs:
            return grades
        return self.env["res.partner.grade"].search(
            [("program_id", "in", programs.ids)], order="sequence desc"
        )

    @api.depends("review_ids.state")
    def _compute_pending_review_id(self):
        pending = self.env["partner.tier.review"].search(
            [
                ("membership_id", "in", self.ids),
                ("state", "in", ("proposed", "notice")),
            ]
        )
        by_membership = {review.membership_id: review for review in pending}
        for membership in self:
            membership.pending_review_id = by_membership.get(membership)

    @api.depends("program_id.grade_ids.requirement_ids")
    def _compute_tier_measures(self):
        measures = self._measure_tiers()
        for membership in self:
            membership.tier_measures = pack(measures.get(membership.id, []))

    @api.depends("grade_id", "tier_measures")
    def _compute_tier_progress(self):
        grades = self.env["res.partner.grade"]
        for membership in self:
            above = membership._get_tiers_above(unpack(membership.tier_measures))
            upcoming = above[-1] if above else None
            membership.next_grade_id = grades.browse(upcoming and upcoming.grade_id)
            membership.tier_progress = 100.0 * upcoming.progress if upcoming else 100.0
            membership.tier_gap = membership._format_gap(upcoming)
            membership.tier_projected_date = membership._project_tier(upcoming)

    @api.depends("grade_id", "tier_measures")
    def _compute_tier_explanation(self):
        for membership in self:
            membership.tier_explanation = self.env["ir.qweb"]._render(
                "partner_channel.tier_explanation",
                {
                    "membership": membership,
                    "tiers": membership._explain_tiers(
                        unpack(membership.tier_measures)
                    ),
                },
            )

    def _get_tiers_above(self, tiers):
        """Return the measured tiers above the present one, highest first."""
        ids = [tier.grade_id for tier in tiers]
        if self.grade_id.id in ids:
            return tiers[: ids.index(self.grade_id.id)]
        return tiers

    def _format_gap(self, tier):
        """Return what is missing for a tier in the user's words."""
        if not tier or tier.reached:
            return ""
        requirements = self.env["partner.tier.requirement"]
        parts = [
            requirements.browse(measure.requirement_id)._format_value(measure.gap)
            for measure in tier.requirements
            if not measure.reached
        ]
        if tier.points_needed:
            points = tier.points_needed - tier.points
            if points <= 0:
                return self.env._("a minimum")
            return self.env._("%(points).1f points", points=points)
        return ", ".join(parts)

    def _project_tier(self, tier):
        """Return the day a tier is reached at the present pace.

        :param tier: ``TierMeasure`` or ``None``
        :return: ``date``; ``False`` when it cannot be told, or not in this period
        """
        if not tier or tier.reached:
            return False
        requirements = self.env["partner.tier.requirement"].browse(
            measure.requirement_id for measure in tier.requirements
        )
        calendar = requirements.filtered(
            lambda r: r._is_additive() and r.period != "rolling"
        )
        day = max(measure.date_to for measure in tier.requirements)
        projected = tier.project(day, set(calendar.ids))
        ends = [window_end(requirement.period, day) for requirement in calendar]
        if not projected or projected > min(ends):
            return False
        return projected

    def _explain_tiers(self, tiers):
        """Return the tiers as plain dicts for a page, highest tier first."""
        return [
            {
                "grade": self.env["res.partner.grade"].browse(tier.grade_id),
                "current": tier.grade_id == self.grade_id.id,
                "reached": tier.reached,
                "progress": round(100 * tier.progress),
                "points": tier.points,
                "points_needed": tier.points_needed,
                "projected": self._project_tier(tier),
                "lines": self._explain_requirements(tier),
            }
            for tier in tiers
        ]

    def _explain_requirements(self, tier):
        """Return the requirements of a tier as plain dicts for a page."""
        requirements = self.env["partner.tier.requirement"]
        return [
            {
                "requirement": (
                    requirement := requirements.browse(measure.requirement_id)
                ),
                "measure": measure,
                "value": requirement._format_value(measure.value),
                "threshold": requirement._format_value(measure.threshold),
                "gap": requirement._format_value(measure.gap),
                "points": measure.points * measure.progress,
            }
            for measure in tier.requirements
        ]
