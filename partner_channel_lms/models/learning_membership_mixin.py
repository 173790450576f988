from psycopg2.errors import SerializationFailure

from odoo import fields, models
from odoo.exceptions import ConcurrencyError


class LearningMembershipMixin(models.AbstractModel):
    """Learning paths of a member's people."""

    _name = "learning.membership.mixin"
    _description = "Learning of a Membership"

    date_learning = fields.Date(
        "Learning Looked At",
        readonly=True,
        copy=False,
        index=True,
        groups="base.group_system",
        help="Day the nightly job enrolled the partner's people last.",
    )
    learning_count = fields.Integer(
        "On Learning Paths",
        compute="_compute_learning_count",
        groups="partner_channel.group_channel_manager",
    )

    def _compute_learning_count(self):
        enrolments = self.env["learning.enrolment"]
        groups = enrolments._read_group(
            [
                ("membership_id", "in", self.ids),
                ("state", "in", enrolments._get_open()),
            ],
            ["membership_id"],
            ["__count"],
        )
        counts = dict(groups)
        for membership in self:
            membership.learning_count = counts.get(membership, 0)

    def _sync_learning(self, reason, people=None):
        """Take people off paths that are no longer for them, and enrol whom they are.

        :param str reason: see ``learning.enrolment``
        :param people: only these contacts
        """
        paths = self.env["learning.path"]
        if not self or not paths._is_used():
            return
        # sudo: learning follows from the membership, whoever changes it
        enrolments = self.env["learning.enrolment"].sudo()
        domain = [
            ("membership_id", "in", self.ids),
            ("state", "in", enrolments._get_open()),
        ]
        if people is not None:
            domain.append(("partner_id", "in", people.ids))
        enrolments.search(domain)._review()
        paths._enrol_by_rule(self, reason, people)

    def _learn_by_rule(self, day):
        """Enrol by rule the people of a batch of the nightly job.

        :param date day: marks the memberships as done
        """
        try:
            self.env["learning.path"]._enrol_by_rule(self)
        except ConcurrencyError as error:
            # the job tries a batch again that another transaction has disturbed
            raise SerializationFailure(str(error)) from error
        self.date_learning = day

    def _get_learning_grants(self):
        """Return ``{(course, person): membership}`` of what learning paths give.

        Who has finished a path keeps its courses as long as the path is for them.
        """
        if not self.env["learning.path"]._is_used():
            return {}
        # sudo: courses follow from the paths, whoever gives the occasion
        enrolments = self.env["learning.enrolment"].sudo()
        found = enrolments.search(
            [("membership_id", "in", self.ids), ("state", "!=", "cancelled")]
        )
        partners = found.membership_id.partner_id
        staff = partners._get_course_people(found.partner_id)
        result = {}
        for enrolment in found:
            membership = enrolment.membership_id
            if enrolment._is_still_for(staff.get(membership.partner_id)):
                for channel in enrolment.path_id.step_ids.channel_id:
                    result.setdefault((channel, enrolment.partner_id), membership)
        return result

    # === ACTIONS === #

    def action_view_learning(self):
        """Open who of the members' people is on which path."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partner_channel_lms.learning_enrolment_action"
        )
        return {**action, "domain": [("membership_id", "in", self.ids)]}
