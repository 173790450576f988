from odoo import fields, models


class PartnerMembership(models.Model):
    _name = "partner.membership"
    _inherit = [
        "partner.membership",
        "partner.membership.commission.hold.mixin",
        "commission.payout.terms.mixin",
        "commission.self.billing.mixin",
    ]

    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    commission_entry_count = fields.Integer(
        compute="_compute_commission_entry_count",
        groups="account.group_account_invoice,partner_channel.group_channel_manager",
    )

    @property
    def _state_fields(self):
        """Add what only the agreement itself sets."""
        return (*super()._state_fields, "self_billing_date", "self_billing_by_id")

    def _compute_commission_entry_count(self):
        counts = dict(
            self.env["partner.commission.entry"]._read_group(
                [("membership_id", "in", self.ids)], ["membership_id"], ["__count"]
            )
        )
        for membership in self:
            membership.commission_entry_count = counts.get(membership, 0)

    def action_open_commission_entries(self):
        """Open the commission entries of the memberships.

        :return: window action
        """
        self.check_access("read")
        self.env["partner.commission.entry"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partner_channel_commission.partner_commission_entry_action"
        )
        return {**action, "domain": [("membership_id", "in", self.ids)], "context": {}}

    def action_activate(self):
        result = super().action_activate()
        # sudo: what was held is nobody's to write
        holds = self.env["partner.commission.hold"].sudo()
        held = holds.search([("membership_id", "in", self.ids), ("state", "=", "held")])
        held.move_id._sync_commission()
        return result
