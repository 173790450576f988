from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields, models


class ProgramApplicationMixin(models.AbstractModel):
    """How companies apply to a program, and what it asks them."""

    _name = "program.application.mixin"
    _description = "Rules of a Program for Applications"

    accepts_applications = fields.Boolean(
        default=True,
        groups="base.group_user",
        help="The public page has a button to apply.",
    )
    criterion_ids = fields.One2many(
        "partner.application.criterion",
        "program_id",
        "Questions to Applicants",
        groups="base.group_user",
    )
    application_manager_id = fields.Many2one(
        "res.users",
        "Applications Go To",
        domain="[('share', '=', False)]",
        groups="base.group_user",
        help="The channel manager who is asked to decide. Empty: nobody is asked, the "
        "list of applications shows them.",
    )
    application_hours = fields.Float(
        "Decide Applications Within (working hours)",
        default=40,
        groups="base.group_user",
        help="Applicants are told by when the vendor decides.",
    )
    application_needs_vat = fields.Boolean(
        "Tax ID Is Needed",
        default=True,
        groups="base.group_user",
        help="A company cannot apply without its tax ID.",
    )
    application_draft_days = fields.Integer(
        "Keep Unfinished Applications (days)",
        default=30,
        groups="base.group_user",
        help="What was begun and not sent is deleted so many days after its last "
        "change.",
    )
    reapply_policy = fields.Selection(
        [("always", "At once"), ("months", "After some months"), ("never", "Never")],
        "Apply Again After a Refusal",
        required=True,
        default="always",
        groups="base.group_user",
        help="An application that comes too early is declined by itself.",
    )
    reapply_months = fields.Integer(
        "Months Before Applying Again", default=6, groups="base.group_user"
    )

    _application_limits = models.Constraint(
        "CHECK (application_hours >= 0 AND application_draft_days > 0"
        " AND reapply_months >= 0)",
        "Hours and months cannot be negative; an unfinished application is kept for at "
        "least one day.",
    )

    def _get_draft_end(self, now):
        """Return until when an unfinished application is kept.

        :param datetime now: of its last change, UTC
        """
        self.ensure_one()
        return now + timedelta(days=self.application_draft_days)

    def _is_reapplied_early(self, declined, now):
        """Return whether a company applies again before it may.

        :param datetime declined: when it was declined last, UTC
        :param datetime now: when it applies again, UTC
        """
        self.ensure_one()
        if self.reapply_policy == "months":
            return now < declined + relativedelta(months=self.reapply_months)
        return self.reapply_policy == "never"
