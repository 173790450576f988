from odoo import api, models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        dates = {}
        for partial in partials:
            for move in partial._get_matched_moves():
                dates[move.id] = max(
                    partial.max_date, dates.get(move.id, partial.max_date)
                )
        moves = partials._get_matched_moves()
        moves._sync_commission(dates=dates)
        moves._sync_commission_bills()
        return partials

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
