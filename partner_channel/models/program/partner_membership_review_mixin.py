from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.tiers import TierMeasure, pick_tier


class PartnerMembershipReviewMixin(models.AbstractModel):
    """The review of tiers: measured for all at once, decided by the policies."""

    _name = "partner.membership.review.mixin"
    _description = "Review of Tiers"

    def _measure_tiers(self, date=None):
        """Measure every tier of the programs for all memberships at once.

        :param date: day of the review; default today where the company is
        :return: ``{membership_id: [TierMeasure]}``, highest tier first
        """
        result = {}
        tiers = self.program_id._read_tiers()
        for program, memberships in self.grouped("program_id").items():
            asked = tiers.get(program.id, ())
            requirements = (
                self.env["partner.tier.requirement"]
                .sudo()
                .union(*(requirements for _grade_id, requirements, _points in asked))
            )
            day = date or (program and program._get_today())
            measured = requirements._measure(memberships, day)
            for membership_id in memberships.ids:
                result[membership_id] = [
                    TierMeasure(
                        grade_id,
                        tuple(measured[key, membership_id] for key in requirements.ids),
                        points_needed,
                    )
                    for grade_id, requirements, points_needed in asked
                ]
        return result

    def _review_tiers(self, date=None):
        """Decide the tiers of all memberships; held ones stay as they are.

        :param date: day of the review; default today where the company is
        :return: the ``partner.tier.review`` made or changed
        """
        free = self.filtered(lambda membership: not membership._is_tier_held(date))
        # held tiers are measured as well: segments ask what a partner does
        measures = self._measure_tiers(date)
        self.env["partner.membership.fact"]._store(self, measures, date)
        decisions = []
        for membership in free:
            tiers = measures[membership.id]
            reached = pick_tier(tiers)
            if reached and not membership._keeps_tier_by_hand(reached, tiers):
                decisions.append((membership, reached, tiers))
        return self.env["partner.tier.review"]._decide(decisions, date)

    def _keeps_tier_by_hand(self, reached_id, tiers):
        """Return whether the present tier is one that only people give and take.

        A tier without requirements above the entry tier is not reached by measures,
        so measures do not take it away either.

        :param int reached_id: tier the partner has reached
        :param tiers: ``TierMeasure`` list, highest tier first
        """
        order = [tier.grade_id for tier in tiers]
        if self.grade_id.id not in order[:-1]:
            return False
        place = order.index(self.grade_id.id)
        return not tiers[place].requirements and order.index(reached_id) > place

    @api.model
    def _get_review_domain(self):
        """Return the running memberships not reviewed yet today."""
        today = fields.Date.today()
        return Domain("state", "in", ("active", "suspended")) & (
            Domain("date_reviewed", "=", False) | Domain("date_reviewed", "<", today)
        )

    def _set_reviewed(self, day):
        """Mark the day's review as done.

        :param date day: the night's date, as ``_get_review_domain`` compares it
        """
        if not self:
            return
        # Raw SQL: one statement for any number of partners, where the ORM sends one
        # for each hundred; nothing depends on the field.
        self.env.cr.execute(
            SQL(
                "UPDATE partner_membership SET date_reviewed = %s WHERE id IN %s",
                day,
                tuple(self.ids),
            )
        )
        self.invalidate_recordset(["date_reviewed"], flush=False)

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
        confirm = promote and program.promotion_policy == "confirm"
        return {
            "membership_id": self.id,
            "date": day,
            "date_effective": day if promote else program._get_demotion_day(day),
            "grade_from_id": self.grade_id.id,
            "grade_to_id": reached_id,
            "decision": "promote" if promote else "demote",
            "state": "proposed" if confirm else "notice",
            "evidence": self._pack_evidence(tiers),
        }

    @api.model
    def _pack_evidence(self, tiers):
        return [
            measure.as_evidence() for tier in tiers for measure in tier.requirements
        ]

    # === HOLDING A TIER === #

    def _is_tier_held(self, date=None):
        """Return whether the tier is frozen or set by hand on a day."""
        until = self._get_tier_hold_end()
        return bool(until and until >= (date or self.program_id._get_today()))

    def _get_tier_hold_end(self):
        """Return the last day, past or to come, of freeze and hold; none: ``None``."""
        self.ensure_one()
        holds = (self.tier_hold_until, self.program_id.freeze_until)
        return max((day for day in holds if day), default=None)

    def _hold_tier(self, until, reason, grade=None):
        """Keep the tier as it is, or give another one, up to a day.

        Open decisions are dropped: what the measures say then counts again after
        the last day, with notice and grace as always.

        :param date until: last day, inclusive
        :param str reason: shown to the channel team
        :param grade: ``res.partner.grade`` to give, default the present one
        :raise UserError: when reason or day are missing or past, or the tier is one
            of another program
        """
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the tier is not to follow the rules."))
        for membership in self:
            today = membership.program_id._get_today()
            if not until or until < today:
                raise UserError(
                    self.env._("Choose a last day that is not in the past.")
                )
            if grade and grade.program_id != membership.program_id:
                raise UserError(
                    self.env._(
                        "“%(tier)s” is not a tier of “%(program)s”.",
                        tier=grade.display_name,
                        program=membership.program_id.display_name,
                    )
                )
        self._drop_open_reviews()
        self._set_protected(
            {"tier_hold_until": until, "tier_hold_reason": reason.strip()}
        )
        if grade:
            self.env["partner.tier.review"]._override(self, grade, reason.strip())

    def _drop_open_reviews(self):
        # sudo: the caller decides about the membership, and so about its reviews
        pending = self.sudo().review_ids.filtered(
            lambda review: review.state in ("proposed", "notice")
        )
        pending._move_to_cancelled()

    def action_release_tier(self):
        """Let the rules decide the tier again."""
        self._check_may_hold()
        self._set_protected({"tier_hold_until": False, "tier_hold_reason": False})

    def _check_may_hold(self):
        """Refuse a hold by anybody but the channel's people."""
        if not (
            self.env.su
            or self.env.user.has_group("partner_channel.group_channel_manager")
        ):
            raise AccessError(self.env._("Only the channel team decides tiers."))
        self.check_access("write")

    # === CHANGING A TIER === #

    def _start_on_tiers(self, grades):
        """Put new memberships on their first tiers.

        :param grades: ids of tiers, one a membership, or ``False``
        """
        for grade_id, memberships in self._group_by_grade(grades).items():
            memberships._set_protected({"grade_id": grade_id})
            for day, started in memberships.grouped(
                lambda m: m.tier_since or m.date_start or m.program_id._get_today()
            ).items():
                self.env["partner.tier.change"]._record(started, grade_id, day)
        self.filtered("is_primary")._sync_partner_grade()

    def _group_by_grade(self, grades):
        result = {}
        for membership, grade_id in zip(self, grades, strict=True):
            if grade_id:
                result.setdefault(grade_id, self.browse())
                result[grade_id] |= membership
        return result

    def _set_tier(self, grade, day, reviews=None):
        """Give the memberships a tier. Only a decision calls this.

        :param grade: the ``res.partner.grade``
        :param date day: first day on the tier
        :param reviews: the decisions behind it
        """
        changing = self.filtered(lambda membership: membership.grade_id != grade)
        changing._log_tier(grade)
        changing._set_protected({"grade_id": grade.id, "tier_since": day})
        self.env["partner.tier.change"]._record(changing, grade.id, day, reviews)
        changing.filtered("is_primary")._sync_partner_grade()
        self.env["partner.tier.plan"]._reach(changing, grade, day)

    def _log_tier(self, grade):
        """Note the change in the chatter, for all at once."""
        self._message_log_batch(
            {
                membership.id: self.env._(
                    "Tier: %(old)s → %(new)s",
                    old=membership.grade_id.name or "–",
                    new=grade.name,
                )
                for membership in self
            }
        )

    def _sync_partner_grade(self):
        """Let Odoo's own level follow the primary membership."""
        primary = self.filtered("is_primary")
        running = primary.filtered(lambda m: m.state in ("active", "suspended"))
        # sudo: a channel manager decides tiers without right on the contact's
        # company-wide level and pricelist; the membership's chatter tells of it
        for grade, memberships in running.grouped("grade_id").items():
            partners = memberships.partner_id.sudo().with_context(mail_notrack=True)
            partners.filtered(lambda p, g=grade: p.grade_id != g).grade_id = grade
        ended = primary.filtered(lambda m: m.state == "terminated")
        ended.partner_id.sudo().filtered("grade_id").grade_id = False
