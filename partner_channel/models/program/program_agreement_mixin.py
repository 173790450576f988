from odoo import fields, models


class ProgramAgreementMixin(models.AbstractModel):
    """The agreements of a program."""

    _name = "program.agreement.mixin"
    _description = "Agreements of a Program"

    agreement_template_ids = fields.One2many(
        "partner.agreement.template",
        "program_id",
        "Agreements",
        groups="base.group_user",
    )
