from odoo import models
from odoo.fields import Domain

from ..tools.line_share import ACCRUED, PAYABLE

_LABEL_SIZE = 200


class CommissionAdjustmentBookingMixin(models.AbstractModel):
    """Puts approved adjustments into the ledger."""

    _name = "commission.adjustment.booking.mixin"
    _description = "Booking of Commission Adjustments"

    def _book(self):
        """Append an entry in each book for each approved adjustment.

        :return: the new entries
        """
        # sudo: the approval was checked; nobody has rights on the ledger
        entries = self.env["partner.commission.entry"].sudo()
        vals_list = [
            {**adjustment._prepare_entry(), "book": book}
            for adjustment in self.sudo()
            for book in (ACCRUED, PAYABLE)
        ]
        if vals_list:
            entries = entries._append(vals_list)
            self.invalidate_recordset(["booked_entry_ids"])
        return entries

    def _prepare_entry(self):
        """Return the values of the entry, the book apart."""
        self.ensure_one()
        entry = self.entry_id
        company, day = self.company_id, self.company_id._get_channel_today()
        in_company = self.currency_id._convert(
            self.amount, company.currency_id, company, day
        )
        rate = self.env["res.currency"]._get_conversion_rate(
            company.currency_id, self.currency_id, company, day
        )
        return {
            "cause": "adjustment",
            "date": day,
            "revision": 1,
            "company_id": company.id,
            "membership_id": self.membership_id.id,
            "partner_id": self.partner_id.id,
            "role": entry.role or None,
            "share": 100,
            "rate": 0,
            "lead_id": entry.lead_id.id or None,
            "move_id": entry.move_id.id or None,
            "product_id": entry.product_id.id or None,
            "order_ref": entry.order_ref or None,
            "label": self._get_entry_label(),
            "adjustment_id": self.id,
            "currency_id": self.currency_id.id,
            "currency_rate": rate,
            "base": 0,
            "amount_currency": self.amount,
            "amount": in_company,
        }

    def _get_entry_label(self):
        """Return kind and reason as the partner reads them."""
        self.ensure_one()
        lang = self.partner_id.lang
        kinds = self._fields["kind"]._description_selection(
            self.with_context(lang=lang).env
        )
        text = f"{dict(kinds)[self.kind]}: {self.reason.strip()}"
        return " ".join(text.split())[:_LABEL_SIZE]

    def action_open_entries(self):
        """Open what was booked.

        :return: window action
        """
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partner_channel_commission.partner_commission_entry_action"
        )
        domain = Domain("adjustment_id", "in", self.ids)
        return {**action, "domain": list(domain), "context": {}}

    def _tell_dispute(self):
        """Settle the disputes these adjustments were made for."""
        for adjustment in self.filtered("dispute_id"):
            adjustment.dispute_id._settle("adjusted")
