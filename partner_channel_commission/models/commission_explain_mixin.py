from odoo import fields, models


class CommissionExplainMixin(models.AbstractModel):
    """Tells where an entry comes from, in words and by its sources."""

    _name = "commission.explain.mixin"
    _description = "Explanation of a Commission Entry"

    explanation = fields.Char(compute="_compute_explanation", compute_sudo=True)
    settlement_ids = fields.Many2many(
        "account.move",
        string="Payments",
        compute="_compute_settlement_ids",
        compute_sudo=True,
        groups="account.group_account_invoice,partner_channel.group_channel_manager",
        help="Payments and credit notes matched with the invoice.",
    )

    def _compute_explanation(self):
        for entry in self:
            entry.explanation = entry._get_explanation()

    def _get_explanation(self):
        """Return how the amount is computed, for the partner and the vendor."""
        self.ensure_one()
        currency = self.currency_id
        values = {
            "rate": self.rate,
            "base": currency.format(self.base),
            "share": self.share,
            "amount": currency.format(self.amount_currency),
        }
        if not self.rule_id:
            return self.label
        if self.share == 100:
            return self.env._("%(rate)g %% of %(base)s = %(amount)s", **values)
        return self.env._(
            "%(rate)g %% of %(base)s, share %(share)g %% = %(amount)s", **values
        )

    def _compute_settlement_ids(self):
        for entry in self:
            entry.settlement_ids = entry.move_id._get_counterparts()

    def action_open_move(self):
        """Open the document the entry comes from.

        :return: window action
        """
        self.ensure_one()
        self.move_id.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "view_mode": "form",
        }

    def action_open_lead(self):
        """Open the deal the entry comes from.

        :return: window action
        """
        self.ensure_one()
        self.lead_id.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lead",
            "res_id": self.lead_id.id,
            "view_mode": "form",
        }
