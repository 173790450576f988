from datetime import date

import psycopg2

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import mute_logger

from .common import PAYMENT, POSTING, CommissionCommon

JUNE = (date(2026, 6, 1), date(2026, 6, 30))
JULY = (date(2026, 7, 1), date(2026, 7, 31))


class DisputeCommon(CommissionCommon):
    """A sent statement of Alpha over 50 + 100 + 25 = 175, and its people."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_plan(("sold", 10, PAYMENT), ("resale", 5, POSTING))
        cls.Dispute = cls.env["partner.commission.dispute"]
        cls.manager = cls._create_user("cm", "partner_channel.group_channel_manager")
        cls.head = cls._create_user("head", "partner_channel.group_channel_head")
        cls.alpha_member.manager_id = cls.manager
        cls.finance = cls._create_staff(cls.alpha, "finance", "finance")
        for price in (1000, 2000, 500):
            cls._invoice_partner(cls.alpha, price, date="2026-06-10")
        cls.statement = cls.Statement._create_statements(cls.company, *JUNE)
        with freeze_time("2026-07-01"):
            cls.statement.action_send()
        cls.small, cls.middle, cls.large = cls.statement.entry_ids.sorted(
            "amount_currency"
        )

    def _dispute(self, entry=None, comment="It was 3,000", user=None):
        """Return the dispute a person of Alpha opens."""
        statement = self.statement.with_user(user or self.finance)
        entry = entry or self.large
        self.assertEqual(statement._portal_dispute(entry.id, comment), "")
        return self.Dispute.search([("entry_id", "=", entry.id)])

    def _decide(self, dispute, method, answer="Because", **values):
        """Let the channel manager decide."""
        dispute = dispute.with_user(self.manager)
        dispute.write({"answer_draft": answer, **values})
        getattr(dispute, method)()

    def _bill(self):
        """Accept as the partner and make the bill; return it posted."""
        self.statement.with_user(self.finance)._portal_accept()
        self.statement.action_create_bill()
        self.statement.bill_id.action_post()
        return self.statement.bill_id


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
        self.assertEqual((bill.amount_untaxed, dispute.bill_id.amount_untaxed), (75, 100))
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
        with self.assertRaisesRegex(UserError, "100.00 without taxes.* 0.00"):
            bill.action_post()

    # === WHO AND WHEN === #

    def test_only_lines_of_a_sent_statement_are_disputed(self):
        statement = self.statement.with_user(self.finance)
        other = self.Entry.search([("book", "=", "accrued")], limit=1)
        with self.assertRaises(AccessError):
            statement._portal_dispute(other.id, "Not in the statement")
        self.statement.action_accept()
        with self.assertRaisesRegex(AccessError, "cannot be disputed any more"):
            statement._portal_dispute(self.large.id, "Too late")

    def test_what_was_decided_is_not_disputed_again(self):
        dispute = self._dispute()
        self._decide(dispute, "action_refuse")
        with self.assertRaises(AccessError):
            self._dispute()
        with (
            self.assertRaises(psycopg2.errors.UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self.Dispute.sudo()._open(self.statement, self.large, "Again")

    def test_a_withdrawn_line_may_be_disputed_again(self):
        self._dispute()
        self.statement.with_user(self.finance)._portal_withdraw_dispute(self.large.id)
        again = self._dispute()
        self.assertEqual(sorted(again.mapped("state")), ["open", "withdrawn"])

    def test_strangers_dispute_nothing(self):
        seller = self._create_staff(self.alpha, "seller", "seller")
        rival = self._create_staff(self.beta, "rival", "owner")
        for user in (seller, rival):
            with self.assertRaises(AccessError):
                self._dispute(user=user)
        self.alpha_member.action_suspend()
        with self.assertRaises(AccessError):
            self._dispute()

    def test_partners_reach_no_dispute_by_remote_calls(self):
        dispute = self._dispute()
        Dispute = self.Dispute.with_user(self.finance)
        for method, args in (
            ("read", (dispute.ids, ["comment"])),
            ("write", (dispute.ids, {"answer_draft": "x"})),
            ("action_refuse", (dispute.ids,)),
            ("search_read", ([],)),
            ("_withdraw", (dispute.ids,)),
            ("create", ([{"comment": "x"}],)),
        ):
            with self.assertRaises(AccessError, msg=method):
                call_kw(Dispute, method, args, {})

    def test_managers_decide_on_their_own_partners(self):
        dispute = self._dispute()
        stranger = self._create_user("cm2", "partner_channel.group_channel_manager")
        accountant = self._create_user("acc", "account.group_account_invoice")
        self.assertFalse(self.Dispute.with_user(stranger).search([]))
        self.assertEqual(self.Dispute.with_user(accountant).search([]), dispute)
        for user in (stranger, accountant):
            for method in ("action_answer", "action_refuse", "action_adjust"):
                with self.assertRaises(AccessError):
                    getattr(dispute.with_user(user), method)()
        with self.assertRaises(AccessError):
            dispute.with_user(self.manager).write({"state": "refused"})
        with self.assertRaisesRegex(UserError, "tell the partner why"):
            dispute.with_user(self.manager).action_refuse()
        with self.assertRaises(UserError):
            dispute.sudo().unlink()


@tagged("post_install", "-at_install")
class TestDisputePortal(DisputeCommon, HttpCase):
    """The page of a line: every step of it, and what is wrong with it."""

    def open(self, url, user=None, **kwargs):
        if user:
            self.authenticate(user.login, user.login)
        return self.url_open(url, **kwargs)

    def send(self, action, **data):
        return self.url_open(
            f"/my/commissions/{self.large.id}/{action}",
            data={"csrf_token": http.Request.csrf_token(self), **data},
            allow_redirects=False,
        )

    def test_a_line_is_disputed_and_withdrawn(self):
        page = self.open(f"/my/commissions/{self.large.id}", self.finance)
        self.assertIn("o_partner_channel_object", page.text)
        answer = self.send("dispute", comment="It was 3,000")
        self.assertEqual(answer.status_code, 303)
        dispute = self.Dispute.search([])
        self.assertEqual(dispute.comment, "It was 3,000")
        text = self.open(f"/my/commissions/{self.large.id}").text
        self.assertIn("o_partner_channel_dispute", text)
        self.assertNotIn("o_partner_channel_object", text)
        page = self.open(f"/my/statements/{self.statement.id}")
        self.assertIn("In dispute", page.text)
        self.assertIn("all lines but those in dispute", " ".join(page.text.split()))
        self.assertEqual(self.send("withdraw").status_code, 303)
        self.assertEqual(dispute.state, "withdrawn")

    def test_a_bad_comment_is_shown_again_with_what_is_wrong(self):
        self.open(f"/my/commissions/{self.large.id}", self.finance)
        for comment, said in (
            ("  ", "tell us what is wrong"),
            ("<script>alert(1)</script>", "&lt;script&gt;"),
            ("x" * 2001, "invalid-feedback"),
        ):
            page = self.send("dispute", comment=comment)
            self.assertEqual(page.status_code, 200)
            self.assertIn(said, page.text)
            self.assertNotIn("<script>alert(1)", page.text)
        self.assertFalse(self.Dispute.search([]))

    def test_the_answer_is_shown_once_it_is_given(self):
        dispute = self._dispute()
        url = f"/my/commissions/{self.large.id}"
        dispute.with_user(self.manager).answer_draft = "Not yet decided"
        self.assertNotIn("Not yet decided", self.open(url, self.finance).text)
        self._decide(dispute, "action_answer", "It was 2,000")
        page = self.open(url)
        self.assertIn("It was 2,000", page.text)
        self.assertIn("Object to the answer", " ".join(page.text.split()))

    def test_strangers_find_no_line(self):
        seller = self._create_staff(self.alpha, "seller", "seller")
        rival = self._create_staff(self.beta, "rival", "owner")
        url = f"/my/commissions/{self.large.id}"
        for user in (seller, rival):
            self.assertEqual(self.open(url, user).status_code, 404)
            self.assertEqual(self.send("dispute", comment="x").status_code, 404)
            self.assertEqual(self.send("withdraw").status_code, 404)
        self.assertEqual(self.open("/my/commissions/999999999").status_code, 404)
        self.assertFalse(self.Dispute.search([]))
