from datetime import date

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .dispute_common import JULY, DisputeCommon


@tagged("post_install", "-at_install")
class TestDispute(DisputeCommon):
    """A partner objects to single lines; the rest is paid meanwhile."""

    def test_a_dispute_is_opened_with_deadline_and_reminder(self):
        self.program.dispute_answer_days = 10
        with freeze_time("2026-07-02"):
            dispute = self._dispute()
        self.assertRecordValues(
            dispute,
            [
                {
                    "state": "open",
                    "amount": 100,
                    "comment": "It was 3,000",
                    "partner_id": self.alpha.id,
                    "statement_id": self.statement.id,
                    "opened_by_id": self.finance.id,
                    "date_opened": date(2026, 7, 2),
                    "date_deadline": date(2026, 7, 12),
                }
            ],
        )
        self.assertRecordValues(
            dispute.activity_ids,
            [{"user_id": self.manager.id, "date_deadline": date(2026, 7, 12)}],
        )
        said = self.statement.message_ids.filtered(lambda m: "It was 3,000" in m.body)
        self.assertEqual(said.author_id, self.finance.partner_id)

    def test_the_undisputed_rest_is_paid_and_the_line_follows(self):
        dispute = self._dispute()
        bill = self._bill()
        self.assertEqual(bill.amount_untaxed, 75)
        self.assertEqual((self.statement.amount_total, dispute.is_held), (175, True))
        self._pay(bill)
        self.assertEqual(self.statement.state, "paid")
        self.assertFalse(self.statement.has_settled_lines)
        self._decide(dispute, "action_refuse")
        self.assertTrue(self.statement.has_settled_lines)
        self.statement.action_bill_settled()
        rest = dispute.bill_id
        self.assertRecordValues(
            rest, [{"amount_untaxed": 100, "commission_rest_id": self.statement.id}]
        )
        self.statement.action_bill_settled()
        self.assertEqual(dispute.bill_id, rest, "a second time nothing is billed")
        rest.action_post()
        self._pay(rest)
        self.assertEqual(self.statement.state, "paid")

    def test_a_dispute_settled_before_the_bill_goes_with_it(self):
        dispute = self._dispute()
        self._decide(dispute, "action_refuse")
        bill = self._bill()
        self.assertEqual((bill.amount_untaxed, dispute.is_held), (175, False))

    def test_an_adjusted_line_is_paid_as_stated_and_corrected_in_the_next(self):
        dispute = self._dispute()
        bill = self._bill()
        with freeze_time("2026-07-05"):
            self._decide(dispute, "action_adjust", "You are right", correction=50)
            adjustment = dispute.adjustment_ids
            self.assertEqual((dispute.state, adjustment.state), ("open", "requested"))
            with self.assertRaisesRegex(UserError, "waits for the approval"):
                dispute.with_user(self.manager).action_refuse()
            adjustment.with_user(self.head).action_approve()
        self.assertEqual((dispute.state, dispute.answer), ("adjusted", "You are right"))
        self.statement.action_bill_settled()
        self.assertEqual(
            (bill.amount_untaxed, dispute.bill_id.amount_untaxed), (75, 100)
        )
        july = self.Statement._create_statements(self.company, *JULY)
        self.assertEqual(july.amount_total, 50)
        self.assertEqual(july.entry_ids.cause, "adjustment")
        self.assertEqual(len(self.statement.entry_ids), 3)

    def test_a_refused_adjustment_leaves_the_dispute_open(self):
        dispute = self._dispute()
        self._decide(dispute, "action_adjust", correction=50)
        dispute.adjustment_ids.with_user(self.head).action_refuse()
        self.assertEqual(dispute.state, "open")
        self._decide(dispute, "action_refuse")
        self.assertEqual(dispute.state, "refused")

    def test_an_answer_rests_unless_the_partner_insists(self):
        with freeze_time("2026-07-02"):
            first = self._dispute(self.large)
            second = self._dispute(self.small)
            for dispute in (first, second):
                self._decide(dispute, "action_answer", "It was 2,000")
        self.assertEqual(first.date_deadline, date(2026, 7, 12))
        with freeze_time("2026-07-03"):
            self._dispute(self.large, "No, see the order")
        self.assertEqual(first.state, "open")
        job = self.env.ref("partner_channel_commission.ir_cron_close_disputes")
        for day, state in (("2026-07-12", "answered"), ("2026-07-13", "withdrawn")):
            self.env.flush_all()
            with freeze_time(day), self.enter_registry_test_mode():
                job.method_direct_trigger()
            self.env.invalidate_all()
            self.assertEqual((first.state, second.state), ("open", state))

    def test_a_line_that_takes_back_is_not_held(self):
        """Objecting to a clawback does not raise what is paid out."""
        invoice = self._invoice_partner(self.alpha, 400, date="2026-07-01")
        with freeze_time("2026-07-10"):
            self._credit(invoice, 400, date="2026-07-10")
        self._invoice_partner(self.alpha, 1000, date="2026-07-11")
        self.statement = self.Statement._create_statements(self.company, *JULY)
        self.statement.action_send()
        negative = self.statement.entry_ids.filtered(lambda e: e.amount_currency < 0)
        dispute = self._dispute(negative)
        self.assertEqual(self.statement.amount_disputed, 0)
        self.assertEqual(self._bill().amount_untaxed, 50)
        self.assertFalse(dispute.is_held)

    def test_nothing_is_billed_while_everything_is_in_dispute(self):
        for entry in self.statement.entry_ids:
            self._dispute(entry)
        self.statement.action_accept()
        with self.assertRaisesRegex(UserError, "Settle the disputes first"):
            self.statement.action_create_bill()
        self.assertEqual(self.statement.state, "accepted")

    def test_a_cancelled_bill_is_made_anew_with_what_was_settled_meanwhile(self):
        dispute = self._dispute()
        old = self._bill()
        self._decide(dispute, "action_refuse")
        old.button_cancel()
        self.statement.action_create_bill()
        new = self.statement.bill_id
        self.assertEqual((new.amount_untaxed, dispute.is_held), (175, False))
        new.action_post()
        new.button_cancel()
        old.button_draft()
        with self.assertRaisesRegex(UserError, "75.00 without taxes.*175.00"):
            old.action_post()

    def test_the_bill_of_a_settled_line_may_be_made_anew(self):
        dispute = self._dispute()
        self._bill()
        self._decide(dispute, "action_refuse")
        for finish in ("unlink", "button_cancel"):
            self.statement.action_bill_settled()
            bill = dispute.bill_id
            getattr(bill, finish)()
            self.assertFalse(dispute.bill_id)
        self.statement.action_bill_settled()
        rest = dispute.bill_id
        rest.invoice_line_ids.price_unit = 90
        with self.assertRaisesRegex(UserError, "90.00 without taxes.*100.00"):
            rest.action_post()
        rest.invoice_line_ids.price_unit = 100
        rest.action_post()
        rest._reverse_moves([{"invoice_date": "2026-07-20"}], cancel=True)
        self.assertFalse(dispute.bill_id)
        bill.button_draft()
        with self.assertRaisesRegex(UserError, "100.00 without taxes.*accepted, to"):
            bill.action_post()

    def test_the_teams_leader_hears_once_of_an_overdue_answer(self):
        leader = self._create_user("lead", "partner_channel.group_channel_head")
        team = {"name": "Channel", "user_id": leader.id, "company_id": self.company.id}
        self.alpha_member.team_id = self.env["crm.team"].sudo().create(team)
        with freeze_time("2026-07-02"):
            dispute = self._dispute()
        job = self.env.ref("partner_channel_commission.ir_cron_close_disputes")
        for day, count in (("2026-07-12", 0), ("2026-07-13", 1), ("2026-07-14", 1)):
            self.env.flush_all()
            with freeze_time(day), self.enter_registry_test_mode():
                job.method_direct_trigger()
            self.env.invalidate_all()
            told = dispute.activity_ids.filtered(lambda a: a.user_id == leader)
            self.assertEqual((len(told), dispute.state), (count, "open"), day)
