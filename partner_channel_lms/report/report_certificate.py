from odoo import api, models


class ReportCertificate(models.AbstractModel):
    """Certificates on paper: for their owner and for employees who may read them."""

    _name = "report.partner_channel_lms.report_certificate"
    _description = "Certificate on Paper"

    @api.model
    def _get_report_values(self, docids, data=None):
        certificates = self.env["partner.certification"].browse(docids)
        # the address of a report is open to everybody who is logged in
        certificates._check_paper()
        return {"papers": [one._get_paper_values() for one in certificates]}
