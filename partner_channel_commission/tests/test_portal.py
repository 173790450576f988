from datetime import timedelta
from unittest.mock import patch

from odoo import http
from odoo.tests import HttpCase, tagged

from odoo.addons.partner_channel_portal.tools import table_export

from .common import PAYMENT, POSTING, CommissionCommon


@tagged("post_install", "-at_install")
class TestPortal(CommissionCommon, HttpCase):
    """What a partner's people find in the portal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_plan(("sold", 10, PAYMENT), ("resale", 5, POSTING))
        cls.finance = cls._create_staff(cls.alpha, "finance", "finance")
        cls.seller = cls._create_staff(cls.alpha, "seller", "seller")
        cls.rival = cls._create_staff(cls.beta, "rival", "owner")
        cls.deal = cls._create_deal((cls.alpha_member, "sold", 100))
        cls.invoice = cls._invoice_deal(cls.deal, 1000, date="2026-06-01")
        cls._pay(cls.invoice, 600, date="2026-06-15")
        cls.resold = cls._invoice_partner(cls.alpha, 100, 200, date="2026-06-20")
        cls.statement = cls.Statement._create_statements(
            cls.company, "2026-06-01", "2026-06-30"
        )

    def open(self, url, user=None, **kwargs):
        if user:
            self.authenticate(user.login, user.login)
        return self.url_open(url, **kwargs)

    def accept(self, user, statement=None):
        self.authenticate(user.login, user.login)
        return self.url_open(
            f"/my/statements/{(statement or self.statement).id}/accept",
            data={"csrf_token": http.Request.csrf_token(self)},
            allow_redirects=False,
        )

    # === PAGES === #

    def test_commissions_show_totals_and_the_source_of_each_line(self):
        page = self.open("/my/commissions", self.finance)
        self.assertEqual(page.status_code, 200)
        text = " ".join(page.text.split())
        self.assertIn(self.invoice.name, text)
        self.assertIn("End Customer", text)
        self.assertIn(self.invoice.invoice_origin, text)
        self.assertIn("Paid by the customer", text)
        text = " ".join(self.open("/my/commissions?filterby=earned").text.split())
        self.assertRegex(
            text.replace("\xa0", " "), r"10 % of \$ ?1,000.00 = \$ ?100.00"
        )
        totals = self.Entry.with_user(self.finance)._get_portal_totals()
        self.assertEqual(
            totals,
            [
                {
                    "currency": self.currency,
                    "earned": 115,
                    "waiting": 40,
                    "payable": 75,
                    "paid": 0,
                    "to_accept": 0,
                }
            ],
        )

    def test_paid_statements_move_the_total_to_paid(self):
        self.statement.action_send()
        self.statement.action_accept()
        self.statement.action_create_bill()
        self.statement.bill_id.action_post()
        self._pay(self.statement.bill_id)
        self.env.invalidate_all()
        totals = self.Entry.with_user(self.finance)._get_portal_totals()
        self.assertEqual(
            totals,
            [
                {
                    "currency": self.currency,
                    "earned": 115,
                    "waiting": 40,
                    "payable": 0,
                    "paid": 75,
                    "to_accept": 0,
                }
            ],
        )

    def test_a_draft_statement_hides_while_its_entries_count_as_payable(self):
        self.assertEqual(
            self.open(f"/my/statements/{self.statement.id}", self.finance).status_code,
            404,
        )
        page = self.open("/my/statements")
        self.assertEqual(page.status_code, 200)
        self.assertIn("No statement yet", page.text)
        self.assertEqual(self.open("/my/commissions?filterby=open").status_code, 200)

    def test_a_statement_is_read_and_accepted(self):
        self.statement.action_send()
        page = self.open("/my/statements", self.finance)
        self.assertIn(self.statement.name, page.text)
        page = self.open(f"/my/statements/{self.statement.id}")
        self.assertIn("o_partner_channel_accept", page.text)
        self.assertIn(self.resold.name, page.text)
        answer = self.accept(self.finance)
        self.assertEqual(answer.status_code, 303)
        self.env.invalidate_all()
        self.assertEqual(self.statement.state, "accepted")
        self.assertEqual(self.statement.accepted_by_id, self.finance)
        self.assertIn(self.finance.partner_id, self.statement.message_ids.author_id)
        page = self.open(answer.headers["Location"])
        self.assertNotIn("#statement_accept", page.text)
        self.assertIn("you accepted this statement", page.text)
        self.assertIn("We now prepare the payment", page.text)
        self.assertEqual(self.accept(self.finance).status_code, 303)

    def test_what_is_not_theirs_is_not_found(self):
        self.statement.action_send()
        url = f"/my/statements/{self.statement.id}"
        for user in (self.rival, self.seller):
            self.assertEqual(self.open(url, user).status_code, 404)
            self.assertEqual(self.accept(user).status_code, 404)
        self.env.invalidate_all()
        self.assertEqual(self.statement.state, "sent")
        for page in ("/my/commissions", "/my/statements"):
            self.assertEqual(self.open(page, self.seller).status_code, 404)
        self.assertNotIn(
            self.invoice.name, self.open("/my/commissions", self.rival).text
        )
        self.assertEqual(self.open("/my/statements/999999999").status_code, 404)
        self.assertEqual(self.open(f"{url}/accept").status_code, 405)

    def test_bad_addresses_fall_back_to_the_default(self):
        self.statement.action_send()
        self.authenticate(self.finance.login, self.finance.login)
        for url in (
            "/my/commissions?sortby=x&filterby=y&search_in=z&search=%00%27",
            "/my/commissions/page/9999",
            "/my/statements?sortby=x&filterby=",
            f"/my/statements/{self.statement.id}/page/77",
            "/my/commissions?self=1&env=2&domain=3&page=x&query=4",
            "/my/statements?self=1&env=2&domain=3&page=x&query=4",
            f"/my/statements/{self.statement.id}?self=1&env=2&domain=3&page=x",
        ):
            self.assertEqual(self.url_open(url).status_code, 200, url)
        self.assertEqual(self.url_open("/my/statements/abc").status_code, 404)

    def test_home_shows_cards_to_those_who_see_money(self):
        page = self.open("/my/home", self.finance)
        self.assertIn('href="/my/commissions"', page.text)
        self.assertIn('href="/my/statements"', page.text)
        self.assertNotIn("/my/commissions", self.open("/my/home", self.seller).text)
        counters = self.env["res.partner"].with_user(self.finance)
        self.assertEqual(
            counters._get_channel_home_counters(
                ["commission_count", "statement_count"]
            ),
            {"commission_count": 6, "statement_count": 0},
        )

    def get_export(self, url):
        answer = self.open(url, self.finance)
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertIn(".csv", answer.headers["Content-Disposition"])
        text = answer.content.decode("utf-8")
        self.assertEqual(text.count("\ufeff"), 1)
        return text.splitlines()

    def test_an_export_that_is_cut_says_so(self):
        entries = self.Entry.with_user(self.finance).search([])
        whole = self.get_export("/my/commissions/export")
        self.assertEqual(len(whole), 1 + len(entries))
        with patch.object(table_export, "MAX_ROWS", 2):
            cut = self.get_export("/my/commissions/export")
        self.assertEqual(cut[:3], whole[:3])
        self.assertEqual(len(cut), 4)
        self.assertIn("There is more", cut[3])

    def test_a_deal_is_linked_where_the_person_may_open_it(self):
        rows = self.Entry.with_user(self.finance).search([])._get_portal_rows()
        deals = {row["deal"]: row["deal_url"] for row in rows if row["deal"]}
        self.assertEqual(deals, {"Deal": ""}, "an ordinary lead is not theirs to open")

    def test_the_page_counts_no_line_twice(self):
        page = self.open("/my/commissions", self.finance)
        payable = self.Entry.with_user(self.finance).search([("book", "=", "payable")])
        self.assertEqual(page.text.count("<summary>"), len(payable))
        page = self.open("/my/commissions?filterby=all")
        self.assertGreater(page.text.count("<summary>"), len(payable))

    def get_statuses(self):
        self.env.invalidate_all()
        entries = self.Entry.with_user(self.finance).search([])
        return {row["status"] for row in entries._get_portal_rows()}

    def test_each_line_tells_where_its_money_is(self):
        self.assertEqual(self.get_statuses(), {"Earned", "Payable"})
        self.statement.action_send()
        self.assertEqual(self.get_statuses(), {"Earned", "On statement"})
        self.statement.action_accept()
        self.statement.action_create_bill()
        self.statement.bill_id.action_post()
        self._pay(self.statement.bill_id)
        self.assertEqual(self.get_statuses(), {"Earned", "Paid out"})

    def test_the_dialog_says_what_is_accepted(self):
        self.statement.action_send()
        page = self.open(f"/my/statements/{self.statement.id}", self.finance)
        text = " ".join(page.text.split())
        for words in (
            "This cannot be undone",
            "object to it there before you accept",
            "Payable up to",
            "To accept",
        ):
            self.assertIn(words, text)

    def test_earlier_amounts_are_told_apart(self):
        self.assertFalse(self.statement._has_earlier_entries())
        first = min(self.statement.entry_ids.mapped("date"))
        self.statement._set_protected({"date_from": first + timedelta(days=1)})
        self.assertTrue(self.statement._has_earlier_entries())

    def test_the_bill_names_the_last_day_as_the_partner_writes_it(self):
        self.env["res.lang"]._activate_lang("en_GB")
        self.alpha.lang = "en_GB"
        self.statement.action_send()
        self.statement.action_accept()
        self.statement.action_create_bill()
        day = self.statement.date_to.strftime("%d/%m/%Y")
        for line in self.statement.bill_id.invoice_line_ids:
            self.assertIn(f"(until {day})", line.name)

    # === COST === #

    def _count(self, url):
        self.url_open(url)  # templates and assets are compiled in real life
        before = self.cr.sql_log_count
        self.assertEqual(self.url_open(url).status_code, 200)
        return self.cr.sql_log_count - before

    def test_pages_cost_the_same_with_few_and_many_entries(self):
        self.statement.action_send()
        self.authenticate(self.finance.login, self.finance.login)
        pages = (
            "/my/commissions",
            "/my/statements",
            f"/my/statements/{self.statement.id}",
        )
        counts = []
        # a full page each time, the second time with a long history behind it
        for days in (range(1, 3), range(3, 21)):
            for day in days:
                prices = range(1, 11)
                self._invoice_partner(self.alpha, *prices, date=f"2026-07-{day:02}")
            counts.append([self._count(url) for url in pages])
        few, many = counts
        self.assertEqual(few, many)
        self.assertLessEqual(max(many), 34)
