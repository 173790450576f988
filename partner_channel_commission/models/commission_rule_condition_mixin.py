from odoo import api, fields, models

from odoo.addons.partner_channel_portal.tools.kept import KEPT

from ..tools.commission_math import ZERO, to_decimal
from ..tools.conditions import Condition

_REGISTERED = [("yes", "Registered deals"), ("no", "Deals not registered")]
_CUSTOMERS = [("new", "New customers"), ("existing", "Existing customers")]
_SALES = [
    ("first", "First sale to the customer"),
    ("more", "Further sale"),
    ("renewal", "Renewal: the customer bought the product before"),
]

#: field → fact that has to be one of its records
_RECORDS = {
    "country_ids": "country",
    "currency_ids": "currency",
    "user_ids": "salesperson",
}
#: field → fact that has to hold its value
_VALUES = {"registered": "registered", "customer_kind": "customer", "sale_kind": "sale"}
#: fact → fields of its bounds, [from, to)
_RANGES = {
    "month": ("month_from", "month_to"),
    "line_amount": ("line_amount_from", "line_amount_to"),
    "document_amount": ("document_amount_from", "document_amount_to"),
    "discount": ("discount_from", "discount_to"),
    "arrears": (None, "arrears_to"),
}


class CommissionRuleConditionMixin(models.AbstractModel):
    """Says which sales a rule pays for.

    What is left empty does not matter. Bounds are *from* and *below*: an amount of
    exactly the second bound belongs to the next rule.
    """

    _name = "commission.rule.condition.mixin"
    _description = "Conditions of a Commission Rule"

    product_ids = fields.Many2many(
        "product.product",
        string="Products",
        help="These products only; goes before rules by tag and category.",
        **KEPT,
    )
    product_tag_ids = fields.Many2many(
        "product.tag",
        string="Product Tags",
        help="Products with one of these tags; goes before rules by category.",
        **KEPT,
    )
    product_categ_id = fields.Many2one(
        "product.category",
        "Product Category",
        ondelete="restrict",
        help="Products of this category and those below it; the nearest category "
        "goes first. Empty for all.",
    )
    registered = fields.Selection(
        _REGISTERED,
        "Registration",
        help="Registered: the deal is protected or was won by the time of the invoice.",
    )
    customer_kind = fields.Selection(
        _CUSTOMERS,
        "Customers",
        help="New: its first invoice is less than twelve months old.",
    )
    sale_kind = fields.Selection(
        _SALES,
        "Sales",
        help="First: there is no earlier invoice to the customer. Further: there is "
        "one. Renewal: there is one with the same product.",
    )
    month_from = fields.Integer(
        "From Month", help="Full months since the customer's first invoice."
    )
    month_to = fields.Integer(
        "Below Month",
        help="0 for no end. From 0 and below 3: the first three months.",
    )
    country_ids = fields.Many2many("res.country", string="Customer Countries", **KEPT)
    country_group_ids = fields.Many2many(
        "res.country.group", string="Customer Country Groups", **KEPT
    )
    currency_ids = fields.Many2many("res.currency", string="Invoice Currencies", **KEPT)
    user_ids = fields.Many2many(
        "res.users", string="Salespeople", domain="[('share', '=', False)]", **KEPT
    )
    # the rule says which
    company_currency_id = fields.Many2one("res.currency")
    line_amount_from = fields.Monetary(
        "Line From", currency_field="company_currency_id", help="Untaxed."
    )
    line_amount_to = fields.Monetary(
        "Line Below", currency_field="company_currency_id", help="0 for no end."
    )
    document_amount_from = fields.Monetary(
        "Invoice From", currency_field="company_currency_id", help="Untaxed."
    )
    document_amount_to = fields.Monetary(
        "Invoice Below", currency_field="company_currency_id", help="0 for no end."
    )
    discount_from = fields.Float("Discount From (%)", digits=(5, 2))
    discount_to = fields.Float(
        "Discount Below (%)", digits=(5, 2), help="0 for no end."
    )
    arrears_to = fields.Integer(
        "While in Arrears Below (Days)",
        help="Pays while the customer pays: as long as its oldest unpaid invoice is "
        "overdue for fewer days, at the invoice date. 0: does not matter.",
    )
    condition_label = fields.Char("In Sales", compute="_compute_condition_label")

    _bounds_order = models.Constraint(
        "CHECK ((COALESCE(month_to, 0) = 0 OR month_to > COALESCE(month_from, 0)) AND "
        "(COALESCE(line_amount_to, 0) = 0 "
        "OR line_amount_to > COALESCE(line_amount_from, 0)) AND "
        "(COALESCE(document_amount_to, 0) = 0 "
        "OR document_amount_to > COALESCE(document_amount_from, 0)) AND "
        "(COALESCE(discount_to, 0) = 0 OR discount_to > COALESCE(discount_from, 0)))",
        "A condition “from … below …” needs a second number above the first; 0 stands "
        "for no end.",
    )

    def _get_condition_fields(self):
        """Return the names of the fields a condition is made of."""
        return [
            *_VALUES,
            *_RECORDS,
            "country_group_ids",
            *(name for bounds in _RANGES.values() for name in bounds if name),
        ]

    @api.depends(lambda self: self._get_condition_fields())
    def _compute_condition_label(self):
        for rule in self:
            rule.condition_label = ", ".join(rule._get_condition_texts())

    def _get_condition_texts(self):
        """Return the conditions in words, the products and tiers aside."""
        self.ensure_one()
        texts = []
        for name in _VALUES:
            labels = dict(self._fields[name]._description_selection(self.env))
            if self[name]:
                texts.append(labels[self[name]])
        for name in (*_RECORDS, "country_group_ids"):
            if self[name]:
                texts.append(", ".join(self[name].mapped("display_name")))
        for low, high in _RANGES.values():
            if (low and self[low]) or self[high]:
                texts.append(self._get_range_text(low, high))
        return texts

    def _get_range_text(self, low, high):
        """Return one pair of bounds in words."""
        label = self._fields[low or high]._description_string(self.env)
        if not low:
            return self.env._("%(label)s: %(high)g", label=label, high=self[high])
        if self[high]:
            return self.env._(
                "%(label)s %(low)g below %(high)g",
                label=label,
                low=self[low],
                high=self[high],
            )
        return self.env._("%(label)s %(low)g", label=label, low=self[low])

    def _get_conditions(self):
        """Return the conditions as plain :class:`Condition` objects."""
        self.ensure_one()
        found = [
            Condition(fact, "any", frozenset([self[name]]))
            for name, fact in _VALUES.items()
            if self[name]
        ]
        found += [
            Condition(fact, "in", frozenset(self[name].ids))
            for name, fact in _RECORDS.items()
            if self[name]
        ]
        if self.country_group_ids:
            groups = frozenset(self.country_group_ids.ids)
            found.append(Condition("country_groups", "any", groups))
        for fact, (low, high) in _RANGES.items():
            if (low and self[low]) or self[high]:
                start = to_decimal(self[low]) if low else ZERO
                bounds = start, to_decimal(self[high]) or None
                found.append(Condition(fact, "range", bounds))
        return tuple(found)
