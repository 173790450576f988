from odoo import api, fields, models
from odoo.tools import ormcache

from odoo.addons.partner_channel.tools.attribution import LINE_ROLES
from odoo.addons.partner_channel_portal.tools.kept import KEPT

from ..tools.commission_math import to_decimal
from ..tools.overrides import OVERRIDE_ROLES
from ..tools.rule_table import Rule

#: parts in a line that are paid for
ROLES = [*LINE_ROLES, *OVERRIDE_ROLES]
TRIGGERS = [
    ("posting", "On invoicing"),
    ("payment", "As the customer pays"),
    ("split", "Part on invoicing, rest as the customer pays"),
]


class PartnerCommissionRule(models.Model):
    """One line of a plan: for what part in which sales how much is paid, and when."""

    _name = "partner.commission.rule"
    _description = "Commission Rule"
    _inherit = [
        "commission.rule.condition.mixin",
        "commission.rule.pay.mixin",
        "commission.rule.guide.mixin",
    ]
    _order = "plan_id, sequence, id"

    plan_id = fields.Many2one(
        "partner.commission.plan", required=True, index=True, ondelete="cascade"
    )
    program_id = fields.Many2one(related="plan_id.program_id")
    company_id = fields.Many2one(related="plan_id.company_id")
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer(
        default=10,
        help="Of the rules that come equally close to the product the first one pays.",
    )
    role = fields.Selection(ROLES, required=True, default="sourced")
    grade_ids = fields.Many2many(
        "res.partner.grade",
        string="Tiers",
        domain="[('program_id', '=', program_id)]",
        help="Partners of these tiers only; empty for all.",
        **KEPT,
    )
    # what a list shows where nothing is chosen
    tier_label = fields.Char("For Tiers", compute="_compute_scope_labels")
    product_label = fields.Char("For Products", compute="_compute_scope_labels")
    trigger = fields.Selection(
        TRIGGERS,
        "Payable",
        required=True,
        default="payment",
        help="On invoicing: at once. As the customer pays: in proportion to what is "
        "paid of the invoice.",
    )
    upfront = fields.Float(
        "Payable on Invoicing (%)",
        digits=(5, 2),
        default=50.0,
        help="This part at once; the rest in proportion to what is paid of the "
        "invoice.",
    )
    holdback_days = fields.Integer(
        "Held Back (Days)",
        help="An amount becomes payable so many days after the invoice or payment.",
    )
    hold_suspended = fields.Boolean(
        "Hold While Suspended",
        help="Nothing becomes payable while the partner is suspended.",
    )
    hold_overdue = fields.Boolean(
        "Hold While in Arrears",
        help="Nothing becomes payable while the partner's own invoices are overdue.",
    )

    _upfront_range = models.Constraint(
        "CHECK (upfront >= 0 AND upfront <= 100 AND COALESCE(holdback_days, 0) >= 0)",
        "The part payable on invoicing lies between 0 and 100 percent, and the days "
        "held back are not negative.",
    )

    @api.depends("role", "tier_label", "product_label", "condition_label", "pay_label")
    def _compute_display_name(self):
        roles = dict(self._fields["role"]._description_selection(self.env))
        for rule in self:
            parts = [
                roles.get(rule.role, ""),
                rule._get_product_text(),
                ", ".join(name for name in rule.grade_ids.mapped("name") if name),
                rule.condition_label,
            ]
            rule.display_name = self.env._(
                "%(scope)s: %(pay)s",
                scope=" · ".join(part for part in parts if part),
                pay=rule.pay_label,
            )

    @api.depends(
        "grade_ids.name",
        "product_ids.display_name",
        "product_tag_ids.name",
        "product_categ_id.display_name",
    )
    def _compute_scope_labels(self):
        for rule in self:
            tiers = ", ".join(name for name in rule.grade_ids.mapped("name") if name)
            rule.tier_label = tiers or self.env._("All tiers")
            products = rule._get_product_text()
            rule.product_label = products or self.env._("All products")

    def _get_product_text(self):
        """Return which products the rule is for, empty for all."""
        self.ensure_one()
        names = [
            *self.product_ids.mapped("display_name"),
            *self.product_tag_ids.mapped("name"),
            self.product_categ_id.display_name,
        ]
        return ", ".join(name for name in names if name)

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

    def _get_hold_codes(self):
        """Return for which reasons the rule holds; addons add theirs."""
        self.ensure_one()
        flags = {"suspended": self.hold_suspended, "overdue": self.hold_overdue}
        return {code for code, is_set in flags.items() if is_set}

    def _as_value(self):
        """Return the rule as a plain :class:`Rule`."""
        self.ensure_one()
        return Rule(
            self.id,
            self.role,
            frozenset(self.grade_ids.ids),
            self.product_categ_id.id,
            to_decimal(self.rate),
            self.trigger,
            product_ids=frozenset(self.product_ids.ids),
            tag_ids=frozenset(self.product_tag_ids.ids),
            conditions=self._get_conditions(),
            upfront=to_decimal(self.upfront),
            pay=self._get_pay(),
            caps=self.plan_id._get_caps(),
            ceiling=to_decimal(self.plan_id.ceiling),
            holdback=self.holdback_days,
            holds=frozenset(self._get_hold_codes()),
        )

    @api.model
    @ormcache()
    def _get_rules_by_id(self):
        """Return the rules of all plans that paid ever: ``{rule_id: Rule}``.

        A document posted again is paid by the rule of its first posting.
        """
        # sudo: the same for everybody and kept for all users
        rules = self.sudo().search([("plan_id.state", "!=", "draft")])
        return {rule.id: rule._as_value() for rule in rules}
