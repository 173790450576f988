from odoo import api, models
from odoo.fields import Domain

from .commission_dispute_flow_mixin import UNSETTLED


class CommissionDisputeBillMixin(models.AbstractModel):
    """Pays what was in dispute when its statement was billed.

    The statement stays immutable: it is billed without these lines, and they get a
    bill of their own once they are settled. A line that takes back is never held: it
    would raise what is paid out.
    """

    _name = "commission.dispute.bill.mixin"
    _description = "Bill of Disputed Lines"

    def _is_holding(self):
        """Return whether the line is not to be paid out for the time being."""
        self.ensure_one()
        return self.state in UNSETTLED and (
            self.currency_id.compare_amounts(self.amount, 0) > 0
        )

    def _update_held(self):
        """Note what the bill that is being made leaves out."""
        for dispute in self.filtered(lambda each: not each.bill_id):
            is_held = dispute._is_holding()
            if dispute.is_held != is_held:
                dispute._set_protected({"is_held": is_held})

    def _get_to_bill(self):
        """Return those that are settled and wait for a bill of their own."""
        return self.filtered(
            lambda each: (
                each.is_held
                and not each.bill_id
                and each.state not in UNSETTLED
                and each.statement_id.state in ("billed", "paid")
            )
        )

    def _create_bills(self):
        """Create a draft bill for each statement of settled lines.

        :return: the bills
        """
        bills = self.env["account.move"]
        for statement, disputes in self._get_to_bill().grouped("statement_id").items():
            today = statement.company_id._get_channel_today()
            values = {
                **statement._prepare_bill(disputes._prepare_bill_lines()),
                "commission_payout_id": False,
                "commission_rest_id": statement.id,
                "ref": f"{statement.name}/{today}",
            }
            bill = bills.with_company(statement.company_id).create(values)
            bill._set_net_prices()
            disputes._set_protected({"bill_id": bill.id})
            bills |= bill
        return bills

    def _prepare_bill_lines(self):
        """Return the values of the bill lines, one for each settled line."""
        return [
            dispute.statement_id._prepare_bill_line(
                dispute.entry_id.plan_id, dispute.entry_id.rule_id, dispute.amount
            )
            for dispute in self
        ]

    @api.model
    def _release_bills(self, bills):
        """Let lines be billed anew: their bill is cancelled, reversed or deleted."""
        domain = Domain("bill_id", "in", bills.ids)
        self.search(domain)._set_protected({"bill_id": False})
