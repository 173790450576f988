from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PartnerApprovalRule(models.Model):
    """Who approves which registrations of a program; those that match, in turn."""

    _name = "partner.approval.rule"
    _description = "Approval Rule"
    _order = "program_id, sequence, id"

    name = fields.Char(required=True, translate=True)
    program_id = fields.Many2one(
        "partner.program", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="program_id.company_id", store=True)
    currency_id = fields.Many2one(related="program_id.currency_id")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    country_ids = fields.Many2many("res.country", string="Countries")
    state_ids = fields.Many2many("res.country.state", string="States")
    amount_from = fields.Monetary(
        help="In the program's currency; the expected amount is converted."
    )
    family_ids = fields.Many2many(
        "product.category",
        string="Product Families",
        domain="[('is_channel_family', '=', True)]",
    )
    grade_ids = fields.Many2many(
        "res.partner.grade", string="Tiers", domain="[('program_id', '=', program_id)]"
    )
    approver_kind = fields.Selection(
        [("manager", "Channel manager of the partner"), ("user", "A person")],
        "Approver",
        required=True,
        default="user",
    )
    approver_id = fields.Many2one(
        "res.users", "Person", domain="[('share', '=', False)]", ondelete="restrict"
    )

    @api.constrains("approver_kind", "approver_id")
    def _check_approver(self):
        for rule in self.filtered(lambda rule: rule.approver_kind == "user"):
            user = rule.approver_id
            if not user or not user.has_group("partner_channel.group_channel_manager"):
                raise ValidationError(
                    self.env._(
                        "“%(rule)s”: the approver must be one of the channel's "
                        "managers.",
                        rule=rule.name,
                    )
                )

    def _matches(self, lead, amount):
        """Return whether the rule asks for an approval of a registration.

        :param lead: ``crm.lead``
        :param float amount: its expected amount in the program's currency
        """
        self.ensure_one()
        conditions = (
            (self.country_ids, lead.country_id),
            (self.state_ids, lead.state_id),
            (self.family_ids, lead.product_family_id),
            (self.grade_ids, lead.membership_id.grade_id),
        )
        return amount >= self.amount_from and all(
            value and value in allowed for allowed, value in conditions if allowed
        )

    def _get_approver(self, lead):
        """Return the person the rule asks."""
        self.ensure_one()
        if self.approver_kind == "manager":
            return lead.membership_id.manager_id
        return self.approver_id
