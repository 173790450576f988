from odoo import fields, models


class CommissionEntryManualMixin(models.AbstractModel):
    """What an entry has that no document wrote: its adjustment, its disputes."""

    _name = "commission.entry.manual.mixin"
    _description = "Commission Entry: Adjustments and Disputes"

    adjustment_id = fields.Many2one(
        "partner.commission.adjustment",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
        help="Who asked for the entry and who approved it.",
    )
    dispute_ids = fields.One2many(
        "partner.commission.dispute",
        "entry_id",
        "Disputes",
        readonly=True,
        groups="base.group_user",
    )

    _adjustment_uniq = models.UniqueIndex(
        "(adjustment_id, book) WHERE adjustment_id IS NOT NULL",
        "An adjustment is booked once.",
    )
    _adjustment_given = models.Constraint(
        "CHECK (cause <> 'adjustment' OR adjustment_id IS NOT NULL)",
        "An adjustment is asked for and approved.",
    )
    _role_given = models.Constraint(
        "CHECK (role IS NOT NULL OR cause = 'adjustment')",
        "What a document earned has a role.",
    )

    def action_open_adjustment(self):
        """Open the adjustment the entry was booked by.

        :return: window action
        """
        self.ensure_one()
        self.adjustment_id.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "partner.commission.adjustment",
            "res_id": self.adjustment_id.id,
            "view_mode": "form",
        }
