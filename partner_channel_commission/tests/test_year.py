import json
from datetime import date

from odoo.tests import HttpCase, freeze_time, tagged

from .common import PAYMENT, POSTING, CommissionCommon

FEBRUARY = (date(2026, 2, 1), date(2026, 2, 28))


@tagged("post_install", "-at_install")
class TestYear(CommissionCommon, HttpCase):
    """The months of a year: earned is paid out, payable or waiting."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_plan(("sold", 10, PAYMENT), ("resale", 5, POSTING))
        cls.finance = cls._create_staff(cls.alpha, "finance", "finance")
        cls.rival = cls._create_staff(cls.beta, "rival", "owner")

    def _get_year(self, user=None):
        self.env.invalidate_all()
        return self.Entry.with_user(user or self.finance)._get_portal_year()

    def _sell(self):
        """Sell in last December, January and March; pay out what February brought."""
        deal = self._create_deal((self.alpha_member, "sold", 100))
        with freeze_time("2026-03-20"):
            self._invoice_partner(self.alpha, 9000, date="2025-12-30")
            self._invoice_partner(self.beta, 5000, date="2026-01-05")
            invoice = self._invoice_deal(deal, 1000, date="2026-01-10")
            self._pay(invoice, 300, date="2026-02-10")
            self._pay(invoice, 200, date="2026-03-10")
            self._invoice_partner(self.alpha, 100, date="2026-03-10")
            statement = self.Statement._create_statements(
                self.company, *FEBRUARY, memberships=self.alpha_member
            )
            statement.action_send()
            statement.action_accept()
            statement.action_create_bill()
            statement.bill_id.action_post()
            self._pay(statement.bill_id, date="2026-03-15")

    @freeze_time("2026-03-20")
    def test_a_month_is_what_became_of_its_invoices(self):
        self._sell()
        (year,) = self._get_year()
        self.assertEqual((year["currency"], year["year"]), (self.currency, "2026"))
        names = ("label", "earned", "paid", "payable", "waiting")
        self.assertEqual(
            [tuple(month[name] for name in names) for month in year["months"]],
            [("Jan", 100, 30, 20, 50), ("Feb", 0, 0, 0, 0), ("Mar", 5, 0, 5, 0)],
        )
        self.assertEqual(
            year["total"], {"earned": 105, "paid": 30, "payable": 25, "waiting": 50}
        )
        self.assertEqual(
            json.loads(year["chart"]),
            {
                "labels": ["Jan", "Feb", "Mar"],
                "series": [
                    {"label": "Paid out", "values": [30, 0, 0]},
                    {"label": "Payable", "values": [20, 0, 5]},
                    {"label": "Waiting", "values": [50, 0, 0]},
                ],
            },
        )
        (other,) = self._get_year(self.rival)
        self.assertEqual(other["total"]["earned"], 250)

    @freeze_time("2026-03-20")
    def test_each_currency_has_a_chart_of_its_own(self):
        euro = self.setup_other_currency("EUR", rates=[("2020-01-01", 2.0)])
        self._invoice_partner(self.alpha, 100, date="2026-03-10")
        self._invoice_partner(self.alpha, 80, date="2026-03-10", currency_id=euro.id)
        found = {year["currency"]: year["total"]["earned"] for year in self._get_year()}
        self.assertEqual(found, {self.currency: 5, euro: 4})

    @freeze_time("2026-03-20")
    def test_a_credit_note_takes_from_its_own_month(self):
        invoice = self._invoice_partner(self.alpha, 1000, date="2026-02-10")
        self._credit(invoice, 400, date="2026-03-10", apply=False)
        (year,) = self._get_year()
        self.assertEqual([m["earned"] for m in year["months"]], [0, 50, -20])

    def test_the_page_has_the_chart_and_its_figures_as_a_table(self):
        today = self.today()
        self._invoice_partner(self.alpha, 1000, date=str(today.replace(day=1)))
        self.authenticate(self.finance.login, self.finance.login)
        page = self.url_open("/my/commissions").text
        self.assertIn("o_partner_channel_year", page)
        self.assertIn("o_partner_channel_figures", page)
        # the table stays for everybody who does not see the picture
        self.assertIn('<details class="o_partner_channel_figures" open="open">', page)

    def test_who_earned_nothing_this_year_sees_no_chart(self):
        self._invoice_partner(self.alpha, 1000, date="2020-05-05")
        self.assertEqual(self._get_year(), [])
        self.authenticate(self.finance.login, self.finance.login)
        page = self.url_open("/my/commissions").text
        self.assertNotIn("o_partner_channel_year", page)
