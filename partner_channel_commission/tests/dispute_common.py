"""A sent statement and the people who quarrel about it."""

from datetime import date

from odoo.tests import freeze_time

from .common import PAYMENT, POSTING, CommissionCommon

JUNE = (date(2026, 6, 1), date(2026, 6, 30))
JULY = (date(2026, 7, 1), date(2026, 7, 31))


class DisputeCommon(CommissionCommon):
    """A sent statement of Alpha over 50 + 100 + 25 = 175, and its people."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_plan(("sold", 10, PAYMENT), ("resale", 5, POSTING))
        cls.Dispute = cls.env["partner.commission.dispute"]
        cls.manager = cls._create_user("cm", "partner_channel.group_channel_manager")
        cls.head = cls._create_user("head", "partner_channel.group_channel_head")
        cls.alpha_member.manager_id = cls.manager
        cls.finance = cls._create_staff(cls.alpha, "finance", "finance")
        for price in (1000, 2000, 500):
            cls._invoice_partner(cls.alpha, price, date="2026-06-10")
        cls.statement = cls.Statement._create_statements(cls.company, *JUNE)
        with freeze_time("2026-07-01"):
            cls.statement.action_send()
        cls.small, cls.middle, cls.large = cls.statement.entry_ids.sorted(
            "amount_currency"
        )

    def _dispute(self, entry=None, comment="It was 3,000", user=None):
        """Return the dispute a person of Alpha opens."""
        statement = self.statement.with_user(user or self.finance)
        entry = entry or self.large
        self.assertEqual(statement._portal_dispute(entry.id, comment), "")
        return self.Dispute.search([("entry_id", "=", entry.id)])

    def _decide(self, dispute, method, answer="Because", **values):
        """Let the channel manager decide."""
        dispute = dispute.with_user(self.manager)
        dispute.write({"answer_draft": answer, **values})
        getattr(dispute, method)()

    def _bill(self):
        """Accept as the partner and make the bill; return it posted."""
        self.statement.with_user(self.finance)._portal_accept()
        self.statement.action_create_bill()
        self.statement.bill_id.action_post()
        return self.statement.bill_id
