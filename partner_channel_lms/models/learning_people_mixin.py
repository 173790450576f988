from odoo import fields, models

#: what decides which paths are for a person
_TIES = {"portal_role_id", "parent_id", "active"}


class LearningPeopleMixin(models.AbstractModel):
    """People join a partner's team, change their role and leave: paths follow."""

    _name = "learning.people.mixin"
    _description = "Learning of People"

    learning_count = fields.Integer(
        "On Learning Paths",
        compute="_compute_learning_count",
        groups="partner_channel.group_channel_manager",
    )

    def _compute_learning_count(self):
        """Count a person's paths and, for a company, those of its people."""
        enrolments = self.env["learning.enrolment"]
        companies = self.filtered(lambda rec: rec == rec.commercial_partner_id)
        for name, partners in (
            ("commercial_partner_id", companies),
            ("partner_id", self - companies),
        ):
            domain = [
                (name, "in", partners.ids),
                ("state", "in", enrolments._get_open()),
            ]
            groups = (
                enrolments._read_group(domain, [name], ["__count"]) if partners else ()
            )
            counts = dict(groups)
            for partner in partners:
                partner.learning_count = counts.get(partner, 0)

    def write(self, vals):
        result = super().write(vals)
        if _TIES & vals.keys():
            self._sync_learning("role" if "portal_role_id" in vals else "join")
        return result

    def _sync_learning(self, reason):
        """Take people off paths that are no longer for them, and enrol whom they are.

        :param str reason: see ``learning.enrolment``
        """
        paths = self.env["learning.path"]
        if not self or not paths._is_used():
            return
        # sudo: learning follows from the team, whoever changes it
        enrolments = self.env["learning.enrolment"].sudo()
        enrolments.search(
            [
                ("partner_id", "in", self.ids),
                ("state", "in", enrolments._get_open()),
            ]
        )._review()
        members = self.env["partner.membership"].sudo()
        members = members.search(
            [
                ("partner_id", "in", self.sudo().commercial_partner_id.ids),
                ("state", "=", "active"),
            ]
        )
        if members:
            paths._enrol_by_rule(members, reason, people=self.sudo())

    def action_view_learning(self):
        """Open the paths these people, or these companies' people, are on."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partner_channel_lms.learning_enrolment_action"
        )
        domain = [
            "|",
            ("partner_id", "in", self.ids),
            ("commercial_partner_id", "in", self.ids),
        ]
        return {**action, "domain": domain, "context": {}}
