from odoo import api, models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        totals = self._read_document_totals(vals_list)
        partials = super().create(vals_list)
        dates = {}
        for partial in partials:
            for move in partial._get_matched_moves():
                dates[move.id] = max(
                    partial.max_date, dates.get(move.id, partial.max_date)
                )
        moves = partials._get_matched_moves()
        moves._sync_commission(dates=dates, totals=totals)
        moves._sync_commission_bills()
        return partials

    @api.model
    def _read_document_totals(self, vals_list):
        """Return the totals of what is about to be matched, which matching leaves.

        Odoo computes them together with what is left to pay: read afterwards, all of
        it would be computed once more than Odoo needs.

        :param vals_list: values of partials
        :return: ``{move_id: float}`` in the currency of each document
        """
        line_ids = {
            vals.get(name)
            for vals in vals_list
            for name in ("debit_move_id", "credit_move_id")
        }
        # sudo: bookkeeping does not depend on who reconciles
        lines = self.env["account.move.line"].sudo().browse(line_ids - {None, False})
        moves = lines.move_id.filtered(lambda move: move.is_sale_document(True))
        return {move.id: move.amount_total for move in moves}

    def unlink(self):
        if not self:
            # Odoo asks for this dozens of times while it creates a document
            return super().unlink()
        moves = self._get_matched_moves()
        result = super().unlink()
        moves = moves.exists()
        moves._sync_commission()
        moves._sync_commission_bills()
        return result

    def _get_matched_moves(self):
        """Return the moves on both sides."""
        # sudo: bookkeeping does not depend on who reconciles
        partials = self.sudo()
        return (partials.debit_move_id | partials.credit_move_id).move_id
