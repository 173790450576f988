"""An accepted statement that waits for the partner's own invoice."""

from datetime import date

from odoo.addons.partner_channel_portal.tools.upload import Upload

from .common import PAYMENT, POSTING, CommissionCommon

JUNE = (date(2026, 6, 1), date(2026, 6, 30))
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


class OwnInvoiceCommon(CommissionCommon):
    """An accepted statement of Alpha over 50.00, waiting for its invoice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_plan(("sold", 10, PAYMENT), ("resale", 5, POSTING))
        cls.finance = cls._create_staff(cls.alpha, "finance", "finance")
        cls._invoice_partner(cls.alpha, 1000, date="2026-06-10")
        cls.statement = cls._accepted()

    @classmethod
    def _accepted(cls, period=JUNE):
        statement = cls.Statement._create_statements(
            cls.company, *period, memberships=cls.alpha_member
        )
        statement.action_send()
        statement.action_accept()
        return statement

    def _send(self, statement=None, user=None, **values):
        """Send an invoice as a person of Alpha; return what is wrong with it."""
        statement = (statement or self.statement).with_user(user or self.finance)
        return statement._portal_upload_invoice(
            {
                "number": "R-2026-17",
                "date": "2026-07-01",
                "amount": "50",
                "file": Upload("invoice.pdf", PDF),
                **values,
            }
        )
