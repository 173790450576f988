from odoo import api, fields, models


class LearningPathStep(models.Model):
    """One course on a path: of Odoo, or of a learning system outside."""

    _name = "learning.path.step"
    _description = "Step of a Learning Path"
    _order = "sequence, id"

    path_id = fields.Many2one(
        "learning.path", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="path_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    channel_id = fields.Many2one(
        "slide.channel", "Course", index="btree_not_null", ondelete="cascade"
    )
    lms_course_id = fields.Many2one(
        "lms.course",
        "Course Elsewhere",
        index="btree_not_null",
        ondelete="cascade",
        help="A course of a learning system outside Odoo.",
    )
    type_id = fields.Many2one(
        "partner.certification.type",
        "Proved By",
        compute="_compute_type_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Who holds this certificate has passed the step. Without one the step is "
        "finished as soon as the course is, which proves nothing.",
    )
    due_days = fields.Integer(
        "Due In (days)", required=True, default=30, help="Counted from the enrolment."
    )
    is_mandatory = fields.Boolean("Mandatory", default=True)

    _one_course = models.Constraint(
        "CHECK (num_nonnulls(channel_id, lms_course_id) = 1)",
        "A step is one course: choose a course of Odoo or one elsewhere, not both.",
    )
    _due_days_range = models.Constraint(
        "CHECK (due_days BETWEEN 1 AND 3650)",
        "A step is due between 1 and 3650 days after the enrolment.",
    )
    _course_uniq = models.UniqueIndex(
        "(path_id, channel_id) WHERE channel_id IS NOT NULL",
        "This course is already a step of the path.",
    )
    _lms_course_uniq = models.UniqueIndex(
        "(path_id, lms_course_id) WHERE lms_course_id IS NOT NULL",
        "This course is already a step of the path.",
    )

    @api.depends("channel_id", "lms_course_id")
    def _compute_type_id(self):
        """Propose the certification the course prepares for, or proves."""
        kinds = self.env["partner.certification.type"].search(
            [("channel_id", "in", self.channel_id.ids)]
        )
        by_course = {kind.channel_id: kind for kind in reversed(kinds)}
        for step in self:
            # sudo: courses elsewhere are the trainers' to read
            step.type_id = by_course.get(
                step.channel_id, step.lms_course_id.sudo().type_id
            )

    @api.depends("channel_id.name", "lms_course_id.name")
    def _compute_display_name(self):
        for step in self:
            # sudo: the name of the course, for whoever reads the path
            own = step.sudo()
            step.display_name = own.channel_id.name or own.lms_course_id.name or ""

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps._follow_on()
        return steps

    def write(self, vals):
        members = self._get_members()
        result = super().write(vals)
        self._follow_on(members)
        return result

    def unlink(self):
        paths, members = self.path_id, self._get_members()
        result = super().unlink()
        paths._follow_changes(members)
        return result

    def _get_members(self):
        # sudo: partners of all channel managers may be on the paths
        return self.path_id.sudo().enrolment_ids.membership_id

    def _follow_on(self, members=None):
        self.path_id._follow_changes(members)

    # === PORTAL === #

    def _get_url(self):
        """Return where the course is, or an empty text; in sudo."""
        self.ensure_one()
        if self.channel_id:
            return self.channel_id.website_url if self.channel_id.is_published else ""
        activity = self.lms_course_id.activity or ""
        return activity if activity.startswith(("https://", "http://")) else ""
