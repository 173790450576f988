from psycopg2 import IntegrityError

from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import PAYMENT, POSTING, CommissionCommon

LAST, AFTER = "2026-03-31", "2026-04-01"


@tagged("post_install", "-at_install")
class TestRunoff(CommissionCommon):
    """What a membership that has ended earns on the deals it has part in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._create_plan(("sold", 10, PAYMENT))
        cls.deal = cls._create_deal(
            (cls.alpha_member, "sold", 60), (cls.beta_member, "sold", 40)
        )

    def _end(self, *members, day=LAST):
        """End memberships on a day; that of alpha, unless others are given."""
        with freeze_time(f"{day} 12:00:00"):
            for member in members or (self.alpha_member,):
                member.action_terminate()
                self.assertEqual(str(member.date_end), day)

    def _add_record(self, member, customer=None):
        """Let a partner be the customer's partner of record."""
        self.env["partner.customer.record"].create(
            {
                "partner_id": (customer or self.customer).id,
                "membership_id": member.id,
                "role": "sold",
                "date_from": "2020-01-01",
            }
        )

    # === UNTIL WHEN === #

    def test_without_run_off_nothing_is_earned_after_the_last_day(self):
        self._end()
        on_time = self._invoice_deal(self.deal, 1000, date=LAST)
        late = self._invoice_deal(self.deal, 1000, date=AFTER)
        self.assert_books(60, 0, self.alpha_member, moves=on_time)
        self.assert_books(0, 0, self.alpha_member, moves=late)
        # the other partner earns its own share, and not more
        for invoice in (on_time, late):
            self.assert_books(40, 0, self.beta_member, moves=invoice)

    def test_run_off_counts_months_of_the_calendar(self):
        self.program.runoff_months = 1
        self._end(day="2026-01-31")
        for day, earned in (("2026-02-28", 60), ("2026-03-01", 0)):
            invoice = self._invoice_deal(self.deal, 1000, date=day)
            self.assert_books(earned, 0, self.alpha_member, moves=invoice)

    def test_the_day_the_vendor_has_is_the_last_one(self):
        self.company.partner_id.tz = "Asia/Tokyo"
        with freeze_time("2026-03-31 20:00:00"):
            self.alpha_member.action_terminate()
        invoice = self._invoice_deal(self.deal, 1000, date=AFTER)
        self.assert_books(60, 0, self.alpha_member, moves=invoice)

    def test_a_partner_of_record_that_ended_earns_no_more(self):
        customer = self.env["res.partner"].create({"name": "Buyer"})
        self._add_record(self.alpha_member, customer)
        self._end()
        for day, earned in ((LAST, 100), (AFTER, 0)):
            invoice = self._invoice_partner(customer, 1000, date=day)
            self.assert_books(earned, 0, self.alpha_member, moves=invoice)

    def test_a_suspended_partner_goes_on_earning(self):
        self.alpha_member.action_suspend()
        invoice = self._invoice_deal(self.deal, 1000, date=AFTER)
        self.assert_books(60, 0, self.alpha_member, moves=invoice)

    def test_purchases_of_its_own_and_overrides_end_with_the_membership(self):
        self.plan.action_close()
        self._create_plan(
            ("sold", 10, POSTING), ("resale", 5, POSTING), ("sponsor", 3, POSTING)
        )
        self.program.runoff_months = 12
        self.beta_member.sponsor_id = self.alpha_member
        self._end()
        self._invoice_partner(self.alpha, 1000, date=AFTER)
        deal = self._create_deal((self.beta_member, "sold", 100))
        self._invoice_deal(deal, 1000, date=AFTER)
        self.assert_books(0, 0, self.alpha_member)
        self.assert_books(100, 100, self.beta_member)

    def test_no_override_is_paid_on_what_earns_no_more(self):
        self.plan.action_close()
        self._create_plan(("sold", 10, POSTING), ("sponsor", 3, POSTING))
        _sponsor, sponsor_member = self._create_member("Wholesale", self.program)
        self.alpha_member.sponsor_id = sponsor_member
        self._end()
        # 3 % of its 60 % of the sale
        for day, earned in ((LAST, 18), (AFTER, 0)):
            invoice = self._invoice_deal(self.deal, 1000, date=day)
            self.assert_books(earned, earned, sponsor_member, moves=invoice)

    # === WHAT WAS EARNED BEFORE === #

    def test_the_day_of_the_invoice_counts_and_not_that_of_the_payment(self):
        before = self._invoice_deal(self.deal, 1000, date="2026-03-10")
        self._end()
        late = self._invoice_deal(self.deal, 1000, date=AFTER)
        for invoice in (before, late):
            self._pay(invoice, 500, date="2026-05-15")
        self.assert_books(60, 30, self.alpha_member, moves=before)
        for invoice in (before, late):
            self._pay(invoice, date="2026-06-15")
        self.assert_books(60, 60, self.alpha_member, moves=before)
        self.assert_books(0, 0, self.alpha_member, moves=late)

    def test_a_credit_note_takes_back_after_the_end(self):
        before = self._invoice_deal(self.deal, 1000, date="2026-03-10")
        self._end()
        late = self._invoice_deal(self.deal, 1000, date=AFTER)
        for invoice in (before, late):
            self._credit(invoice, 400, date="2026-05-20")
        self.assert_books(36, 0, self.alpha_member)
        self.assert_books(48, 0, self.beta_member)

    def test_what_is_posted_again_keeps_what_it_earned(self):
        invoice = self._invoice_deal(self.deal, 1000, date="2026-03-10")
        self._end()
        invoice.button_draft()
        self.assert_books(0, 0, self.alpha_member)
        invoice.invoice_date = invoice.date = AFTER
        invoice.action_post()
        self.assert_books(60, 0, self.alpha_member)

    # === THE SETTING === #

    def test_each_program_has_a_run_off_of_its_own(self):
        """Two companies, two currencies, one posting."""
        other = self.setup_other_company()["company"]
        foreign = self.setup_other_currency("EUR", rates=[("2026-01-01", 2.0)])
        program = self._create_program("Other", other)
        program.runoff_months = 2
        self.program.runoff_months = 1
        member = self._create_membership(self.alpha, program)
        self._create_plan(("sold", 20, POSTING), program=program)
        for each in (self.alpha_member, member):
            self._add_record(each)
        self._end(self.alpha_member, member)
        for day, mine, theirs in (
            ("2026-04-30", 10, 20),
            ("2026-05-31", 0, 20),
            ("2026-06-01", 0, 0),
        ):
            sales = [(self.customer, [100])]
            invoices = self._prepare_invoices(sales, date=day)
            invoices |= self._prepare_invoices(
                sales, date=day, company=other, currency_id=foreign.id
            )
            invoices.with_context(
                allowed_company_ids=(self.company | other).ids
            ).action_post()
            self.assert_books(mine, 0, self.alpha_member, moves=invoices)
            self.assert_books(theirs, theirs, member, moves=invoices)

    def test_a_new_run_off_counts_from_the_next_booking(self):
        self._end()
        late = self._invoice_deal(self.deal, 1000, date=AFTER)
        self.assert_books(0, 0, self.alpha_member)
        self.program.runoff_months = 1
        self._invoice_deal(self.deal, 500, date=AFTER)
        self.assertEqual(self.balance("accrued", self.alpha_member), 30)
        self.program.runoff_months = 0
        # what was earned stays
        self._pay(late)
        self.assert_books(30, 0, self.alpha_member)

    def test_a_run_off_below_zero_or_without_end_is_refused(self):
        for months in (-1, 121):
            with (
                self.subTest(months=months),
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
            ):
                self.program.runoff_months = months
                self.program.flush_recordset()
