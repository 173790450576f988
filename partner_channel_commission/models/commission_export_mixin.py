from odoo import api, models

from odoo.addons.partner_channel_portal.tools.table_export import export_records


class CommissionExportMixin(models.AbstractModel):
    """Gives the partner its entries as a table to work with."""

    _name = "commission.export.mixin"
    _description = "Export of Commission Entries"

    @api.model
    def _get_portal_csv(self, domain):
        """Return the entries the current person may read, as CSV text.

        :param domain: which of them
        :return: text with the mark of UTF-8 and a header row in the reader's language;
            amounts have a point for decimals, the newest entries come first
        """
        columns = self._get_csv_columns()
        return export_records(
            self,
            domain,
            columns.values(),
            lambda entries: entries._get_csv_rows(columns),
            self.env._("There is more: export the statements one by one."),
        )

    def _get_csv_rows(self, columns):
        """Yield the values of these columns, entry by entry."""
        for entry, row in zip(self, self._get_portal_rows(), strict=True):
            facts = {**row, **entry._get_csv_facts()}
            yield [facts[name] for name in columns]

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
