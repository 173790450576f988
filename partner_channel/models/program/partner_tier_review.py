from odoo import api, fields, models
from odoo.exceptions import AccessError

_STATES = {
    "applied": {"proposed", "notice"},
    "cancelled": {"proposed", "notice"},
}
_BATCH = 500


class PartnerTierReview(models.Model):
    """A decision about a tier, with the measures it stands on."""

    _name = "partner.tier.review"
    _description = "Tier Decision"
    _inherit = ["channel.state.mixin"]
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
        [("promote", "Promotion"), ("demote", "Demotion")], required=True, readonly=True
    )
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
        requirements = self.env["partner.tier.requirement"]
        for review in self:
            lines = []
            for measure in review.evidence or []:
                requirement = requirements.browse(measure["requirement_id"]).exists()
                shown = requirement._format_value if requirement else "{:,.2f}".format
                lines.append(
                    {
                        **measure,
                        "requirement": requirement,
                        "reached": measure["value"] >= measure["threshold"],
                        "value": shown(measure["value"]),
                        "threshold": shown(measure["threshold"]),
                    }
                )
            review.evidence_html = self.env["ir.qweb"]._render(
                "partner_channel.tier_evidence", {"lines": lines}
            )

    # === DECIDING === #

    @api.model
    def _decide(self, decisions, date=None):
        """Turn measured tiers into decisions; what is decided already stays.

        :param decisions: list of ``(membership, grade_id reached, tiers)``
        :param date: day of the review; default today
        :return: reviews made or changed
        """
        memberships = self.env["partner.membership"].union(*(d[0] for d in decisions))
        pending = {
            review.membership_id: review
            for review in self.search(
                [
                    ("membership_id", "in", memberships.ids),
                    ("state", "in", ("proposed", "notice")),
                ]
            )
        }
        changed, standing, vals_list = self.browse(), self.browse(), []
        for membership, reached_id, tiers in decisions:
            review = pending.get(membership)
            if review and not review._is_confirmed_by(reached_id, tiers):
                changed |= review._move_to("state", "cancelled", _STATES)
                review = None
            if review:
                standing |= review
            elif reached_id != membership.grade_id.id:
                vals_list.append(
                    membership._prepare_tier_review(reached_id, tiers, date)
                )
        changed |= self.browse(self._with_state_move().create(vals_list).ids)
        return changed | (standing | changed)._apply_due(date)

    def _is_confirmed_by(self, reached_id, tiers):
        """Whether today's measures still support an open decision."""
        order = [tier.grade_id for tier in tiers]
        if self.grade_to_id.id not in order or reached_id not in order:
            return False
        if self.decision == "promote":
            return self.grade_to_id.id == reached_id
        # a demotion notice stands while the partner is below its present tier
        if self.membership_id.grade_id.id not in order:
            return True
        return order.index(reached_id) > order.index(self.membership_id.grade_id.id)

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
            reviews.membership_id._set_tier(grade, day)
        return due._move_to("state", "applied", _STATES)

    def action_confirm(self):
        """Apply a proposed decision."""
        self._check_may_decide()
        for review in self.filtered(lambda r: r.state in ("proposed", "notice")):
            today = review.program_id._get_today()
            review.membership_id._set_tier(review.grade_to_id, today)
            review._move_to("state", "applied", _STATES, date_effective=today)

    def action_cancel(self):
        """Leave the tier as it is."""
        self._check_may_decide()
        self._move_to("state", "cancelled", _STATES)

    def _check_may_decide(self):
        if not (
            self.env.su
            or self.env.user.has_group("partner_channel.group_channel_manager")
        ):
            raise AccessError(self.env._("Only the channel team decides tiers."))
        self.membership_id.check_access("write")

    # === JOB === #

    @api.model
    def _cron_review_tiers(self):
        """Review all running memberships, in restartable batches.

        A day's work is marked on the memberships, so that a job that was
        stopped goes on where it was.
        """
        if not (self.env.su or self.env.user._is_system()):
            raise AccessError(self.env._("Only the system runs this job."))
        Membership, cron = self.env["partner.membership"], self.env["ir.cron"]
        domain = Membership._get_review_domain()
        remaining = Membership.search_count(domain)
        cron._commit_progress(remaining=remaining)
        while remaining:
            batch = Membership.search(domain, limit=_BATCH, order="id")
            batch = batch.try_lock_for_update()
            if not batch:
                break
            batch._review_tiers()
            batch.date_reviewed = fields.Date.today()
            remaining = max(0, remaining - len(batch))
            if not cron._commit_progress(len(batch), remaining=remaining):
                break
