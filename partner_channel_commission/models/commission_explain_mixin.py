from odoo import fields, models

from ..tools.earning import DEAL, MARGIN, UNIT


class CommissionExplainMixin(models.AbstractModel):
    """Tells where an entry comes from, in words and by its sources."""

    _name = "commission.explain.mixin"
    _description = "Explanation of a Commission Entry"

    explanation = fields.Char(compute="_compute_explanation", compute_sudo=True)
    plan_reason = fields.Char(
        "Why This Plan", compute="_compute_plan_reason", compute_sudo=True
    )
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
        if not self.rule_id:
            return self.label
        currency = self.currency_id
        parts = [self._get_way_text()]
        if self.share != 100:
            parts.append(self.env._("share %(share)g %%", share=self.share))
        if self.limited_by:
            labels = dict(self._fields["limited_by"]._description_selection(self.env))
            parts.append(labels[self.limited_by])
        return self.env._(
            "%(computation)s = %(amount)s",
            computation=", ".join(parts),
            amount=currency.format(self.amount_currency),
        )

    def _get_way_text(self):
        """Return what is paid on what; costs are the vendor's own affair."""
        self.ensure_one()
        basis, bands = self.rule_id.basis, self.rule_id.band_mode
        values = {
            "rate": self.rate,
            "base": self.currency_id.format(self.base),
            "quantity": self.quantity,
            "rule": self.rule_id.pay_label,
        }
        if basis == UNIT:
            return self.env._("%(quantity)g × %(rule)s", **values)
        if basis == DEAL:
            return self.env._("%(rule)s", **values)
        if basis == MARGIN:
            return self.env._("%(rate)g %% of the margin on %(base)s", **values)
        if bands and bands != "month":
            return self.env._("%(rate)g %% (by bands) of %(base)s", **values)
        return self.env._("%(rate)g %% of %(base)s", **values)

    def _compute_plan_reason(self):
        for entry in self:
            entry.plan_reason = entry.plan_id and self.env._(
                "%(plan)s: %(reason)s",
                plan=entry.plan_id.display_name,
                reason=entry.plan_id._get_scope_explanation(),
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
