from odoo import fields, models


class ProgramLifeMixin(models.AbstractModel):
    """Rules of a program for registrations that are approved."""

    _name = "program.life.mixin"
    _description = "Rules for the Life of a Registration"

    extension_policy = fields.Selection(
        [
            ("never", "Never"),
            ("once", "Once"),
            ("unlimited", "As often as needed"),
        ],
        "Extensions",
        required=True,
        default="once",
        tracking=True,
        help="How often the protection of a deal may be extended.",
        groups="base.group_user",
    )
    extension_days = fields.Integer(
        "Extension (days)",
        default=30,
        help="How long an extension lasts, unless the channel manager grants another "
        "number of days.",
        groups="base.group_user",
    )
    reminder_days = fields.Integer(
        "First Reminder (days)",
        default=14,
        help="So many days before the protection ends, partner and channel manager "
        "are told. 0: not at all.",
        groups="base.group_user",
    )
    last_reminder_days = fields.Integer(
        "Last Reminder (days)",
        default=3,
        help="0: no second reminder.",
        groups="base.group_user",
    )
    update_days = fields.Integer(
        "Update Every (days)",
        help="How often the partner reports on a protected deal. 0: no duty.",
        groups="base.group_user",
    )
    update_grace_days = fields.Integer(
        "Overdue After (days)",
        default=3,
        help="Days between the reminder that an update is due and the deal being shown "
        "as overdue.",
        groups="base.group_user",
    )
    runner_up_policy = fields.Selection(
        [("off", "Off"), ("next", "Next in line")],
        "Runner-Up",
        required=True,
        default="off",
        tracking=True,
        help="Next in line: a registration refused because another partner holds the "
        "customer is decided again when that protection ends.",
        groups="base.group_user",
    )
    record_months = fields.Integer(
        "Partner of Record (months)",
        help="A partner who wins a deal is the customer's partner of record for so "
        "long: invoices without a deal, such as renewals, count for it. 0: not at all.",
        groups="base.group_user",
    )
    hide_from_distributor = fields.Boolean(
        help="New registrations are not shown to the partner's distributor.",
        groups="base.group_user",
    )

    _life_days = models.Constraint(
        "CHECK (extension_days > 0 AND reminder_days >= 0 AND last_reminder_days >= 0"
        " AND update_days >= 0 AND update_grace_days >= 0 AND record_months >= 0)",
        "An extension takes at least one day; other periods cannot be negative.",
    )
