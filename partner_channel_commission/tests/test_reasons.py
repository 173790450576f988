from datetime import timedelta

from odoo.tests import HttpCase, freeze_time, tagged

from .common import PAYMENT, POSTING, CommissionCommon


def _plain(text):
    """Return a text with plain blanks, without the currency's sign."""
    return " ".join(text.replace("\xa0", " ").replace("$ ", "$").split())


@tagged("post_install", "-at_install")
class TestReasons(CommissionCommon, HttpCase):
    """The partner reads what limits an amount, why it waits and until when."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.finance = cls._create_staff(cls.alpha, "finance", "finance")
        cls.deal = cls._create_deal((cls.alpha_member, "sold", 100))

    def _plan(self, rule=None, **values):
        rule = {"role": "sold", "rate": 10, "trigger": PAYMENT, **(rule or {})}
        return self._create_plan(rule, **values)

    def _row(self, entry):
        (row,) = entry.with_user(self.finance)._get_portal_rows()
        return row

    def _read_pages(self, entry):
        """Return the texts of the list and of the page of one entry."""
        self.authenticate(self.finance.login, self.finance.login)
        pages = (
            self.url_open("/my/commissions?filterby=all"),
            self.url_open(f"/my/commissions/{entry.id}"),
        )
        for page in pages:
            self.assertEqual(page.status_code, 200)
        return [_plain(page.text) for page in pages]

    def test_a_cap_is_named_with_its_amount_and_what_it_took(self):
        self._plan(cap_deal=150)
        self._invoice_deal(self.deal, 1000)
        entry = self.get_entries(self._invoice_deal(self.deal, 1000))
        text = "At most $150.00 is paid on one deal. Without this it would be $100.00."
        self.assertEqual(_plain(self._row(entry)["limit"]), text)
        for page in self._read_pages(entry):
            self.assertIn(text, page)

    def test_each_limit_has_its_words(self):
        cases = (
            ({"cap_line": 50}, {}, "At most $50.00 is paid on one invoice line."),
            ({"floor_line": 500}, {}, "A line earns at least $500.00."),
            ({}, {"cap_customer": 60}, "is paid on the invoices of one customer."),
            (
                {},
                {"cap_period": 70, "cap_period_kind": "quarter"},
                "At most $70.00 is paid on the invoices of one quarter.",
            ),
            ({}, {"cap_plan": 80}, "At most $80.00 is paid by this plan in total."),
            ({}, {"ceiling": 9}, "All commissions on the line together"),
        )
        for rule, values, text in cases:
            with self.subTest(text=text):
                plan = self._plan(rule, **values)
                entry = self.get_entries(self._invoice_deal(self.deal, 1000))
                self.assertIn(text, _plain(entry.limit_text))
                plan.action_close()

    def test_every_limit_of_the_ledger_has_words(self):
        self._plan()
        entry = self.get_entries(self._invoice_deal(self.deal, 1000))
        self.assertFalse(entry.limit_text)
        self.cr.execute("ALTER TABLE partner_commission_entry DISABLE TRIGGER USER")
        for code, _label in entry._fields["limited_by"].selection:
            self.env.cr.execute(
                "UPDATE partner_commission_entry SET limited_by = %s WHERE id = %s",
                (code, entry.id),
            )
            entry.invalidate_recordset()
            self.assertTrue(entry.limit_text, code)

    def test_a_hold_says_why_and_until_when(self):
        self._plan({"hold_suspended": True})
        with freeze_time("2026-04-16"):
            invoice = self._invoice_deal(self.deal, 1000)
            self.alpha_member.action_suspend()
            self._pay(invoice)
        entry = self.get_entries(invoice)
        row = self._row(entry)
        text = (
            "On hold since 04/16/2026: the partnership is suspended. It becomes "
            "payable once the partnership is active again."
        )
        self.assertEqual((row["wait"], row["status"]), (text, "On hold"))
        for page in self._read_pages(entry):
            self.assertIn(text, page)
        self.alpha_member.action_activate()
        self.env.invalidate_all()
        self.assertFalse(self._row(entry)["wait"])

    def test_what_is_held_back_says_from_when_it_is_payable(self):
        self._plan({"holdback_days": 30})
        today = self.today()
        invoice = self._invoice_deal(self.deal, 1000, date=str(today))
        self._pay(invoice, 400, date=str(today))
        earned, payable = self.get_entries(invoice)
        self.assertEqual(
            self._row(earned)["wait"],
            "Held back: payable 30 days after the customer has paid.",
        )
        row = self._row(payable)
        day = (today + timedelta(days=30)).strftime("%m/%d/%Y")
        self.assertEqual(row["wait"], f"Held back for 30 days: payable from {day}.")
        self.assertEqual(row["status"], f"From {day}")
        (total,) = self.Entry.with_user(self.finance)._get_portal_totals()
        self.assertEqual((total["waiting"], total["payable"]), (100, 0))
        with freeze_time(today + timedelta(days=31)):
            self.env.invalidate_all()
            self.assertFalse(self._row(payable)["wait"])
            (total,) = self.Entry.with_user(self.finance)._get_portal_totals()
            self.assertEqual((total["waiting"], total["payable"]), (60, 40))
        self._pay(invoice, date=str(today))
        self.env.invalidate_all()
        self.assertFalse(self._row(earned)["wait"], "all of it is on its way")

    def test_what_is_payable_by_posting_waits_no_longer_once_the_days_are_over(self):
        self._plan({"trigger": POSTING, "holdback_days": 30})
        today = self.today()
        invoice = self._invoice_deal(self.deal, 1000, date=str(today))
        earned = self.get_entries(invoice, "accrued")
        day = (today + timedelta(days=30)).strftime("%m/%d/%Y")
        text = f"Held back for 30 days: payable from {day}."
        for passed, expected in ((29, text), (30, "")):
            with freeze_time(today + timedelta(days=passed)):
                self.env.invalidate_all()
                self.assertEqual(self._row(earned)["wait"], expected)

    def test_what_is_taken_back_waits_for_nothing(self):
        self._plan({"holdback_days": 30})
        today = str(self.today())
        invoice = self._invoice_deal(self.deal, 1000, date=today)
        note = self._credit(invoice, 400, date=today, apply=False)
        taken = self.get_entries(invoice | note, "accrued").filtered(
            lambda entry: entry.amount_currency < 0
        )
        self.assertEqual(taken.mapped("amount_currency"), [-40])
        self.assertFalse(taken.wait_text)

    def test_rows_totals_and_year_agree_when_the_vendor_is_a_day_apart(self):
        """The amount is payable from June 21 on, where the vendor is."""
        self._plan({"holdback_days": 30})
        invoice = self._invoice_deal(self.deal, 1000, date="2026-05-20")
        self._pay(invoice, date="2026-05-22")
        payable = self.get_entries(invoice, "payable")
        self.assertEqual(str(payable.date), "2026-06-21")
        tokyo, here = "Asia/Tokyo", "UTC"
        for vendor, reader, status in (
            (tokyo, here, "Payable"),
            (here, tokyo, "From 06/21/2026"),
        ):
            self.company.partner_id.tz = vendor
            self.finance.tz = reader
            due = 100 if status == "Payable" else 0
            with self.subTest(vendor=vendor), freeze_time("2026-06-20 20:00:00"):
                self.env.invalidate_all()
                entries = self.Entry.with_user(self.finance)
                self.assertEqual(self._row(payable)["status"], status)
                (total,) = entries._get_portal_totals()
                self.assertEqual((total["waiting"], total["payable"]), (100 - due, due))
                (year,) = entries._get_portal_year()
                self.assertEqual(year["total"]["payable"], due)
                liability = self.env["partner.commission.liability"]
                rows = liability.with_context(tz=reader).search(
                    [("entry_id", "=", payable.id)]
                )
                self.assertEqual(rows.stage, "open" if due else "waiting")
