import csv
import io

from odoo import api, models

from odoo.addons.partner_channel_portal.tools.table_csv import as_cell

#: newest lines an export holds
MAX_ROWS = 20000
_BATCH_SIZE = 1000


class CommissionExportMixin(models.AbstractModel):
    """Gives the partner its entries as a table to work with."""

    _name = "commission.export.mixin"
    _description = "Export of Commission Entries"

    @api.model
    def _get_portal_csv(self, domain):
        """Return the entries the current person may read, as CSV text.

        :param domain: which of them
        :return: text in UTF-8 with a header row in the reader's language; amounts have
            a point for decimals
        """
        output = io.StringIO()
        columns = self._get_csv_columns()
        writer = csv.writer(output)
        writer.writerow(columns.values())
        ids = self.search(domain, limit=MAX_ROWS).ids
        for start in range(0, len(ids), _BATCH_SIZE):
            entries = self.browse(ids[start : start + _BATCH_SIZE])
            for entry, row in zip(entries, entries._get_portal_rows(), strict=True):
                facts = {**row, **entry._get_csv_facts()}
                writer.writerow([as_cell(facts[name]) for name in columns])
            entries.invalidate_recordset()
        return output.getvalue()

    @api.model
    def _get_csv_columns(self):
        """Return the columns: key of a row and heading."""
        return {
            "date": self.env._("Date"),
            "document": self.env._("Invoice"),
            "customer": self.env._("Customer"),
            "label": self.env._("Line"),
            "order": self.env._("Order"),
            "deal": self.env._("Deal"),
            "role": self.env._("Your part"),
            "cause": self.env._("What happened"),
            "status": self.env._("Status"),
            "statement": self.env._("Statement"),
            "explanation": self.env._("Computed"),
            "base": self.env._("Base"),
            "rate": self.env._("Rate (%)"),
            "share": self.env._("Share (%)"),
            "amount": self.env._("Amount"),
            "currency_name": self.env._("Currency"),
        }

    def _get_csv_facts(self):
        """Return the figures of one entry that no page shows in columns."""
        self.ensure_one()
        digits = self.currency_id.decimal_places
        return {
            "base": f"{self.base:.{digits}f}",
            "rate": f"{self.rate:g}",
            "share": f"{self.share:g}",
            "amount": f"{self.amount_currency:.{digits}f}",
            "currency_name": self.currency_id.name,
        }
