from odoo import models


class CommissionBillMixin(models.AbstractModel):
    """Lets the bill of a statement tell the statement how it fares."""

    _name = "commission.bill.mixin"
    _description = "Vendor Bill of a Commission Statement"

    def _get_commission_statements(self):
        """Return the statements these documents are the bill of."""
        bills = self.filtered(lambda move: move.move_type == "in_invoice")
        if not bills:
            return self.env["partner.commission.statement"]
        # sudo: the statement follows its bill, whoever pays that
        return (
            self.env["partner.commission.statement"]
            .sudo()
            .search([("bill_id", "in", bills.ids)])
        )

    def _sync_commission_bills(self):
        """Move statements to paid, or back, as their bills are."""
        self._get_commission_statements()._sync_payment_state()

    def _release_commission_statements(self):
        """Let statements have a new bill: theirs is cancelled or goes away."""
        self._get_commission_statements()._release_bill()
