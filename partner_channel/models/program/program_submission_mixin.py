from datetime import timedelta

from odoo import fields, models


class ProgramSubmissionMixin(models.AbstractModel):
    """What a program asks of a registration, and how fast it is decided."""

    _name = "program.submission.mixin"
    _description = "Rules of a Program for Submissions"

    required_field_ids = fields.Many2many(
        "partner.registration.field",
        string="Required to Submit",
        domain=[("technical_name", "!=", "is_public_tender")],
        help="Beside the company's name: without these a registration is not taken.",
        groups="base.group_user",
    )
    decision_hours = fields.Float(
        "Decide Within (working hours)",
        default=16,
        tracking=True,
        help="Hours of the company's working time the vendor gives itself to decide.",
        groups="base.group_user",
    )
    escalation_hours = fields.Float(
        "Second Escalation After (working hours)",
        default=8,
        help="A late decision goes to the leader of the sales team; so many hours "
        "later to the head of the program.",
        groups="base.group_user",
    )
    limit_after_return = fields.Boolean(
        "Limit Resubmissions After Return",
        help="Not set: as often as needed.",
        groups="base.group_user",
    )
    max_after_return = fields.Integer(
        "Resubmissions After Return",
        help="0: a returned registration stays returned.",
        groups="base.group_user",
    )
    limit_after_rejection = fields.Boolean(
        "Limit New Registrations After Rejection",
        help="Not set: as often as wanted.",
        groups="base.group_user",
    )
    max_after_rejection = fields.Integer(
        "Registrations After Rejection",
        help="How often the same partner may ask again for a customer it was refused.",
        groups="base.group_user",
    )

    _submission_limits = models.Constraint(
        "CHECK (decision_hours >= 0 AND escalation_hours >= 0"
        " AND max_after_return >= 0 AND max_after_rejection >= 0)",
        "Hours and numbers of resubmissions cannot be negative.",
    )

    def _plan_hours(self, hours, start):
        """Return when some hours of the company's working time have passed.

        :param float hours: working hours
        :param datetime start: UTC
        :return: UTC datetime
        """
        self.ensure_one()
        calendar = self.company_id.resource_calendar_id
        due = calendar and calendar.plan_hours(hours, start, compute_leaves=True)
        return due or start + timedelta(hours=hours)
