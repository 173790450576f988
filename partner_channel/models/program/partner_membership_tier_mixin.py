from datetime import timedelta

from odoo import api, fields, models

from ...tools.tiers import TierMeasure, pack, pick_tier, unpack


class PartnerMembershipTierMixin(models.AbstractModel):
    """The tier of a membership: measured, decided, explained."""

    _name = "partner.membership.tier.mixin"
    _description = "Tier of a Membership"

    grade_id = fields.Many2one(
        "res.partner.grade",
        "Tier",
        domain="[('program_id', '=', program_id)]",
        index=True,
        ondelete="restrict",
        tracking=True,
        group_expand="_read_group_grade_ids",
    )
    tier_since = fields.Date(readonly=True, copy=False)
    date_reviewed = fields.Date(
        readonly=True, copy=False, help="Last day on which the tier was reviewed."
    )
    review_ids = fields.One2many("partner.tier.review", "membership_id", "Decisions")
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
        if not tier:
            return ""
        requirements = self.env["partner.tier.requirement"]
        parts = []
        for measure in tier.requirements:
            if not measure.reached:
                requirement = requirements.browse(measure.requirement_id)
                parts.append(requirement._format_value(measure.gap))
        return ", ".join(parts)

    def _explain_tiers(self, tiers):
        """Return the tiers as plain dicts for a page, highest tier first."""
        requirements = self.env["partner.tier.requirement"]
        return [
            {
                "grade": self.env["res.partner.grade"].browse(tier.grade_id),
                "current": tier.grade_id == self.grade_id.id,
                "reached": tier.reached,
                "progress": round(100 * tier.progress),
                "lines": [
                    {
                        "requirement": (
                            requirement := requirements.browse(measure.requirement_id)
                        ),
                        "measure": measure,
                        "value": requirement._format_value(measure.value),
                        "threshold": requirement._format_value(measure.threshold),
                        "gap": requirement._format_value(measure.gap),
                    }
                    for measure in tier.requirements
                ],
            }
            for tier in tiers
        ]

    # === BUSINESS === #

    def _measure_tiers(self, date=None):
        """Measure every tier of the programs for all memberships at once.

        :param date: day of the review; default today where the company is
        :return: ``{membership_id: [TierMeasure]}``, highest tier first
        """
        result = {}
        for program, memberships in self.grouped("program_id").items():
            grades = program.sudo().grade_ids.sorted("sequence")
            day = date or (program and program._get_today())
            measured = grades.requirement_ids._measure(memberships, day)
            for membership in memberships:
                result[membership.id] = [
                    TierMeasure(
                        grade.id,
                        tuple(
                            measured[requirement.id, membership.id]
                            for requirement in grade.requirement_ids
                        ),
                    )
                    for grade in grades
                ]
        return result

    def _review_tiers(self, date=None):
        """Decide the tiers of all memberships.

        :param date: day of the review; default today where the company is
        :return: the ``partner.tier.review`` made or changed
        """
        measures = self._measure_tiers(date)
        Review = self.env["partner.tier.review"]
        decisions = []
        for membership in self:
            tiers = measures[membership.id]
            reached = pick_tier(tiers)
            if tiers and reached is not False:
                decisions.append((membership, reached, tiers))
        return Review._decide(decisions, date)

    @api.model
    def _get_review_domain(self):
        """Return the running memberships not reviewed yet today."""
        return [
            ("state", "in", ("active", "suspended")),
            "|",
            ("date_reviewed", "=", False),
            ("date_reviewed", "<", fields.Date.today()),
        ]

    def _prepare_tier_review(self, reached_id, tiers, date=None):
        """Return the values of the decision the measures ask for.

        :param int reached_id: tier the partner has reached
        :param tiers: ``TierMeasure`` list, highest tier first
        :param date: day of the review; default today where the company is
        """
        self.ensure_one()
        program = self.program_id
        day = date or program._get_today()
        order = [tier.grade_id for tier in tiers]
        held = (
            order.index(self.grade_id.id) if self.grade_id.id in order else len(order)
        )
        promote = order.index(reached_id) < held
        grace = 0 if promote else program.grace_days
        confirm = promote and program.promotion_policy == "confirm"
        return {
            "membership_id": self.id,
            "date": day,
            "date_effective": day + timedelta(days=grace),
            "grade_from_id": self.grade_id.id,
            "grade_to_id": reached_id,
            "decision": "promote" if promote else "demote",
            "state": "proposed" if confirm else "notice",
            "evidence": [
                measure.as_evidence() for tier in tiers for measure in tier.requirements
            ],
        }

    def _start_on_tiers(self, grades):
        for membership, grade_id in zip(self, grades, strict=True):
            if grade_id:
                membership._set_protected({"grade_id": grade_id})
        self.filtered("is_primary")._sync_partner_grade()

    def _set_tier(self, grade, day):
        """Give the memberships a tier. Only a decision calls this.

        :param grade: the ``res.partner.grade``
        :param date day: first day on the tier
        """
        self._set_protected({"grade_id": grade.id, "tier_since": day})
        self.filtered("is_primary")._sync_partner_grade()

    def _sync_partner_grade(self):
        """Let Odoo's own level follow the primary membership."""
        primary = self.filtered("is_primary")
        running = primary.filtered(lambda m: m.state in ("active", "suspended"))
        # sudo: a channel manager decides tiers without right on the contact's
        # company-wide level and pricelist
        for grade, memberships in running.grouped("grade_id").items():
            partners = memberships.partner_id.sudo()
            partners.filtered(lambda p, g=grade: p.grade_id != g).grade_id = grade
        ended = primary.filtered(lambda m: m.state == "terminated")
        ended.partner_id.sudo().filtered("grade_id").grade_id = False
