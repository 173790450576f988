from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import PAYMENT, CommissionCommon


@tagged("post_install", "-at_install")
class TestHold(CommissionCommon):
    """What is earned waits while a reason holds it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Hold = cls.env["partner.commission.hold"]
        cls._create_plan(
            {
                "role": "sold",
                "rate": 10,
                "trigger": PAYMENT,
                "hold_suspended": True,
                "hold_overdue": True,
            }
        )
        cls.deal = cls._create_deal((cls.alpha_member, "sold", 100))

    def _suspend(self):
        self.alpha_member.action_suspend()

    def test_while_suspended_nothing_becomes_payable(self):
        invoice = self._invoice_deal(self.deal, 1000)
        self._suspend()
        self._pay(invoice)
        self.assert_books(100, 0)
        hold = self.Hold.search([])
        self.assertRecordValues(
            hold,
            [
                {
                    "move_id": invoice.id,
                    "membership_id": self.alpha_member.id,
                    "reason": "suspended",
                    "state": "held",
                }
            ],
        )
        entry = self.get_entries(invoice)
        self.assertEqual(entry.hold_reason, "The partner is suspended")

    def test_it_becomes_payable_when_the_partner_is_active_again(self):
        invoice = self._invoice_deal(self.deal, 1000)
        self._suspend()
        self._pay(invoice)
        self.alpha_member.action_activate()
        self.assert_books(100, 100)
        self.assertEqual(self.Hold.search([]).state, "ended")

    def test_a_hold_that_ended_comes_back(self):
        invoice = self._invoice_deal(self.deal, 1000)
        self._suspend()
        self._pay(invoice, 500)
        self.alpha_member.action_activate()
        self.assert_books(100, 50)
        self._suspend()
        self._pay(invoice)
        self.assert_books(100, 50)
        self.assertEqual(self.Hold.search([]).state, "held")

    def test_what_is_taken_back_is_taken_back_while_held(self):
        invoice = self._invoice_deal(self.deal, 1000)
        self._pay(invoice)
        self._suspend()
        self._pay(self._credit(invoice, 200))
        self.assert_books(80, 80)

    def test_a_person_releases_and_says_why(self):
        invoice = self._invoice_deal(self.deal, 1000)
        self._suspend()
        self._pay(invoice)
        hold = self.Hold.search([])
        with self.assertRaisesRegex(UserError, "Why Released"):
            hold.action_release()
        hold.release_note = "Settled with the partner"
        hold.action_release()
        self.assert_books(100, 100)
        self.assertEqual((hold.state, hold.released_by_id), ("released", self.env.user))
        with self.assertRaises(UserError):
            hold.release_note = "Something else"

    def test_a_released_document_is_not_held_again(self):
        invoice = self._invoice_deal(self.deal, 1000)
        self._suspend()
        self._pay(invoice, 500)
        hold = self.Hold.search([])
        hold.release_note = "Settled"
        hold.action_release()
        self._pay(invoice)
        self.assert_books(100, 100)

    def test_while_the_partner_owes_nothing_becomes_payable(self):
        debt = self._invoice_partner(self.alpha, 50, post=False)
        debt.invoice_payment_term_id = False
        debt.invoice_date_due = self.today() - timedelta(days=1)
        debt.action_post()
        invoice = self._invoice_deal(self.deal, 1000)
        self._pay(invoice)
        self.assert_books(100, 0)
        self.assertEqual(self.Hold.search([]).reason, "overdue")
        self._pay(debt)
        self.assertEqual(self.balance("payable"), 0)
        self._run_job()
        self.assert_books(100, 100)

    def test_two_partners_are_held_apart(self):
        other = self._create_deal((self.beta_member, "sold", 100))
        self._suspend()
        for deal in (self.deal, other):
            self._pay(self._invoice_deal(deal, 1000))
        self.assert_books(100, 0, self.alpha_member)
        self.assert_books(100, 100, self.beta_member)

    def test_the_job_looks_once_a_day_and_twice_in_a_row_does_nothing(self):
        for _time in range(2):
            self._pay(self._invoice_deal(self.deal, 1000))
        self._suspend()
        self._pay(self._invoice_deal(self.deal, 1000))
        self._run_job()
        self.assertEqual(self.Hold.search([]).date_checked, self.today())
        count = self.Entry.search_count([])
        self._run_job()
        self.assertEqual(self.Entry.search_count([]), count)

    def _run_job(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "partner_channel_commission.ir_cron_review_holds"
            ).method_direct_trigger()

    def test_a_rule_that_holds_nothing_pays(self):
        self.env["partner.commission.plan"].search([]).action_close()
        self._create_plan(("sold", 10, PAYMENT), name="No hold")
        self._suspend()
        self._pay(self._invoice_deal(self.deal, 1000))
        self.assert_books(100, 100)

    def test_nobody_writes_holds_by_hand(self):
        self._suspend()
        self._pay(self._invoice_deal(self.deal, 1000))
        hold = self.Hold.search([])
        accountant = self._create_user("holds", "account.group_account_invoice")
        for attempt in (
            lambda: hold.with_user(accountant).write({"state": "released"}),
            lambda: hold.with_user(accountant).unlink(),
            lambda: self.Hold.with_user(accountant).create(
                {"move_id": hold.move_id.id}
            ),
        ):
            with self.assertRaises(AccessError):
                attempt()
        staff = self._create_staff(self.alpha, "owner", "owner")
        with self.assertRaises(AccessError):
            hold.with_user(staff).read(["state"])
        manager = self._create_user("manages", "partner_channel.group_channel_manager")
        self.assertTrue(hold.with_user(manager).read(["state"]))
        with self.assertRaises(AccessError):
            hold.with_user(manager).action_release()

    def test_only_the_system_runs_the_job(self):
        manager = self._create_user("curious", "partner_channel.group_channel_head")
        with self.assertRaises(AccessError):
            self.Hold.with_user(manager)._cron_review_holds()
