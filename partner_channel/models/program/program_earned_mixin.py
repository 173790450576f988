from odoo import fields, models


class ProgramEarnedMixin(models.AbstractModel):
    """How many open registrations partners earn by what became of theirs."""

    _name = "program.earned.mixin"
    _description = "Earned Limit of Open Registrations"

    open_limit_earned = fields.Boolean(
        "Earned Limit of Open Registrations",
        help="Base + factor × won rate × share of protected deals kept up to date, "
        "over 12 months; instead of the tier's number.",
        groups="base.group_user",
    )
    earned_base = fields.Integer(default=5, groups="base.group_user")
    earned_factor = fields.Integer(default=20, groups="base.group_user")
    earned_floor = fields.Integer("At Least", default=3, groups="base.group_user")
    earned_ceiling = fields.Integer("At Most", default=50, groups="base.group_user")
    earned_update_days = fields.Integer(
        "Up to Date Within (days)",
        default=30,
        help="A protected deal is kept up to date when it moved within so many days.",
        groups="base.group_user",
    )

    _earned_order = models.Constraint(
        "CHECK (earned_floor >= 0 AND earned_ceiling >= earned_floor)",
        "The most open registrations cannot be fewer than the least.",
    )
