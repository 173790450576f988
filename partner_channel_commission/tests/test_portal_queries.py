from unittest.mock import patch

from odoo.sql_db import Cursor
from odoo.tests import tagged

from .common import PAYMENT, POSTING, CommissionCommon


@tagged("post_install", "-at_install")
class TestPortalQueries(CommissionCommon):
    """The partner's pages cost the same, whatever there is on them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        rule = {"role": "sold", "rate": 10, "trigger": PAYMENT}
        cls._create_plan(
            {**rule, "holdback_days": 30, "hold_suspended": True},
            ("resale", 5, POSTING),
            cap_deal=5000,
        )
        cls.finance = cls._create_staff(cls.alpha, "finance", "finance")

    def _count(self, action):
        """Return the number of queries of an action that starts with nothing read."""
        self.env.flush_all()
        self.env.invalidate_all()
        with patch.object(
            Cursor, "execute", autospec=True, side_effect=Cursor.execute
        ) as asked:
            action()
        return asked.call_count

    def _sell(self):
        """Sell one deal and resell once, stated; return all entries there are."""
        deal = self._create_deal((self.alpha_member, "sold", 100))
        invoice = self._invoice_deal(deal, 1000, date=str(self.today()))
        self._pay(invoice, 600, date=str(self.today()))
        self._invoice_partner(self.alpha, 100, date=str(self.today()))
        return self.Entry.search([("membership_id", "=", self.alpha_member.id)])

    def test_the_list_costs_the_same_with_few_and_with_many_entries(self):
        def read():
            mine = entries.with_user(self.finance)
            self.assertEqual(len(mine._get_portal_rows()), len(entries))
            mine._get_portal_totals()
            mine._get_portal_year()

        entries = self._sell()
        few = len(entries)
        read()
        first = self._count(read)
        for _time in range(9):
            entries = self._sell()
        self.assertEqual(len(entries), 10 * few)
        self.assertEqual(self._count(read), first)

    def test_the_guide_costs_the_same_with_one_and_with_three_memberships(self):
        def read():
            mine = self.Entry.with_user(self.finance)
            self.assertEqual(len(mine._get_portal_guide()), number)

        number = 1
        read()
        first = self._count(read)
        for name in ("Referrals", "Distribution"):
            program = self._create_program(name, self.company)
            self._create_membership(self.alpha, program)
            self._create_plan(("sold", 10, PAYMENT), program=program)
        number = 3
        read()
        self.assertEqual(self._count(read), first)
