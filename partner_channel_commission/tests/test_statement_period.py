from datetime import date, timedelta

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import PAYMENT, POSTING, CommissionCommon

JUNE = (date(2026, 6, 1), date(2026, 6, 30))
JULY = (date(2026, 7, 1), date(2026, 7, 31))


@tagged("post_install", "-at_install")
class TestStatementPeriod(CommissionCommon):
    """When a partner gets a statement, and from what amount on it is paid."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_plan(("sold", 10, PAYMENT), ("resale", 5, POSTING))
        cls.job = cls.env.ref("partner_channel_commission.ir_cron_create_statements")
        cls.env["res.company"].search([]).channel_statement_auto = False
        cls.company.channel_statement_auto = True

    def _state(self, period=JUNE, **kwargs):
        return self.Statement._create_statements(self.company, *period, **kwargs)

    def _run(self, job=None):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            (job or self.job).method_direct_trigger()
        self.env.invalidate_all()

    def _nights(self, *days):
        """Return the last days of Alpha's statements after the job of each night."""
        result = []
        for day in days:
            with freeze_time(day):
                self._run()
            statements = self.Statement.search([("partner_id", "=", self.alpha.id)])
            result.append(sorted(str(each.date_to) for each in statements))
        return result

    # === PERIODS === #

    def test_a_quarter_is_stated_once_it_is_over(self):
        self.program.statement_period = "quarterly"
        for day in ("2026-05-31", "2026-06-30", "2026-07-01"):
            self._invoice_partner(self.alpha, 1000, date=day)
        nights = self._nights("2026-06-30", "2026-07-01", "2026-07-01", "2026-08-01")
        self.assertEqual(nights, [[], ["2026-06-30"], ["2026-06-30"], ["2026-06-30"]])
        statement = self.Statement.search([])
        self.assertRecordValues(
            statement, [{"amount_total": 100, "date_from": date(2026, 4, 1)}]
        )

    def test_half_years_and_years(self):
        self._invoice_partner(self.alpha, 1000, date="2026-06-30")
        self.program.statement_period = "half_yearly"
        self.assertEqual(self._nights("2026-06-30", "2026-07-01"), [[], ["2026-06-30"]])
        self._invoice_partner(self.alpha, 1000, date="2026-12-31")
        self.program.statement_period = "yearly"
        self.assertEqual(
            self._nights("2026-12-31", "2027-01-01"),
            [["2026-06-30"], ["2026-06-30", "2026-12-31"]],
        )

    def test_a_partner_may_have_terms_of_its_own(self):
        self.alpha_member.write(
            {"has_own_statement_terms": True, "statement_period": "quarterly"}
        )
        for partner in (self.alpha, self.beta):
            self._invoice_partner(partner, 1000, date="2026-04-10")
        with freeze_time("2026-05-01"):
            self._run()
        self.assertEqual(self.Statement.search([]).partner_id, self.beta)
        with freeze_time("2026-07-01"):
            self._run()
        self.assertEqual(
            self.Statement.search([]).mapped("date_to"),
            [date(2026, 6, 30), date(2026, 4, 30)],
        )

    def test_a_threshold_is_stated_the_day_after_it_is_reached(self):
        self.program.write(
            {"statement_period": "threshold", "statement_minimum": 75.00}
        )
        self._invoice_partner(self.alpha, 1000, date="2026-06-10")
        self._invoice_partner(self.alpha, 499.8, date="2026-06-12")
        self.assertEqual(self._nights("2026-06-20"), [[]], "74.99")
        self._invoice_partner(self.alpha, 0.2, date="2026-06-20")
        self.assertEqual(self._nights("2026-06-20", "2026-06-21"), [[], ["2026-06-20"]])
        self.assertEqual(self.Statement.search([]).amount_total, 75)

    def test_a_threshold_needs_an_amount(self):
        for record in (self.program, self.alpha_member):
            with (
                self.assertRaises(psycopg2.errors.CheckViolation),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                values = {"statement_period": "threshold"}
                if record == self.alpha_member:
                    values["has_own_statement_terms"] = True
                record.write(values)
                self.env.flush_all()

    def test_the_last_day_of_a_month_belongs_to_it(self):
        """OCA's settlement loses the last day of a month; here it counts."""
        for day in ("2028-02-29", "2028-03-01"):
            self._invoice_partner(self.alpha, 1000, date=day)
        nights = self._nights("2028-02-29", "2028-03-01", "2028-04-01")
        self.assertEqual(nights[1], ["2028-02-29"])
        self.assertEqual(nights[2], ["2028-02-29", "2028-03-31"])
        self.assertEqual(self.Statement.search([]).mapped("amount_total"), [50, 50])

    def test_own_terms_are_the_heads_to_decide(self):
        manager = self._create_user("cm", "partner_channel.group_channel_manager")
        self.alpha_member.manager_id = manager
        with self.assertRaises(AccessError):
            self.alpha_member.with_user(manager).statement_minimum = 1

    # === MINIMUM AND CARRY-FORWARD === #

    def test_less_than_the_minimum_is_carried(self):
        self.program.statement_minimum = 50
        self._invoice_partner(self.alpha, 600, date="2026-06-10")
        self.assertFalse(self._state())
        self._invoice_partner(self.alpha, 400, date="2026-07-10")
        statement = self._state(JULY)
        self.assertEqual((statement.amount_total, len(statement.entry_ids)), (50, 2))
        statement.action_send()
        self.program.statement_minimum = 500
        statement.action_accept()
        statement.action_create_bill()
        self.assertEqual(statement.bill_id.amount_untaxed, 50)

    def test_the_minimum_is_in_company_currency(self):
        foreign = self.setup_other_currency("EUR", rates=[("2026-01-01", 2.0)])
        self.program.statement_minimum = 50
        values = {"date": "2026-06-10", "currency_id": foreign.id}
        self._invoice_partner(self.alpha, 1999, **values)
        self.assertFalse(self._state(), "99.95 € are 49.98")
        self._invoice_partner(self.alpha, 1, **values)
        statement = self._state()
        self.assertRecordValues(
            statement, [{"amount_total": 100, "amount_minimum": 50}]
        )

    def test_a_draft_that_falls_below_the_minimum_is_carried(self):
        self.program.statement_minimum = 50
        first = self._invoice_partner(self.alpha, 600, date="2026-06-10")
        self._invoice_partner(self.alpha, 600, date="2026-06-11")
        statement = self._state()
        self.assertTrue(statement.is_payable)
        with freeze_time("2026-06-25"):
            first.button_cancel()
        self.assertEqual(self._state(), statement)
        with self.assertRaisesRegex(UserError, "below the minimum payout.*50.00"):
            statement.action_send()
        self._invoice_partner(self.alpha, 400, date="2026-07-02")
        self.assertEqual(self._state(JULY), statement)
        self.assertRecordValues(
            statement, [{"amount_total": 50, "date_to": JULY[1], "is_payable": True}]
        )

    def test_a_membership_that_ended_is_paid_to_the_last_cent(self):
        self.program.statement_minimum = 50
        self._invoice_partner(self.alpha, 100, date="2026-06-10")
        self._invoice_partner(self.beta, 100, date="2026-06-10")
        self.beta_member.action_terminate()
        self.assertEqual(self._state().partner_id, self.beta)

    def test_the_accountant_may_pay_below_the_minimum(self):
        self.program.statement_minimum = 50
        self._invoice_partner(self.alpha, 100, date="2026-06-10")
        wizard = self.env["partner.commission.statement.create"].create(
            {"date_from": JUNE[0], "date_to": JUNE[1]}
        )
        self.assertEqual(wizard.statement_count, 0)
        wizard.ignore_minimum = True
        self.assertEqual(wizard.statement_count, 1)
        statement = self.Statement.search(wizard.action_create()["domain"])
        self.assertTrue(statement.is_payable)
        wizard.period = "yearly"
        self.assertEqual(wizard.statement_count, 0)

    def test_a_period_that_is_not_over_is_not_stated(self):
        tomorrow = self.today() + timedelta(days=1)
        wizard = self.env["partner.commission.statement.create"].create(
            {"date_from": self.today(), "date_to": tomorrow}
        )
        with self.assertRaisesRegex(UserError, "not over yet"):
            wizard.action_create()

    def test_what_is_sent_never_changes(self):
        """A closed statement is immutable, the correction goes to the next (C6)."""
        invoice = self._invoice_partner(self.alpha, 1000, date="2026-06-10")
        statement = self._state()
        statement.action_send()
        before = statement.read()[0]
        self._credit(invoice, 400, date="2026-06-20")
        self._invoice_partner(self.alpha, 1000, date="2026-06-30")
        self.assertFalse(self._state())
        after = statement.read()[0]
        for name in ("amount_total", "amount_company", "entry_ids", "date_to"):
            self.assertEqual(before[name], after[name], name)
        self.assertEqual(self._state(JULY).amount_total, 30)

    # === SILENT ACCEPTANCE === #

    def test_silence_counts_as_acceptance_after_the_days_agreed(self):
        job = self.env.ref("partner_channel_commission.ir_cron_accept_silently")
        self.program.statement_accept_days = 7
        other = self._create_program("Slow", self.company)
        gamma, _member = self._create_member("Gamma", other)
        self._create_plan(("resale", 5, POSTING), program=other)
        for partner in (self.alpha, self.beta, gamma):
            self._invoice_partner(partner, 1000, date="2026-06-10")
        statements = self._state()
        first, second, third = statements.sorted("id")
        with freeze_time("2026-07-01"):
            statements.action_send()
        self.assertEqual(
            statements.mapped("date_accept_due"),
            [date(2026, 7, 8), date(2026, 7, 8), False],
        )
        second.action_accept()
        for day, state in (("2026-07-08", "sent"), ("2026-07-09", "accepted")):
            with freeze_time(day):
                self._run(job)
            self.assertEqual((first.state, third.state), (state, "sent"), day)
        self.assertRecordValues(
            first, [{"accepted_by_id": False, "date_accepted": date(2026, 7, 9)}]
        )
        self.assertEqual(second.accepted_by_id, self.env.user)
        messages = first.message_ids.filtered(lambda m: "nobody objected" in m.body)
        self.assertEqual(len(messages), 1)

    def test_the_last_day_to_object_ends_where_the_vendor_is(self):
        """And the partner reads in its language that it is over."""
        job = self.env.ref("partner_channel_commission.ir_cron_accept_silently")
        self.company.partner_id.tz = "America/Los_Angeles"
        self.program.statement_accept_days = 7
        self.env["res.lang"]._activate_lang("ru_RU")
        self.alpha.lang = "ru_RU"
        self._invoice_partner(self.alpha, 1000, date="2026-06-10")
        statement = self._state()
        with freeze_time("2026-07-01 20:00:00"):
            statement.action_send()
        self.assertEqual(statement.date_accept_due, date(2026, 7, 8))
        for moment, state in (
            ("2026-07-09 06:30:00", "sent"),
            ("2026-07-09 07:30:00", "accepted"),
        ):
            with freeze_time(moment):
                self._run(job)
            self.assertEqual(statement.state, state, moment)
        bodies = statement.message_ids.filtered("body").mapped("body")
        self.assertTrue([body for body in bodies if "08.07.2026" in body], bodies)

    def test_silent_acceptance_is_the_systems(self):
        accountant = self._create_user("acc", "account.group_account_invoice")
        with self.assertRaises(AccessError):
            self.Statement.with_user(accountant)._cron_accept_silently()
