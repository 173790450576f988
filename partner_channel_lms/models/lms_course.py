from odoo import api, fields, models


class LmsCourse(models.Model):
    """Which certification an activity of a learning system proves."""

    _name = "lms.course"
    _description = "Course of a Learning System"
    _order = "provider_id, name, id"

    name = fields.Char(required=True)
    provider_id = fields.Many2one(
        "lms.provider", "Learning System", required=True, index=True, ondelete="cascade"
    )
    activity = fields.Char(
        "Activity (IRI)",
        required=True,
        help="The address by which the learning system names the course or its exam.",
    )
    type_id = fields.Many2one(
        "partner.certification.type",
        "Certification",
        index="btree_not_null",
        ondelete="restrict",
        help="Leave it empty to ignore what is said of this course.",
    )
    move_on = fields.Selection(
        [
            ("passed", "Passed"),
            ("completed", "Completed"),
            ("completed_and_passed", "Completed and passed"),
            ("completed_or_passed", "Completed or passed"),
        ],
        "Mastered When",
        required=True,
        default="passed",
        help="What the learning system has to say. Completing proves attendance only: "
        "choose it where no exam is taken. A course-level “satisfied” of cmi5 always "
        "counts.",
    )

    note = fields.Char(
        readonly=True, copy=False, help="What the learning system says of the course."
    )

    _activity_uniq = models.Constraint(
        "UNIQUE (provider_id, activity)",
        "This activity of the learning system is already tied to a certification.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._requeue()
        return records

    def write(self, vals):
        if {"provider_id", "activity"} & vals.keys():
            self._requeue()
        result = super().write(vals)
        if {"provider_id", "activity", "type_id", "move_on"} & vals.keys():
            self._requeue()
        return result

    def unlink(self):
        self._requeue()
        return super().unlink()

    def _requeue(self):
        """Have what was said of these courses looked at again."""
        for provider, records in self.grouped("provider_id").items():
            provider.env["lms.statement"]._requeue(
                [
                    ("provider_id", "=", provider.id),
                    ("activity", "in", records.mapped("activity")),
                ]
            )
