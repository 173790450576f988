from odoo import api, fields, models


class CommissionDisputeStatementMixin(models.AbstractModel):
    """What a statement knows of its disputed lines."""

    _name = "commission.dispute.statement.mixin"
    _description = "Disputed Lines of a Statement"

    # the statement's own says more
    currency_id = fields.Many2one("res.currency")
    dispute_ids = fields.One2many(
        "partner.commission.dispute",
        "statement_id",
        "Disputes",
        readonly=True,
        groups="base.group_user",
    )
    amount_disputed = fields.Monetary(
        "In Dispute", compute="_compute_dispute_amounts", compute_sudo=True
    )
    amount_held = fields.Monetary(
        "Left Out of the Bill", compute="_compute_dispute_amounts", compute_sudo=True
    )
    has_settled_lines = fields.Boolean(
        compute="_compute_dispute_amounts",
        compute_sudo=True,
        help="Lines left out of the bill are settled and wait for their own.",
    )

    @api.depends("dispute_ids.state", "dispute_ids.is_held", "dispute_ids.bill_id")
    def _compute_dispute_amounts(self):
        for statement in self:
            disputes = statement.dispute_ids
            open_ones = disputes.filtered(lambda each: each._is_holding())
            held = disputes.filtered("is_held")
            statement.amount_disputed = sum(open_ones.mapped("amount"))
            statement.amount_held = sum(held.mapped("amount"))
            statement.has_settled_lines = bool(disputes._get_to_bill())

    def _hold_disputed(self):
        """Decide which lines the bills that are being made leave out."""
        # sudo: what is in dispute decides, whoever makes the bill
        self.sudo().dispute_ids._update_held()

    def _get_held_entry_ids(self):
        """Return the ids of the entries the statements' own bills leave out."""
        # sudo: as above
        return self.sudo().dispute_ids.filtered("is_held").entry_id.ids

    def _get_payout_amount(self):
        """Return what the statement's own bill comes to, without taxes."""
        self.ensure_one()
        return self.currency_id.round(self.amount_total - self.amount_held)

    def _get_next_payout(self):
        """Return what a bill made now would come to, without taxes."""
        self.ensure_one()
        # sudo: as above
        held = self.sudo().dispute_ids.filtered(
            lambda each: each._is_holding() or each.bill_id
        )
        return self.currency_id.round(self.amount_total - sum(held.mapped("amount")))

    def action_bill_settled(self):
        """Create the bills of lines whose disputes were settled after the bill.

        :return: window action on the bills
        """
        self.check_access("write")
        # sudo: the accountant reads disputes and does not decide them
        bills = self.sudo().dispute_ids._create_bills()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_in_invoice_type"
        )
        if len(bills) == 1:
            return {**action, "views": [(False, "form")], "res_id": bills.id}
        return {**action, "domain": [("id", "in", bills.ids)], "context": {}}

    def action_open_disputes(self):
        """Open the disputes of the statements.

        :return: window action
        """
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partner_channel_commission.partner_commission_dispute_action"
        )
        return {
            **action,
            "domain": [("statement_id", "in", self.ids)],
            "context": {},
        }
