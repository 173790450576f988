from unittest.mock import patch

from odoo.sql_db import Cursor
from odoo.tests import HttpCase, tagged

from .common import PAYMENT, POSTING, CommissionCommon


@tagged("post_install", "-at_install")
class TestHome(CommissionCommon, HttpCase):
    """What the portal's home page says of money."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_plan(("sold", 10, PAYMENT), ("resale", 5, POSTING))
        cls.finance = cls._create_staff(cls.alpha, "finance", "finance")
        cls.seller = cls._create_staff(cls.alpha, "seller", "seller")
        cls.rival = cls._create_staff(cls.beta, "rival", "owner")
        deal = cls._create_deal((cls.alpha_member, "sold", 100))
        invoice = cls._invoice_deal(deal, 1000, date="2026-06-01")
        cls._pay(invoice, 600, date="2026-06-15")
        cls._invoice_partner(cls.alpha, 100, 200, date="2026-06-20")
        cls.statement = cls.Statement._create_statements(
            cls.company, "2026-06-01", "2026-06-30"
        )

    def get_home(self, user):
        """Return ``(actions, charts of money)`` of a person's home page."""
        home = self.env["res.partner"].with_user(user)._prepare_portal_home()
        charts = [c for c in home["channel_charts"] if c["key"] != "deals"]
        return home["channel_actions"], charts

    def test_the_chart_is_for_those_who_see_money(self):
        _actions, [chart] = self.get_home(self.finance)
        # of 115 earned, 60 by a payment and 15 by posting are payable
        self.assertEqual(chart["series"][0]["values"], [40, 75, 0])
        self.assertIn("75.00", chart["series"][0]["texts"][1])
        self.assertEqual(len(chart["labels"]), 3)
        self.assertEqual(self.get_home(self.seller), ([], []))
        self.assertEqual(self.get_home(self.rival), ([], []))

    def test_statements_to_accept_are_asked_for(self):
        self.assertEqual(self.get_home(self.finance)[0], [])
        self.statement.action_send()
        [action] = self.get_home(self.finance)[0]
        self.assertEqual(action["title"], "Accept statements (1)")
        for user in (self.seller, self.rival):
            self.assertEqual(self.get_home(user)[0], [])
        self.authenticate(self.finance.login, self.finance.login)
        self.assertIn("Accept statements (1)", self.url_open("/my/home").text)
        page = self.url_open(action["url"]).text
        self.assertIn(self.statement.name, page)
        self.statement.action_accept()
        self.assertEqual(self.get_home(self.finance)[0], [])

    def test_statements_nobody_may_accept_now_are_not_asked_for(self):
        self.statement.action_send()
        _member, other = self._join_another_program()
        self.assertIn("Accept statements (2)", self._get_titles())
        self.alpha_member.action_suspend()
        self.assertIn("Accept statements (1)", self._get_titles())
        other.action_accept()
        self.assertNotIn("Accept statements", " ".join(self._get_titles()))

    def _get_titles(self):
        """Return what the home page asks to do."""
        self.env.invalidate_all()
        return [action["title"] for action in self.get_home(self.finance)[0]]

    def _join_another_program(self):
        """Return a second membership of the partner and its sent statement."""
        program = self._create_program("Referrals", self.company)
        member = self._create_membership(self.alpha, program)
        self._create_plan(("sold", 10, POSTING), program=program)
        deal = self._create_deal((member, "sold", 100))
        self._invoice_deal(deal, 700, date="2026-06-21")
        statement = self.Statement._create_statements(
            self.company, "2026-06-01", "2026-06-30", memberships=member
        )
        statement.action_send()
        return member, statement

    def test_the_page_costs_few_queries_with_all_there_is_to_tell(self):
        """Paid, payable, held back, a statement to accept: 40 queries at most.

        One more here, as the company is another one than the website's.
        """
        owner = self._create_staff(self.alpha, "home_owner", "owner")
        self.statement.action_send()
        self._invoice_partner(self.alpha, 300, date="2026-07-20")
        self.authenticate(owner.login, owner.login)
        self.assertIn("Accept statements (1)", self.url_open("/my/home").text)
        self.env.invalidate_all()
        with patch.object(
            Cursor, "execute", autospec=True, side_effect=Cursor.execute
        ) as asked:
            self.url_open("/my/home")
        # one of them asks what expiring certificates will cost
        self.assertLessEqual(asked.call_count, 42)
