from odoo import api, fields, models

from odoo.addons.partner_channel.tools.attribution import LINE_ROLES

from ..tools.rule_table import Rule

TRIGGERS = [("posting", "On invoicing"), ("payment", "As the customer pays")]


class PartnerCommissionRule(models.Model):
    """One line of a plan: for what part in which sales how much is paid, and when."""

    _name = "partner.commission.rule"
    _description = "Commission Rule"
    _order = "plan_id, sequence, id"

    plan_id = fields.Many2one(
        "partner.commission.plan", required=True, index=True, ondelete="cascade"
    )
    program_id = fields.Many2one(related="plan_id.program_id")
    company_id = fields.Many2one(related="plan_id.company_id")
    sequence = fields.Integer(
        default=10, help="The first rule that fits a line pays for it."
    )
    role = fields.Selection(LINE_ROLES, required=True, default="sourced")
    grade_ids = fields.Many2many(
        "res.partner.grade",
        string="Tiers",
        domain="[('program_id', '=', program_id)]",
        help="Partners of these tiers only; empty for all.",
    )
    product_categ_id = fields.Many2one(
        "product.category",
        "Product Category",
        ondelete="restrict",
        help="Products of this category and those below it; empty for all.",
    )
    # what a list shows where nothing is chosen
    tier_label = fields.Char("For Tiers", compute="_compute_scope_labels")
    product_label = fields.Char("For Products", compute="_compute_scope_labels")
    rate = fields.Float(
        "Rate (%)",
        required=True,
        digits=(7, 4),
        help="Percent of the untaxed amount of the invoice line.",
    )
    trigger = fields.Selection(
        TRIGGERS,
        "Payable",
        required=True,
        default="payment",
        help="On invoicing: at once. As the customer pays: in proportion to what is "
        "paid of the invoice.",
    )

    _rate_range = models.Constraint(
        "CHECK (rate >= 0 AND rate <= 100)", "A rate lies between 0 and 100 percent."
    )

    @api.depends("role", "grade_ids.name", "product_categ_id.display_name", "rate")
    def _compute_display_name(self):
        roles = dict(self._fields["role"]._description_selection(self.env))
        for rule in self:
            parts = [
                roles.get(rule.role, ""),
                rule.product_categ_id.display_name,
                ", ".join(name for name in rule.grade_ids.mapped("name") if name),
            ]
            rule.display_name = self.env._(
                "%(scope)s: %(rate)g %%",
                scope=" · ".join(part for part in parts if part),
                rate=rule.rate,
            )

    @api.depends("grade_ids.name", "product_categ_id.display_name")
    def _compute_scope_labels(self):
        for rule in self:
            tiers = ", ".join(name for name in rule.grade_ids.mapped("name") if name)
            rule.tier_label = tiers or self.env._("All tiers")
            category = rule.product_categ_id.display_name
            rule.product_label = category or self.env._("All products")

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules.plan_id._check_draft()
        self.env.registry.clear_cache()
        return rules

    def write(self, vals):
        self.plan_id._check_draft()
        result = super().write(vals)
        self.plan_id._check_draft()
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self.plan_id._check_draft()

    # === BUSINESS METHODS === #

    def _as_value(self):
        """Return the rule as a plain :class:`Rule`."""
        self.ensure_one()
        return Rule(
            self.id,
            self.role,
            frozenset(self.grade_ids.ids),
            self.product_categ_id.id,
            self.rate,
            self.trigger,
        )
