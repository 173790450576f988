from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...tools.tiers import RequirementMeasure

_STATES = {
    "applied": {"proposed", "notice"},
    "cancelled": {"proposed", "notice"},
}


class PartnerTierReview(models.Model):
    """A decision about a tier, with the measures it stands on."""

    _name = "partner.tier.review"
    _description = "Tier Decision"
    _inherit = ["channel.state.mixin", "tier.review.job.mixin"]
    _order = "date desc, id desc"
    _rec_name = "membership_id"
    _state_fields = (
        "state",
        "evidence",
        "membership_id",
        "partner_id",
        "program_id",
        "company_id",
        "date",
        "date_effective",
        "grade_from_id",
        "grade_to_id",
        "decision",
        "reason",
    )

    membership_id = fields.Many2one(
        "partner.membership",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    partner_id = fields.Many2one(related="membership_id.partner_id", store=True)
    program_id = fields.Many2one(related="membership_id.program_id", store=True)
    company_id = fields.Many2one(
        related="membership_id.company_id", store=True, index=True
    )
    date = fields.Date(required=True, readonly=True)
    date_effective = fields.Date(
        required=True, readonly=True, help="Day on which the tier changes."
    )
    grade_from_id = fields.Many2one("res.partner.grade", "From", readonly=True)
    grade_to_id = fields.Many2one(
        "res.partner.grade", "To", required=True, readonly=True, ondelete="restrict"
    )
    decision = fields.Selection(
        [
            ("promote", "Promotion"),
            ("demote", "Demotion"),
            ("override", "By hand"),
        ],
        required=True,
        readonly=True,
    )
    reason = fields.Char(readonly=True)
    state = fields.Selection(
        [
            ("proposed", "To confirm"),
            ("notice", "Notice given"),
            ("applied", "Applied"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="proposed",
    )
    evidence = fields.Json(readonly=True)
    evidence_html = fields.Html(compute="_compute_evidence_html", sanitize=False)

    _pending_uniq = models.UniqueIndex(
        "(membership_id) WHERE state IN ('proposed', 'notice')",
        "A membership has one open tier decision at a time.",
    )

    @api.depends("evidence")
    def _compute_evidence_html(self):
        measures = {
            review: [RequirementMeasure.from_evidence(x) for x in review.evidence or []]
            for review in self
        }
        ids = {m.requirement_id for lines in measures.values() for m in lines}
        known = self.env["partner.tier.requirement"].browse(ids).exists()
        by_id = {requirement.id: requirement for requirement in known}
        for review, lines in measures.items():
            review.evidence_html = self.env["ir.qweb"]._render(
                "partner_channel.tier_evidence",
                {"lines": [self._explain(m, by_id) for m in lines]},
            )

    @api.model
    def _explain(self, measure, requirements):
        """Return a measure as a dict for a page, also of a requirement deleted."""
        requirement = requirements.get(measure.requirement_id)
        shown = requirement._format_value if requirement else "{:,.2f}".format
        return {
            **measure._asdict(),
            "requirement": requirement,
            "reached": measure.reached,
            "value": "–" if measure.value is None else shown(measure.value),
            "threshold": shown(measure.threshold),
        }

    # === DECIDING === #

    @api.model
    def _decide(self, decisions, date=None):
        """Turn measured tiers into decisions; what is decided already stays.

        :param decisions: list of ``(membership, grade_id reached, tiers)``
        :param date: day of the review; default today
        :return: reviews made or changed
        """
        memberships = self.env["partner.membership"].browse(
            membership.id for membership, _reached, _tiers in decisions
        )
        pending = self._find_pending(memberships)
        outdated, standing, vals_list = self.browse(), self.browse(), []
        for membership, reached_id, tiers in decisions:
            review = pending.get(membership.id)
            if review and review._stands(reached_id):
                standing |= review
                continue
            if review:
                outdated |= review
            if reached_id != membership.grade_id.id:
                vals = membership._prepare_tier_review(reached_id, tiers, date)
                vals_list.append(review._inherit_notice(vals) if review else vals)
        changed = outdated._move_to_cancelled()
        # the index allows one open decision: the old must be closed before the new
        outdated.flush_recordset(["state"])
        # a tier that is never lost needs no decision
        vals_list = [vals for vals in vals_list if vals["date_effective"]]
        changed |= self.browse(self._with_state_move().create(vals_list).ids)
        return changed | (standing | changed)._apply_due(date)

    @api.model
    def _find_pending(self, memberships):
        """Return ``{membership_id: open review}``."""
        reviews = self.search(
            [
                ("membership_id", "in", memberships.ids),
                ("state", "in", ("proposed", "notice")),
            ]
        )
        return {review.membership_id.id: review for review in reviews}

    def _stands(self, reached_id):
        """Return whether today's measures lead to the same decision."""
        return self.grade_to_id.id == reached_id

    def _inherit_notice(self, vals):
        """Let a demotion to another tier keep the notice that was given.

        Who falls from Gold and climbs back to Silver before the day loses Gold on
        that day, not later.
        """
        if self.decision == vals["decision"] == "demote":
            vals = {**vals, "date_effective": self.date_effective}
        return vals

    def _move_to_cancelled(self):
        """Drop open decisions; return them."""
        return self._move_to("state", "cancelled", _STATES)

    @api.model
    def _override(self, memberships, grade, reason):
        """Give a tier by hand, with today's measures as the evidence against it.

        :param memberships: ``partner.membership``
        :param grade: ``res.partner.grade`` of their program
        :param str reason: why
        :return: the reviews
        """
        measures = memberships._measure_tiers()
        changing = memberships.filtered(lambda m: m.grade_id != grade)
        # sudo: reviews are nobody's to create; the caller may decide the tier
        reviews = (
            self.sudo()
            ._with_state_move()
            .create(
                [
                    {
                        "membership_id": membership.id,
                        "date": (today := membership.program_id._get_today()),
                        "date_effective": today,
                        "grade_from_id": membership.grade_id.id,
                        "grade_to_id": grade.id,
                        "decision": "override",
                        "reason": reason,
                        "state": "applied",
                        "evidence": membership._pack_evidence(measures[membership.id]),
                    }
                    for membership in changing
                ]
            )
        )
        for day, decided in reviews.grouped("date").items():
            decided.membership_id.with_env(self.env)._set_tier(grade, day, decided)
        return self.browse(reviews.ids)

    def _apply_due(self, date=None):
        """Apply the decisions that need no confirmation and are due.

        :param date: day of the review; default today where the company is
        :return: reviews applied
        """
        due = self.filtered(
            lambda r: (
                r.state == "notice"
                and r.date_effective <= (date or r.program_id._get_today())
            )
        )
        for (grade, day), reviews in due.grouped(
            lambda r: (r.grade_to_id, r.date_effective)
        ).items():
            reviews.membership_id._set_tier(grade, day, reviews)
        return due._move_to("state", "applied", _STATES)

    def action_confirm(self):
        """Apply a proposed decision."""
        self._check_may_decide()
        for review in self.filtered(lambda r: r.state in ("proposed", "notice")):
            today = review.program_id._get_today()
            review.membership_id._set_tier(review.grade_to_id, today, review)
            review._move_to("state", "applied", _STATES, date_effective=today)

    def action_cancel(self):
        """Leave the tier as it is."""
        self._check_may_decide()
        self._move_to_cancelled()

    def _check_may_decide(self):
        if not (
            self.env.su
            or self.env.user.has_group("partner_channel.group_channel_manager")
        ):
            raise AccessError(self.env._("Only the channel team decides tiers."))
        self.membership_id.check_access("write")
