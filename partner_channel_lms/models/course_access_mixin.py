from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import split_every

_RUNNING = ("active", "suspended")
_BATCH = 500


class CourseAccessMixin(models.AbstractModel):
    """Courses a tier gives: the partner's people attend them while it lasts."""

    _name = "course.access.mixin"
    _description = "Course Access by Tier"

    def _sync_course_access(self):
        """Let the people of the partners attend just the courses their tiers give.

        Run twice it changes nothing. Who attends a course on their own account is
        never touched.

        :return: ``slide.channel.partner`` added and taken away
        """
        # sudo: attending is eLearning's; what a tier gives is decided by the program
        attendances = self.env["slide.channel.partner"].sudo()
        if not self:
            return attendances
        # all memberships of the partners: one may give what another no longer does
        members = self.sudo().search([("partner_id", "in", self.partner_id.ids)])
        granted = members._get_course_grants()
        given = attendances.search([("membership_id", "in", members.ids)])
        lost = attendances
        for attendance in given:
            membership = granted.get((attendance.channel_id, attendance.partner_id))
            if not membership:
                lost |= attendance
            elif attendance.membership_id != membership:
                attendance.membership_id = membership
        lost.action_archive()
        lost.membership_id = False
        return lost | self._add_course_access(granted, given - lost)

    def _get_course_grants(self):
        """Return ``{(course, person): membership}`` of what the tiers give."""
        running = self.filtered(lambda member: member.state in _RUNNING)
        values = running._get_benefit_values()
        people = running.partner_id._get_course_people()
        result = {}
        for membership in running:
            own = values.get(membership.grade_id.id)
            courses = own and own.filtered(lambda value: value.kind == "courses")
            for channel in courses.channel_ids if courses else ():
                for person in people.get(membership.partner_id, ()):
                    result.setdefault((channel, person), membership)
        return result

    @api.model
    def _add_course_access(self, granted, kept):
        """Add the people who are not there yet and remember why they are.

        :param dict granted: ``{(course, person): membership}``
        :param kept: attendances the tiers gave earlier
        """
        attendances = self.env["slide.channel.partner"].sudo()
        there = {(row.channel_id, row.partner_id) for row in kept}
        missing = {key: member for key, member in granted.items() if key not in there}
        people = {}
        for channel, person in missing:
            people[channel] = people.get(channel, person) | person
        added = attendances
        for channel, persons in people.items():
            rows = channel._action_add_members(
                persons - channel.channel_partner_ids.partner_id
            )
            for row in rows:
                row.membership_id = missing[channel, row.partner_id]
            added |= rows
        return added

    # === JOB === #

    @api.model
    def _cron_sync_course_access(self):
        """Give courses to people who joined, and take them from those who left."""
        if not (self.env.su or self.env.user._is_system()):
            raise AccessError(self.env._("Only the system runs this job."))
        values = self.env["partner.benefit.value"].search([("kind", "=", "courses")])
        giving = Domain("state", "in", _RUNNING)
        giving &= Domain("grade_id", "in", values.grade_id.ids)
        # also who was given a course by a benefit that is gone
        given = self.env["slide.channel.partner"].search(
            [("membership_id", "!=", False)]
        )
        domain = giving | Domain("id", "in", given.membership_id.ids)
        ids, cron = self.search(domain).ids, self.env["ir.cron"]
        left = len(ids)
        cron._commit_progress(remaining=left)
        for batch in split_every(_BATCH, ids):
            self.browse(batch)._sync_course_access()
            left -= len(batch)
            if not cron._commit_progress(len(batch), remaining=left):
                break
