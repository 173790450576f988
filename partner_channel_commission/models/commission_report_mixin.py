from odoo import models


class CommissionReportMixin(models.AbstractModel):
    """The statement on paper, in the partner's language."""

    _name = "commission.report.mixin"
    _description = "Printed Commission Statement"

    def _get_report_rows(self):
        """Return the lines as the partner reads them, oldest first."""
        self.ensure_one()
        entries = self.env["partner.commission.entry"].search(
            [("statement_id", "=", self.id)], order="date, id"
        )
        return entries._get_portal_rows()

    def _get_file_name(self):
        """Return the number of the statement as the name of a file, without ending."""
        self.ensure_one()
        return self.name.replace("/", "-")

    def _get_portal_pdf(self):
        """Return the statement as PDF, for a person who may read it.

        :return: bytes
        :raise AccessError: not one's own
        """
        self.ensure_one()
        self.check_access("read")
        return self._render_pdf()[0]

    def _render_pdf(self):
        """Return the statement as it is printed, in the partner's language.

        :return: bytes and ``pdf``, or ``html`` in tests that want no real one
        """
        # sudo: a report reads company and addresses; the caller has been checked
        Report = self.env["ir.actions.report"].sudo()
        return Report._render_qweb_pdf(
            "partner_channel_commission.report_statement_action", self.ids
        )
