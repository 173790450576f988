from odoo import fields, models
from odoo.fields import Domain

from odoo.addons.partner_channel.tools.health import limit


class PartnerMembership(models.Model):
    _name = "partner.membership"
    _inherit = [
        "partner.membership",
        "course.access.mixin",
        "membership.forecast.mixin",
        "learning.membership.mixin",
        "membership.rights.mixin",
    ]

    valid_certification_count = fields.Integer(
        related="partner_id.valid_certification_count",
        groups="partner_channel.group_channel_manager",
    )

    # === COURSES FOLLOW TIERS AND MEMBERSHIPS === #

    def _set_tier(self, grade, day, reviews=None):
        result = super()._set_tier(grade, day, reviews)
        self._sync_learning("tier")
        self._sync_course_access()
        return result

    def action_activate(self):
        """Let the partner work; its people attend what the tier gives."""
        result = super().action_activate()
        self._sync_learning("join")
        self._sync_course_access()
        return result

    def action_terminate(self):
        """End the membership and what its tier gave."""
        result = super().action_terminate()
        self._sync_learning("join")
        self._sync_course_access()
        return result

    def _get_course_grants(self):
        """Add what learning paths give to what tiers do."""
        return {**self._get_learning_grants(), **super()._get_course_grants()}

    # === HEALTH === #

    def _measure_enablement(self, day):
        """Return the share of the partner's people with a login who are certified.

        :param date day: last day that counts
        """
        # sudo: a partner's health must not depend on whose eyes measure it
        certification_sudo = self.env["partner.certification"].sudo()
        staff = self._count_staff()
        certified = certification_sudo._count_certified(
            self.partner_id, day, Domain("partner_id.user_ids", "!=", False)
        )
        result = {}
        for membership in self:
            people = staff.get(membership.partner_id.id, 0)
            number = min(people, certified.get(membership.partner_id, 0))
            if people:
                facts = {"certified": number, "staff": people}
                result[membership.id] = (limit(100 * number / people), facts)
        return result

    def _explain_enablement(self, facts):
        if facts.keys() != {"certified", "staff"}:  # measured by another addon
            return super()._explain_enablement(facts)
        return self.env._(
            "People with a valid certificate: %(certified)d of %(staff)d with a login",
            **facts,
        )

    # === ACTIONS === #

    def action_view_certifications(self):
        """Open the certificates of the members' people."""
        return self.partner_id.action_view_certifications()
