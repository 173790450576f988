from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PartnerLeadAccount(models.Model):
    """A customer whose leads go to one partner first."""

    _name = "partner.lead.account"
    _description = "Named Account"
    _order = "rule_id, id"
    _rec_name = "partner_id"

    rule_id = fields.Many2one(
        "partner.lead.rule", required=True, index=True, ondelete="cascade"
    )
    program_id = fields.Many2one(related="rule_id.program_id")
    company_id = fields.Many2one(related="rule_id.company_id", store=True)
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('is_company', '=', True)]",
    )
    membership_id = fields.Many2one(
        "partner.membership",
        "Partner",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('program_id', '=', program_id), ('state', '=', 'active')]",
    )

    _customer_uniq = models.UniqueIndex(
        "(company_id, partner_id)",
        "This customer is a named account already: a company has one partner for it.",
    )

    @api.constrains("rule_id", "membership_id")
    def _check_program(self):
        for account in self:
            if account.membership_id.program_id != account.rule_id.program_id:
                raise ValidationError(
                    self.env._(
                        "“%(partner)s” is no partner of the program “%(program)s” the "
                        "rule is for.",
                        partner=account.membership_id.partner_id.display_name,
                        program=account.rule_id.program_id.name,
                    )
                )
