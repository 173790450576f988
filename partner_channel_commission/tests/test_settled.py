from datetime import date

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import freeze_time, tagged

from .common import PAYMENT, POSTING, CommissionCommon

JUNE = (date(2026, 6, 1), date(2026, 6, 30))
JULY = (date(2026, 7, 1), date(2026, 7, 31))


@tagged("post_install", "-at_install")
class TestSettled(CommissionCommon):
    """What other commission software gets wrong once a line is settled."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_plan(("sold", 10, PAYMENT), ("resale", 5, POSTING))

    def _state(self, period=JUNE, company=None):
        return self.Statement._create_statements(company or self.company, *period)

    def _settle(self, statement):
        """Send, accept, bill and pay; return what the statement holds."""
        statement.action_send()
        statement.action_accept()
        statement.action_create_bill()
        statement.bill_id.action_post()
        self._pay(statement.bill_id)
        self.assertEqual(statement.state, "paid")
        self.env.flush_all()
        return self._facts(statement)

    def _facts(self, statement):
        self.env.invalidate_all()
        return [
            (entry.id, entry.amount_currency, entry.amount, entry.date)
            for entry in statement.entry_ids.sorted("id")
        ]

    def test_a_settled_invoice_cannot_be_deleted(self):
        invoice = self._invoice_partner(self.alpha, 1000, date="2026-06-10")
        statement = self._state()
        facts = self._settle(statement)
        with freeze_time("2026-07-05"):
            invoice.button_draft()
        with self.assertRaisesRegex(UserError, "has commission entries"):
            invoice.with_context(force_delete=True).unlink()
        self.assertEqual(self._facts(statement), facts)

    def test_resetting_a_settled_invoice_takes_back_in_the_next_statement(self):
        invoice = self._invoice_partner(self.alpha, 1000, date="2026-06-10")
        statement = self._state()
        facts = self._settle(statement)
        with freeze_time("2026-07-05"):
            invoice.button_draft()
            self.assert_books(0, 0)
            invoice.invoice_line_ids.price_unit = 400
            invoice.action_post()
        self.assert_books(20, 20)
        self.assertEqual(self._facts(statement), facts)
        self._invoice_partner(self.alpha, 1000, date="2026-07-10")
        july = self._state(JULY)
        self.assertEqual(july.amount_total, 20, "50 - 50 + 20 from June's invoice")

    def test_cancelling_a_settled_invoice_is_carried(self):
        invoice = self._invoice_partner(self.alpha, 1000, date="2026-06-10")
        statement = self._state()
        facts = self._settle(statement)
        with freeze_time("2026-07-05"):
            invoice.button_cancel()
        self.assertEqual(self._facts(statement), facts)
        self.assertFalse(self._state(JULY), "50 is owed by the partner")
        owed = self.env["partner.commission.liability"].search([])
        self.assertEqual(owed.mapped("amount"), [-50])

    def test_a_credit_note_on_an_unpaid_invoice_settles_nothing(self):
        deal = self._create_deal((self.alpha_member, "sold", 100))
        invoice = self._invoice_deal(deal, 1000, date="2026-06-01")
        self._credit(invoice, date="2026-06-10")
        self.assert_books(0, 0)
        self.assertFalse(self._state())
        self.assertFalse(self.Entry.search([("book", "=", "payable")]))

    def test_a_part_credited_before_payment_never_gives_a_minus(self):
        """NetSuite: 1,000 at 10 %, credit 200 before payment, 800 paid: 80."""
        deal = self._create_deal((self.alpha_member, "sold", 100))
        invoice = self._invoice_deal(deal, 1000, date="2026-06-01")
        self._credit(invoice, 200, date="2026-06-05")
        self.assertFalse(self._state())
        self._pay(invoice, date="2026-06-20")
        statement = self._state()
        self.assertEqual(statement.amount_total, 80)

    def test_a_bounced_payment_is_taken_back_after_payout(self):
        deal = self._create_deal((self.alpha_member, "sold", 100))
        invoice = self._invoice_deal(deal, 1000, date="2026-06-01")
        payment = self._pay(invoice, date="2026-06-05")
        facts = self._settle(self._state())
        with freeze_time("2026-07-05"):
            payment.action_draft()
        statement = self.Statement.search([])
        self.assertEqual(self._facts(statement), facts)
        self.assertEqual(self.balance("payable"), 0)

    def test_two_companies_are_never_in_one_bill(self):
        other = self.setup_other_company()["company"]
        program = self._create_program("Other", other)
        self._create_membership(self.alpha, program)
        self._create_plan(("resale", 20, POSTING), program=program)
        self._invoice_partner(self.alpha, 1000, date="2026-06-10")
        self._prepare_invoices(
            [(self.alpha, [100])], company=other, date="2026-06-10"
        ).action_post()
        statements = self._state() | self._state(company=other)
        statements.action_send()
        statements.action_accept()
        statements.action_create_bill()
        self.assertEqual(
            {
                (s.company_id, s.bill_id.company_id, s.bill_id.amount_untaxed)
                for s in statements
            },
            {(self.company, self.company, 50), (other, other, 20)},
        )

    # === NOBODY CHANGES THE LEDGER === #

    def _open_dispute(self):
        """Return a disputed line, its statement, dispute and a draft adjustment."""
        self._invoice_partner(self.alpha, 1000, date="2026-06-10")
        finance = self._create_staff(self.alpha, "finance", "finance")
        statement = self._state()
        statement.action_send()
        line = statement.entry_ids
        statement.with_user(finance)._portal_dispute(line.id, "Wrong")
        adjustment = self.env["partner.commission.adjustment"].create(
            {"membership_id": self.alpha_member.id, "amount": 5, "reason": "x"}
        )
        self.env.flush_all()
        return line, statement, statement.dispute_ids, adjustment

    def _refuse_calls(self, *calls):
        """Check that no user may make these remote calls, and nothing changes."""
        before = self.Entry.search_read([], ["amount", "statement_id", "date"])
        admin = self.env.ref("base.user_admin")
        for user in (self.env["res.users"].browse(SUPERUSER_ID), admin, self.env.user):
            for record, method, args in calls:
                with self.assertRaises(AccessError, msg=f"{user.login} {method}"):
                    call_kw(
                        record.with_user(user).browse(),
                        method,
                        [record.ids, *args],
                        {"context": {"channel_state_move": True}},
                    )
        self.env.invalidate_all()
        after = self.Entry.search_read([], ["amount", "statement_id", "date"])
        self.assertEqual(after, before)

    def test_nobody_changes_the_ledger_by_commands_on_an_adjustment(self):
        line, _statement, _dispute, adjustment = self._open_dispute()
        self._refuse_calls(
            *(
                (adjustment, "write", ({"booked_entry_ids": [command]},))
                for command in (
                    Command.create({"amount": 9}),
                    Command.update(line.id, {"amount": 9}),
                    Command.delete(line.id),
                    Command.link(line.id),
                )
            )
        )

    def test_nobody_changes_the_ledger_by_calls_beside_it(self):
        line, statement, dispute, adjustment = self._open_dispute()
        self._refuse_calls(
            (adjustment, "_book", ()),
            (adjustment, "write", ({"state": "approved"},)),
            (dispute, "_settle", ("adjusted",)),
            (dispute, "write", ({"is_held": True},)),
            (dispute, "write", ({"amount": 1},)),
            (line, "write", ({"adjustment_id": adjustment.id},)),
            (statement, "_make_bills", ()),
            (statement, "_set_protected", ({"amount_total": 1},)),
        )
