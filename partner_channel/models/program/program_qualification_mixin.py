from odoo import fields, models


class ProgramQualificationMixin(models.AbstractModel):
    """What a program asks before a lead of its partners is taken on."""

    _name = "program.qualification.mixin"
    _description = "Rules of a Program for Qualifications"

    qualification_required = fields.Boolean(
        tracking=True,
        help="A registration is approved, and a lead becomes an opportunity, once both "
        "sides have qualified it.",
        groups="base.group_user",
    )
    qualification_threshold = fields.Float(
        "Least Score",
        default=50,
        tracking=True,
        help="0 to 100: what the vendor's score has to reach.",
        groups="base.group_user",
    )
    qualification_own_step = fields.Boolean(
        "Vendor's Own Step",
        tracking=True,
        help="After the common questions the vendor answers those of its own step, "
        "where the template has some, and confirms.",
        groups="base.group_user",
    )
    qualification_partner_hours = fields.Float(
        "Partner Answers Within (working hours)",
        default=40,
        help="Of the vendor's working time. 0: no limit.",
        groups="base.group_user",
    )
    qualification_vendor_hours = fields.Float(
        "Vendor Verifies Within (working hours)",
        default=16,
        help="0: no limit.",
        groups="base.group_user",
    )
    qualification_own_hours = fields.Float(
        "Own Step Within (working hours)",
        default=24,
        help="0: no limit.",
        groups="base.group_user",
    )
    qualification_template_ids = fields.One2many(
        "qualification.template",
        "program_id",
        "Qualification Templates",
        groups="base.group_user",
    )

    _qualification_limits = models.Constraint(
        "CHECK (qualification_threshold BETWEEN 0 AND 100"
        " AND qualification_partner_hours >= 0 AND qualification_vendor_hours >= 0"
        " AND qualification_own_hours >= 0)",
        "The least score lies between 0 and 100; hours cannot be negative.",
    )
