from odoo import api, models
from odoo.fields import Domain

from .commission_dispute_flow_mixin import UNSETTLED

# Odoo creates many bills at once in less time than a few at a time
_BATCH_SIZE = 200


class CommissionBillJobMixin(models.AbstractModel):
    """Bills accepted statements by itself, where the company wants it."""

    _name = "commission.bill.job.mixin"
    _description = "Job that Bills Statements"

    @api.model
    def _cron_create_bills(self):
        """Create the draft bills of accepted statements, in batches.

        What needs a person is left alone: lines in dispute, and statements whose
        partner sends its own invoice.
        """
        self._run_batches(
            self._get_bill_domain(),
            _BATCH_SIZE,
            lambda statements: statements._make_bills(),
        )

    @api.model
    def _get_bill_domain(self):
        """Return which statements are billed by themselves."""
        return (
            Domain("state", "=", "accepted")
            & Domain("bill_id", "=", False)
            & Domain("is_payable", "=", True)
            & Domain("company_id.channel_bill_auto", "=", True)
            & (
                Domain("company_id.channel_invoice_required", "=", False)
                | Domain("membership_id.self_billing_date", "!=", False)
            )
            & Domain("dispute_ids", "not any", [("state", "in", UNSETTLED)])
        )
