from datetime import date

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import PAYMENT, POSTING, CommissionCommon

MAY = (date(2026, 5, 1), date(2026, 5, 31))
JUNE = (date(2026, 6, 1), date(2026, 6, 30))


@tagged("post_install", "-at_install")
class TestAccrual(CommissionCommon):
    """The accrued liability in the general ledger is the sum of the books."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_plan(("sold", 10, PAYMENT), ("resale", 5, POSTING))
        cls.Accrual = cls.env["partner.commission.accrual"]
        cls.liability = cls._set_accounts(cls.company)
        cls.env.user.group_ids |= cls.env.ref("account.group_account_manager")
        cls.job = cls.env.ref("partner_channel_commission.ir_cron_book_accruals")

    @classmethod
    def _set_accounts(cls, company):
        """Give a company what accruals need; return its liability account."""
        create = cls.env["account.account"].with_company(company).create
        expense, liability = (
            create(
                {
                    "name": name,
                    "code": code,
                    "account_type": kind,
                    "company_ids": [Command.set(company.ids)],
                }
            )
            for name, code, kind in (
                ("Commissions earned", "698100", "expense"),
                ("Commissions not billed", "498100", "liability_current"),
            )
        )
        journal = cls.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", company.id)], limit=1
        )
        company.write(
            {
                "channel_accrual_journal_id": journal.id,
                "channel_accrual_expense_id": expense.id,
                "channel_accrual_liability_id": liability.id,
            }
        )
        return liability

    def _balance(self, day=None, account=None):
        """Return the balance of the liability account, above zero when owed."""
        domain = [
            ("account_id", "=", (account or self.liability).id),
            ("parent_state", "=", "posted"),
        ]
        if day:
            domain.append(("date", "<=", day))
        lines = self.env["account.move.line"].search(domain)
        return round(-sum(lines.mapped("balance")), 2)

    def _check(self, day):
        """Return ledger, account and difference as the check page shows them."""
        check = self.env["partner.commission.accrual.check"].create({"date": day})
        return (check.ledger_balance, check.account_balance, check.difference)

    def _run(self, day):
        self.env.flush_all()
        with freeze_time(day), self.enter_registry_test_mode():
            self.job.method_direct_trigger()
        self.env.invalidate_all()

    def test_what_is_earned_is_an_expense_and_a_liability_by_partner(self):
        self._invoice_partner(self.alpha, 1000, date="2026-05-10")
        deal = self._create_deal((self.beta_member, "sold", 100))
        self._invoice_deal(deal, 300, date="2026-05-20")
        self.assertEqual(self._check("2026-05-31"), (80, 0, 80))
        accrual = self.Accrual._book(self.company, MAY[1])
        self.assertRecordValues(
            accrual, [{"amount": 80, "balance": 80, "date": MAY[1], "number": 1}]
        )
        self.assertRecordValues(
            accrual.move_id.line_ids.sorted("balance"),
            [
                {"partner_id": self.alpha.id, "balance": -50},
                {"partner_id": self.beta.id, "balance": -30},
                {"partner_id": False, "balance": 80},
            ],
        )
        self.assertEqual(self._check("2026-05-31"), (80, 80, 0))

    def test_booking_twice_books_once(self):
        self._invoice_partner(self.alpha, 1000, date="2026-05-10")
        self.assertTrue(self.Accrual._book(self.company, MAY[1]))
        self.assertFalse(self.Accrual._book(self.company, MAY[1]))
        for day in ("2026-06-02", "2026-06-03"):
            self._run(day)
        self.assertEqual(self.Accrual.search_count([]), 1)

    def test_a_posted_bill_takes_the_liability_over(self):
        self._invoice_partner(self.alpha, 1000, date="2026-05-10")
        self.Accrual._book(self.company, MAY[1])
        statement = self.Statement._create_statements(self.company, *MAY)
        statement.action_send()
        statement.action_accept()
        statement.action_create_bill()
        bill = statement.bill_id
        self.assertFalse(self.Accrual._book(self.company, JUNE[1]), "still a draft")
        bill.write({"invoice_date": "2026-06-05", "date": "2026-06-05"})
        bill.action_post()
        accrual = self.Accrual._book(self.company, JUNE[1])
        self.assertEqual((accrual.amount, self._balance()), (-50, 0))
        self.assertEqual(self._balance("2026-05-31"), 50)
        self.assertEqual(self._check("2026-06-30"), (0, 0, 0))
        bill._reverse_moves([{"invoice_date": "2026-06-20"}], cancel=True)
        self.Accrual._book(self.company, JUNE[1])
        self.assertEqual(self._balance(), 50)

    def test_a_line_in_dispute_stays_a_liability(self):
        finance = self._create_staff(self.alpha, "finance", "finance")
        for price in (1000, 600):
            self._invoice_partner(self.alpha, price, date="2026-05-10")
        statement = self.Statement._create_statements(self.company, *MAY)
        statement.action_send()
        line = statement.entry_ids.filtered(lambda e: e.amount_currency == 30)
        statement.with_user(finance)._portal_dispute(line.id, "Wrong")
        statement.action_accept()
        statement.action_create_bill()
        statement.bill_id.write({"invoice_date": "2026-06-05", "date": "2026-06-05"})
        statement.bill_id.action_post()
        self.Accrual._book(self.company, JUNE[1])
        self.assertEqual(self._balance(), 30)
        dispute = statement.dispute_ids
        dispute.answer_draft = "It is right"
        dispute.action_refuse()
        statement.action_bill_settled()
        dispute.bill_id.write({"invoice_date": "2026-06-25", "date": "2026-06-25"})
        dispute.bill_id.action_post()
        self.Accrual._book(self.company, JUNE[1])
        self.assertEqual(self._balance(), 0)

    def test_two_currencies_are_booked_at_the_ledgers_rate(self):
        foreign = self.setup_other_currency("EUR", rates=[("2026-01-01", 2.0)])
        self._invoice_partner(
            self.alpha, 1000, date="2026-05-10", currency_id=foreign.id
        )
        self._invoice_partner(self.alpha, 100, date="2026-05-10")
        self.Accrual._book(self.company, MAY[1])
        self.assertEqual(self._balance(), 30)

    def test_a_locked_month_waits_for_the_next(self):
        self._invoice_partner(self.alpha, 1000, date="2026-05-10")
        self._run("2026-06-02")
        self.assertEqual(self._balance(), 50)
        self.company.fiscalyear_lock_date = MAY[1]
        entry = self.env["partner.commission.adjustment"].create(
            {"membership_id": self.alpha_member.id, "amount": 7, "reason": "Late"}
        )
        with freeze_time("2026-05-20"):
            entry._book()
        self._run("2026-06-02")
        with self.assertRaisesRegex(UserError, "2026-05-31 is locked"):
            self.Accrual._book(self.company, MAY[1])
        self.assertEqual(self._balance(), 50)
        self._run("2026-07-01")
        self.assertEqual((self._balance(), self._balance("2026-05-31")), (57, 50))
        self.assertEqual(self._check("2026-06-30"), (57, 57, 0))

    def test_two_companies_keep_their_own_books(self):
        other = self.setup_other_company()["company"]
        theirs = self._set_accounts(other)
        program = self._create_program("Other", other)
        self._create_membership(self.alpha, program)
        self._create_plan(("resale", 20, POSTING), program=program)
        self._prepare_invoices(
            [(self.alpha, [100])], company=other, date="2026-05-10"
        ).action_post()
        self._invoice_partner(self.alpha, 1000, date="2026-05-10")
        self._run("2026-06-02")
        self.assertEqual((self._balance(), self._balance(account=theirs)), (50, 20))
        self.assertEqual(
            self.Accrual.search([]).mapped("company_id"), self.company | other
        )

    def test_what_somebody_else_books_on_the_account_shows(self):
        self._invoice_partner(self.alpha, 1000, date="2026-05-10")
        self.Accrual._book(self.company, MAY[1])
        self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": "2026-05-31",
                "journal_id": self.company.channel_accrual_journal_id.id,
                "line_ids": [
                    Command.create({"account_id": account.id, "balance": balance})
                    for account, balance in (
                        (self.liability, 8),
                        (self.company.channel_accrual_expense_id, -8),
                    )
                ],
            }
        ).action_post()
        self.assertEqual(self._check("2026-05-31"), (50, 42, 8))
        self.assertFalse(self.Accrual._book(self.company, MAY[1]))

    def test_two_servers_cannot_book_the_same(self):
        self._invoice_partner(self.alpha, 1000, date="2026-05-10")
        accrual = self.Accrual._book(self.company, MAY[1])
        with (
            self.assertRaises(psycopg2.errors.UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            accrual.sudo()._with_state_move().copy({"number": accrual.number})
            self.env.flush_all()

    def test_accruals_are_for_those_who_keep_the_books(self):
        self._invoice_partner(self.alpha, 1000, date="2026-05-10")
        clerk = self._create_user("acc", "account.group_account_invoice")
        manager = self._create_user("cm", "partner_channel.group_channel_manager")
        for user in (clerk, manager):
            with self.assertRaises(AccessError):
                self.env["partner.commission.accrual.check"].with_user(user).create({})
            with self.assertRaises(AccessError):
                self.Accrual.with_user(user)._cron_book_accruals()
        accrual = self.Accrual._book(self.company, MAY[1])
        self.assertEqual(self.Accrual.with_user(clerk).search([]), accrual)
        with self.assertRaises(AccessError):
            accrual.with_user(clerk).write({"amount": 1})
        with self.assertRaises(AccessError):
            accrual.write({"amount": 1})
        with self.assertRaises(UserError):
            accrual.sudo().unlink()
        self.company.channel_accrual_journal_id = False
        with self.assertRaisesRegex(UserError, "choose them in the settings"):
            self.Accrual._book(self.company, MAY[1])

    def test_the_page_books_what_differs(self):
        self._invoice_partner(self.alpha, 1000, date="2026-05-10")
        check = self.env["partner.commission.accrual.check"].create({"date": MAY[1]})
        self.assertEqual(check.partner_ids, self.alpha)
        check.action_book()
        check.invalidate_recordset()
        self.assertEqual((check.difference, len(check.partner_ids)), (0, 0))
