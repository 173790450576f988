from odoo import fields, models

#: what keeps a commission below its rate
LIMITS = [
    ("loss", "No margin on the invoice"),
    ("discount", "Discount already given"),
    ("stacked", "Another commission pays more"),
    ("floor", "Raised to the least per line"),
    ("cap_line", "Cap per line"),
    ("cap_deal", "Cap per deal"),
    ("cap_customer", "Cap per customer"),
    ("cap_period", "Cap per period"),
    ("cap_plan", "Cap of the plan"),
    ("ceiling", "Ceiling of all commissions on the line"),
    ("inside", "Part of it goes to the override"),
]


class CommissionComputationMixin(models.AbstractModel):
    """What an entry keeps of how it was computed."""

    _name = "commission.computation.mixin"
    _description = "Computation of a Commission Entry"

    earned = fields.Float(
        "Exact Commission",
        readonly=True,
        digits=(32, 12),
        help="Before rounding, in the invoice's currency; in the book of what is "
        "earned.",
    )
    quantity = fields.Float(readonly=True, digits=(16, 6))
    cost = fields.Float(
        readonly=True,
        digits=(16, 6),
        groups="account.group_account_invoice,account.group_account_readonly,"
        "partner_channel.group_channel_manager",
        help="Cost of the line at delivery, in the invoice's currency, where the rule "
        "pays on the margin.",
    )
    discount = fields.Float(
        readonly=True,
        digits=(16, 6),
        help="Discount on the line, in the invoice's currency, where the rule takes it "
        "into account.",
    )
    limited_by = fields.Selection(
        LIMITS, readonly=True, help="What keeps the commission below the rate."
    )
    period_start = fields.Date(
        readonly=True, help="First day of the period whose sum decides the band."
    )
    via_id = fields.Many2one(
        "partner.membership",
        "Override For",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The partner whose sale or commission the override is paid on.",
    )
