from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ProgramApprovalMixin(models.AbstractModel):
    """Who decides registrations of a program, and which need nobody."""

    _name = "program.approval.mixin"
    _description = "Rules of a Program for Decisions"

    currency_id = fields.Many2one("res.currency")
    head_id = fields.Many2one(
        "res.users",
        "Head of the Program",
        domain="[('share', '=', False)]",
        help="Decides in place of absent approvers; late decisions come here.",
        groups="base.group_user",
    )
    approval_rule_ids = fields.One2many(
        "partner.approval.rule", "program_id", "Approvers", groups="base.group_user"
    )
    eligibility_ids = fields.One2many(
        "partner.program.eligibility",
        "program_id",
        "Eligibility Checks",
        groups="base.group_user",
    )
    auto_approve = fields.Boolean(
        "Approve Automatically",
        tracking=True,
        help="Soon after submission, never at once: the answer must not tell what the "
        "vendor knows of the customer.",
        groups="base.group_user",
    )
    auto_grade_ids = fields.Many2many(
        "res.partner.grade",
        "partner_program_auto_grade_rel",
        string="For Tiers",
        domain="[('program_id', '=', id)]",
        help="Empty: all tiers.",
        groups="base.group_user",
    )
    auto_amount_max = fields.Monetary(
        "Amount Up To",
        help="The partner writes the amount: it proves nothing. It only sends higher "
        "amounts, and deals without one, to people.",
        groups="base.group_user",
    )
    auto_min_won = fields.Integer(
        "Won Deals at Least",
        help="Of those submitted in the last 12 months.",
        groups="base.group_user",
    )
    auto_min_won_rate = fields.Float(
        "Won Rate at Least (%)",
        help="Of the registrations submitted in the last 12 months that have ended.",
        groups="base.group_user",
    )

    @api.constrains("auto_approve", "auto_amount_max")
    def _check_auto_amount(self):
        for program in self:
            if program.auto_approve and program.auto_amount_max <= 0:
                raise ValidationError(
                    self.env._(
                        "“%(program)s” approves automatically: set the amount up to "
                        "which it does.",
                        program=program.name,
                    )
                )
