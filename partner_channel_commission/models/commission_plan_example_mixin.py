from decimal import Decimal

from odoo import api, fields, models

from ..tools.commission_math import ZERO, round_half_up, to_decimal
from ..tools.earning import earn
from ..tools.example import as_share, get_spans, keep_known
from ..tools.rule_table import Party, Product


class CommissionPlanExampleMixin(models.AbstractModel):
    """Shows what a plan pays on a sale that is made up.

    Computed by the very functions that book, so an example is right by construction.
    """

    _name = "commission.plan.example.mixin"
    _description = "Example of a Commission Plan"

    # the plan says which
    company_currency_id = fields.Many2one("res.currency")
    example_amount = fields.Monetary(
        "Untaxed Sale",
        currency_field="company_currency_id",
        store=False,
        default=1000.0,
    )
    example_quantity = fields.Float("Units Sold", store=False, default=1.0)
    example_cost = fields.Monetary(
        "Cost of It", currency_field="company_currency_id", store=False
    )
    example_sold = fields.Monetary(
        "Sold Before in the Period",
        currency_field="company_currency_id",
        store=False,
        help="What the bands of a period have seen already.",
    )
    example_month = fields.Integer(
        "Months as a Customer", store=False, help="Since its first invoice."
    )
    example_grade_id = fields.Many2one(
        "res.partner.grade",
        "Tier of the Partner",
        store=False,
        domain="[('program_id', '=', program_id)]",
    )
    example_product_id = fields.Many2one("product.product", "Product", store=False)
    example_text = fields.Text("What It Pays", compute="_compute_example_text")

    @api.depends(
        "example_amount",
        "example_quantity",
        "example_cost",
        "example_sold",
        "example_month",
        "example_grade_id",
        "example_product_id",
        "ceiling",
        "rule_ids.sequence",
        "rule_ids.pay_label",
        "rule_ids.condition_label",
        "rule_ids.product_label",
        "rule_ids.tier_label",
    )
    def _compute_example_text(self):
        for plan in self:
            plan.example_text = "\n".join(
                plan._format_example(row)
                for row in plan._compute_example(
                    plan.example_amount,
                    quantity=plan.example_quantity,
                    cost=plan.example_cost,
                    sold=plan.example_sold,
                    month=plan.example_month,
                    grade=plan.example_grade_id,
                    product=plan.example_product_id,
                )
            ) or plan.env._("Nothing: no rule fits this sale.")

    def _format_example(self, row):
        """Return one row of an example as text: amount, rule, what limits it."""
        limits = self.env["partner.commission.entry"]._fields["limited_by"]
        limit = dict(limits._description_selection(self.env)).get(row["limited_by"])
        amount = self.company_currency_id.format(float(row["amount"]))
        return f"{amount} – {row['rule']}" + (f" ({limit})" if limit else "")

    def _compute_example(self, amount, **sale):
        """Return what the plan pays on one sale, one row for each part in it.

        One partner has all parts in the sale, another the override on them. Caps over
        several sales are left out, and conditions on what the example does not say
        count as fulfilled.

        :param amount: untaxed amount of the sale, in company currency
        :param sale: ``quantity`` (default 1), ``cost`` of all of it, ``sold`` before
            in the period of the bands, ``month`` since the customer's first invoice,
            ``grade`` and ``product`` records
        :return: list of dicts ``role`` (label), ``rule`` (name), ``amount``
            (:class:`Decimal`, rounded) and ``limited_by`` (code or None)
        """
        self.ensure_one()
        rules = {rule.id: rule._as_value() for rule in self.rule_ids.sorted("sequence")}
        names = {rule.id: rule.display_name for rule in self.rule_ids}
        shares = [
            share
            for role, _label in self.rule_ids._fields["role"].selection
            if (share := self._prepare_example(role, rules, amount, sale))
        ]
        if all(share.via_id for share in shares):
            return []
        unit = to_decimal(self.company_currency_id.rounding) or Decimal("0.01")
        labels = dict(self.rule_ids._fields["role"]._description_selection(self.env))
        sold = to_decimal(sale.get("sold"))
        return [
            {
                "role": labels[share.role],
                "rule": names[share.rule_id],
                "amount": round_half_up(share.exact, unit),
                "limited_by": share.limited_by,
            }
            for share in earn(shares, rules, get_spans(shares, rules, sold))
        ]

    def _prepare_example(self, role, rules, amount, sale):
        """Return the :class:`LineShare` of one part in the sale, None without."""
        product = sale.get("product")
        path = (product and product.categ_id.parent_path) or ""
        plan = self._as_value()._replace(
            rules=tuple(
                rule._replace(conditions=keep_known(rule.conditions))
                for rule in rules.values()
            )
        )
        facts = {
            "month": sale.get("month") or 0,
            "line_amount": to_decimal(amount),
            "document_amount": to_decimal(amount),
            "discount": ZERO,
        }
        rule = plan.find_rule(
            Party(role, sale["grade"].id if sale.get("grade") else False),
            Product(
                product.id if product else False,
                tuple(int(part) for part in path.split("/") if part),
                frozenset(product.all_product_tag_ids.ids) if product else frozenset(),
            ),
            facts,
        )
        if not rule or not (rule.get_rate(facts) if rule.has_steps else rule.earns):
            return None
        return as_share(rule, amount, facts, sale)
