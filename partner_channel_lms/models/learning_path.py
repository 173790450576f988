from odoo import api, fields, models
from odoo.exceptions import ValidationError


class LearningPath(models.Model):
    """What people of a program's partners learn, in which order and by when."""

    _name = "learning.path"
    _description = "Learning Path"
    _inherit = ["learning.automation.mixin", "enrolment.rule.mixin"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    description = fields.Text(
        translate=True, help="What it is good for. The people on the path read this."
    )
    program_id = fields.Many2one(
        "partner.program", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="program_id.company_id", store=True, index=True
    )
    grade_ids = fields.Many2many(
        "res.partner.grade",
        string="Tiers",
        domain="[('program_id', '=', program_id)]",
        help="For partners on these tiers; empty: on all.",
    )
    role_ids = fields.Many2many(
        "partner.portal.role",
        string="Roles",
        help="For people with these roles in the portal; empty: for everybody with "
        "a login.",
    )
    step_ids = fields.One2many("learning.path.step", "path_id", "Steps", copy=True)
    type_ids = fields.Many2many(
        "partner.certification.type",
        string="Leads To",
        compute="_compute_type_ids",
        store=True,
        help="The certifications its steps prove.",
    )
    is_automatic = fields.Boolean(
        "Enrol by Rule",
        default=True,
        help="Whoever the path is for is enrolled at once, and taken off once it is "
        "no longer for them. Otherwise people are enrolled by hand.",
    )
    renews = fields.Boolean(
        "Enrol for Renewals",
        default=True,
        help="Enrol people again when a certificate it leads to enters its renewal "
        "window.",
    )
    remind_days = fields.Integer(
        "Remind (days before)",
        default=7,
        help="People get an e-mail this many days before a step is due, and once "
        "more when it is overdue.",
    )
    tells_owner = fields.Boolean(
        "Tell the Partner's Owner",
        default=True,
        help="Owners of the partner are told which colleagues are overdue.",
    )
    enrolment_ids = fields.One2many("learning.enrolment", "path_id", "Enrolments")
    open_count = fields.Integer("On the Path", compute="_compute_counts")
    overdue_count = fields.Integer("Overdue", compute="_compute_counts")

    _remind_days_range = models.Constraint(
        "CHECK (remind_days BETWEEN 0 AND 365)",
        "A reminder is sent between 0 and 365 days before a step is due.",
    )

    @api.depends("step_ids.type_id")
    def _compute_type_ids(self):
        for path in self:
            path.type_ids = path.step_ids.type_id

    @api.depends("enrolment_ids.state")
    @api.depends_context("uid")
    def _compute_counts(self):
        enrolments = self.env["learning.enrolment"]
        groups = enrolments._read_group(
            [("path_id", "in", self.ids), ("state", "in", enrolments._get_open())],
            ["path_id", "state"],
            ["__count"],
        )
        for path in self:
            counts = {state: count for own, state, count in groups if own == path}
            path.open_count = sum(counts.values())
            path.overdue_count = counts.get("overdue", 0)

    @api.constrains("grade_ids", "program_id")
    def _check_grades(self):
        for path in self:
            alien = path.grade_ids.filtered(
                lambda grade, own=path: grade.program_id != own.program_id
            )
            if alien:
                raise ValidationError(
                    self.env._(
                        "Tiers of “%(path)s”: “%(tier)s” is no tier of the program "
                        "“%(program)s”. Choose tiers of this program.",
                        path=path.display_name,
                        tier=alien[0].display_name,
                        program=path.program_id.display_name,
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        paths = super().create(vals_list)
        # whether there is any path is asked at every change of a team
        self.env.registry.clear_cache()
        return paths

    def write(self, vals):
        result = super().write(vals)
        if {"active", "grade_ids", "role_ids"} & vals.keys():
            self.with_context(active_test=False)._follow_changes()
        return result

    def unlink(self):
        # courses given by the paths end with them
        members = self.sudo().enrolment_ids.membership_id
        result = super().unlink()
        self.env.registry.clear_cache()
        members._sync_course_access()
        return result

    # === ACTIONS === #

    def action_enrol(self):
        """Enrol all people the paths are for, now.

        :return: client action that tells how many were enrolled
        """
        self.check_access("write")
        # sudo: partners of all channel managers are concerned; trainers read none
        members = self.env["partner.membership"].sudo()
        members = members.search(
            [("program_id", "in", self.program_id.ids), ("state", "=", "active")]
        )
        enrolled = self.sudo()._enrol_by_rule(members, paths=self.sudo())
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if enrolled else "info",
                "message": self.env._(
                    "%(count)s people enrolled.", count=len(enrolled)
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_view_enrolments(self):
        """Open who is on the paths."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partner_channel_lms.learning_enrolment_action"
        )
        action["domain"] = [("path_id", "in", self.ids)]
        action["context"] = {}
        if len(self) == 1:
            action["context"] = {"default_path_id": self.id}
        return action
