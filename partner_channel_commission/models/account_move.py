from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = [
        "account.move",
        "commission.category.mixin",
        "commission.facts.mixin",
        "commission.account.mixin",
        "commission.limit.mixin",
        "commission.override.mixin",
        "commission.band.mixin",
        "commission.terms.mixin",
        "commission.credit.mixin",
        "commission.source.mixin",
        "commission.settlement.mixin",
        "commission.sync.mixin",
        "commission.bill.mixin",
        "commission.nightly.mixin",
    ]

    commission_entry_count = fields.Integer(
        compute="_compute_commission_entry_count",
        groups="account.group_account_invoice,partner_channel.group_channel_manager",
    )

    commission_statement_ids = fields.One2many(
        "partner.commission.statement",
        "bill_id",
        "Statement Paid Out",
        groups="account.group_account_invoice,account.group_account_readonly",
        help="What the bill pays out.",
    )
    commission_payout_id = fields.Many2one(
        "partner.commission.statement",
        "Made for Statement",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="account.group_account_invoice,account.group_account_readonly",
        help="Kept when the bill is taken back.",
    )

    def _compute_commission_entry_count(self):
        counts = dict(
            self.env["partner.commission.entry"]._read_group(
                [("move_id", "in", self.ids)], ["move_id"], ["__count"]
            )
        )
        for move in self:
            move.commission_entry_count = counts.get(move, 0)

    # === EVENTS === #

    def _post(self, soft=True):
        self._check_commission_bills()
        first = self.filtered(lambda move: not move.posted_before)
        posted = super()._post(soft)
        unbooked = first & posted
        unbooked -= unbooked._get_matched()
        posted._get_commission_documents()._sync_commission(unbooked=unbooked)
        posted._resume_commission_bills()
        return posted

    def button_draft(self):
        result = super().button_draft()
        if not self:
            # Odoo asks for this dozens of times while it creates a document
            return result
        self._get_commission_documents()._sync_commission()
        self._sync_commission_bills()
        return result

    def button_cancel(self):
        documents = self._get_commission_documents()
        result = super().button_cancel()
        if not self:
            # as for drafts: a payment asks for it with nothing to cancel
            return result
        documents._sync_commission()
        self._release_commission_statements()
        return result

    def _get_matched(self):
        """Return those of the moves that are reconciled with any other."""
        # sudo: bookkeeping does not depend on who posts
        lines = self.sudo().line_ids
        matched = lines.matched_debit_ids.credit_move_id
        return self & (matched | lines.matched_credit_ids.debit_move_id).move_id

    def _get_counterparts(self):
        """Return the moves reconciled with these."""
        # sudo: bookkeeping does not depend on who posts or resets
        lines = self.sudo().line_ids
        return (
            lines.matched_debit_ids.debit_move_id
            | lines.matched_credit_ids.credit_move_id
        ).move_id

    def _get_commission_documents(self):
        """Return the customer documents an event on these moves concerns.

        A payment that is taken back to draft undoes what it paid, and a credit
        note what it settled or reduced.
        """
        documents = self.filtered(lambda move: move.is_sale_document(True))
        invoices = documents.filtered(lambda move: move.move_type != "out_refund")
        others = self - invoices
        if not others:
            return documents
        return documents | others._get_counterparts().filtered(
            lambda move: move.is_sale_document(True)
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_commission(self):
        # sudo: entries count whoever may see them
        entry = (
            self.env["partner.commission.entry"]
            .sudo()
            .search([("move_id", "in", self.ids)], limit=1)
        )
        if entry:
            raise UserError(
                self.env._(
                    "“%(document)s” has commission entries and has to stay. "
                    "Cancel it instead: the entries are taken back by themselves.",
                    document=entry.move_id.display_name,
                )
            )
        self._release_commission_statements()

    # === ACTIONS === #

    def action_open_commission_entries(self):
        """Open the commission entries of the documents.

        :return: window action
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partner_channel_commission.partner_commission_entry_action"
        )
        return {**action, "domain": [("move_id", "in", self.ids)], "context": {}}
