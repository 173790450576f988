from datetime import date
from unittest.mock import patch

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import PAYMENT, POSTING, CommissionCommon

JUNE = (date(2026, 6, 1), date(2026, 6, 30))
JULY = (date(2026, 7, 1), date(2026, 7, 31))


@tagged("post_install", "-at_install")
class TestStatement(CommissionCommon):
    """Payable entries become statements, each of them once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._create_plan(("sold", 10, PAYMENT), ("resale", 5, POSTING))

    def _state(self, period=JUNE, **kwargs):
        return self.Statement._create_statements(self.company, *period, **kwargs)

    def test_a_statement_holds_what_became_payable_until_its_last_day(self):
        for day in ("2026-05-31", "2026-06-01", "2026-06-30", "2026-07-01"):
            self._invoice_partner(self.alpha, 100, date=day)
        statement = self._state()
        self.assertEqual(
            sorted(str(day) for day in statement.entry_ids.mapped("date")),
            ["2026-05-31", "2026-06-01", "2026-06-30"],
        )
        self.assertRecordValues(
            statement,
            [
                {
                    "membership_id": self.alpha_member.id,
                    "partner_id": self.alpha.id,
                    "currency_id": self.currency.id,
                    "amount_total": 15,
                    "amount_company": 15,
                    "state": "draft",
                    "date_to": JUNE[1],
                    "name": f"CS/2026-06-30/{self.alpha_member.id:05d}",
                }
            ],
        )
        self.assertEqual(self._state(JULY).amount_total, 5)

    def test_earned_is_not_payable_before_the_customer_pays(self):
        deal = self._create_deal((self.alpha_member, "sold", 100))
        invoice = self._invoice_deal(deal, 1000, date="2026-06-01")
        self.assertFalse(self._state())
        self._pay(invoice, 250, date="2026-06-20")
        statement = self._state()
        self.assertEqual(statement.amount_total, 25)
        self.assertEqual(set(statement.entry_ids.mapped("book")), {"payable"})

    def test_each_partner_and_each_currency_has_its_own(self):
        foreign = self.setup_other_currency("EUR", rates=[("2026-01-01", 2.0)])
        self._invoice_partner(self.alpha, 100, date="2026-06-01")
        self._invoice_partner(self.beta, 200, date="2026-06-01")
        self._invoice_partner(
            self.alpha, 300, date="2026-06-01", currency_id=foreign.id
        )
        statements = self._state()
        self.assertEqual(
            {
                (s.partner_id, s.currency_id): (s.amount_total, s.amount_company)
                for s in statements
            },
            {
                (self.alpha, self.currency): (5, 5),
                (self.alpha, foreign): (15, 7.5),
                (self.beta, self.currency): (10, 10),
            },
        )
        self.assertEqual(len(set(statements.mapped("name"))), 3)

    def test_another_company_is_left_out(self):
        other = self.setup_other_company()["company"]
        program = self._create_program("Other", other)
        self._create_membership(self.alpha, program)
        self._create_plan(("resale", 20, POSTING), program=program)
        theirs = self._prepare_invoices(
            [(self.alpha, [100])], company=other, date="2026-06-01"
        )
        theirs.action_post()
        self.assertFalse(self._state())
        statement = self.Statement._create_statements(other, *JUNE)
        self.assertEqual(statement.amount_total, 20)
        self.assertEqual(statement.company_id, other)

    def test_the_day_it_is_sent_is_that_of_its_company(self):
        other = self.setup_other_company()["company"]
        program = self._create_program("Other", other)
        self._create_membership(self.alpha, program)
        self._create_plan(("resale", 20, POSTING), program=program)
        sales = [(self.alpha, [100])]
        for company in (self.company, other):
            self._prepare_invoices(
                sales, company=company, date="2026-06-01"
            ).action_post()
        self.company.partner_id.tz = "Asia/Tokyo"
        other.partner_id.tz = "America/New_York"
        theirs = self.Statement._create_statements(other, *JUNE)
        statements = self._state() | theirs
        with freeze_time("2026-07-02 20:00:00"):
            statements.action_send()
            statements.action_send()
        with freeze_time("2026-07-05 02:00:00"):
            statements.action_accept()
        self.assertRecordValues(
            statements,
            [
                {"date_sent": date(2026, 7, sent), "date_accepted": date(2026, 7, end)}
                for sent, end in ((3, 5), (2, 4))
            ],
        )

    def test_creating_twice_makes_nothing_twice(self):
        self._invoice_partner(self.alpha, 100, date="2026-06-01")
        self.assertEqual(len(self._state()), 1)
        self.assertFalse(self._state())
        self.assertEqual(self.Statement.search_count([]), 1)

    def test_batches_add_up_to_the_same_statements(self):
        for partner in (self.alpha, self.beta):
            self._invoice_partner(partner, 100, date="2026-06-01")
        done = self.Statement
        while some := self._state(limit=1):
            self.assertEqual(len(some), 1)
            done |= some
        self.assertEqual(done.partner_id, self.alpha | self.beta)

    def test_what_comes_late_completes_the_draft(self):
        self._invoice_partner(self.alpha, 100, date="2026-06-01")
        statement = self._state()
        self._invoice_partner(self.alpha, 300, date="2026-06-15")
        self.assertEqual(self._state(), statement)
        self.assertEqual(statement.amount_total, 20)

    def test_what_comes_after_sending_goes_to_the_next(self):
        self._invoice_partner(self.alpha, 100, date="2026-06-01")
        statement = self._state()
        statement.action_send()
        self._invoice_partner(self.alpha, 300, date="2026-06-15")
        self.assertFalse(self._state())
        self.assertEqual(statement.amount_total, 5)
        self.assertEqual(self._state(JULY).amount_total, 15)

    def test_two_statements_of_one_period_cannot_exist(self):
        self._invoice_partner(self.alpha, 100, date="2026-06-01")
        statement = self._state()
        with (
            self.assertRaises(psycopg2.errors.UniqueViolation),
            mute_logger("odoo.sql_db"),
        ):
            statement.sudo()._with_state_move().copy({"date_to": JUNE[1]})
            self.env.flush_all()

    def test_a_negative_total_is_carried_to_the_next_statement(self):
        invoice = self._invoice_partner(self.alpha, 1000, date="2026-05-10")
        self._state((date(2026, 5, 1), date(2026, 5, 31))).action_send()
        self._credit(invoice, 600, date="2026-06-10")
        self.assertFalse(self._state(), "30 is owed by the partner, nothing to pay")
        self._invoice_partner(self.alpha, 1000, date="2026-07-10")
        statement = self._state(JULY)
        self.assertEqual(statement.amount_total, 20)
        self.assertEqual(len(statement.entry_ids), 2)

    def test_a_clawback_after_payout_never_touches_the_old_statement(self):
        deal = self._create_deal((self.alpha_member, "sold", 100))
        invoice = self._invoice_deal(deal, 1000, date="2026-06-01")
        self._pay(invoice, date="2026-06-02")
        statement = self._state()
        statement.action_send()
        with freeze_time("2026-07-05"):
            invoice.line_ids.remove_move_reconcile()
        self.assertEqual(sum(statement.entry_ids.mapped("amount")), 100)
        open_entries = self.Entry.search(
            [("book", "=", "payable"), ("statement_id", "=", False)]
        )
        self.assertEqual(open_entries.mapped("amount"), [-100])

    def test_the_wizard_states_last_month_for_chosen_partners(self):
        self._invoice_partner(self.alpha, 100, date="2026-06-01")
        self._invoice_partner(self.beta, 100, date="2026-06-01")
        with freeze_time("2026-07-03"):
            wizard = self.env["partner.commission.statement.create"].create({})
        self.assertEqual((wizard.date_from, wizard.date_to), JUNE)
        self.assertEqual(wizard.statement_count, 2)
        wizard.membership_ids = self.beta_member
        self.assertEqual(wizard.statement_count, 1)
        action = wizard.action_create()
        statement = self.Statement.search(action["domain"])
        self.assertEqual(statement.partner_id, self.beta)
        with self.assertRaisesRegex(UserError, "Nothing is to be paid out"):
            wizard.action_create()

    def test_the_monthly_job_works_for_companies_that_want_it(self):
        self._invoice_partner(self.alpha, 100, date="2026-06-30")
        job = self.env.ref("partner_channel_commission.ir_cron_create_statements")
        self.env["res.company"].search([]).channel_statement_auto = False
        with freeze_time("2026-07-01"):
            for wanted, count in ((False, 0), (True, 1), (True, 1)):
                self.company.channel_statement_auto = wanted
                with self.enter_registry_test_mode():
                    job.method_direct_trigger()
                self.assertEqual(self.Statement.search_count([]), count)

    def test_a_statement_with_entries_cannot_be_deleted(self):
        self._invoice_partner(self.alpha, 100, date="2026-06-01")
        with self.assertRaises(AccessError):
            self._state().sudo().unlink()

    def test_a_second_statement_of_the_same_entries_is_impossible(self):
        self._invoice_partner(self.alpha, 100, date="2026-06-01")
        statement = self._state()
        with patch.object(
            type(self.Statement),
            "_read_open_groups",
            return_value=[
                {
                    "membership_id": self.alpha_member.id,
                    "currency_id": self.currency.id,
                    "statement_id": None,
                }
            ],
        ):
            later = self._state(JULY)
        self.assertFalse(later.entry_ids, "entries are bound once and for all")
        self.assertEqual(len(statement.entry_ids), 1)
