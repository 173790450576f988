from datetime import date

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import PAYMENT, POSTING, CommissionCommon

JUNE = (date(2026, 6, 1), date(2026, 6, 30))
JULY = (date(2026, 7, 1), date(2026, 7, 31))


@tagged("post_install", "-at_install")
class TestAdjustment(CommissionCommon):
    """What no document explains takes two people, and is an entry for good."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_plan(("sold", 10, PAYMENT), ("resale", 5, POSTING))
        cls.Adjustment = cls.env["partner.commission.adjustment"]
        cls.manager = cls._create_user("cm", "partner_channel.group_channel_manager")
        cls.head = cls._create_user("head", "partner_channel.group_channel_head")
        cls.other_head = cls._create_user("hd2", "partner_channel.group_channel_head")
        cls.alpha_member.manager_id = cls.manager

    def _ask(self, amount=-30, user=None, **values):
        """Return an adjustment that was asked for."""
        adjustment = self.Adjustment.with_user(user or self.manager).create(
            {
                "membership_id": self.alpha_member.id,
                "amount": amount,
                "reason": "Order was cancelled\nby phone",
                "kind": "order_cancelled",
                **values,
            }
        )
        adjustment.action_request()
        return adjustment

    def _booked(self, adjustment):
        return self.Entry.search([("adjustment_id", "in", adjustment.ids)], order="id")

    def test_an_approved_adjustment_is_an_entry_in_both_books(self):
        with freeze_time("2026-06-20"):
            adjustment = self._ask(80)
            adjustment.with_user(self.head).action_approve()
        entries = self._booked(adjustment)
        self.assertRecordValues(
            entries,
            [
                {
                    "book": book,
                    "cause": "adjustment",
                    "amount_currency": 80,
                    "amount": 80,
                    "date": date(2026, 6, 20),
                    "partner_id": self.alpha.id,
                    "label": "Order cancelled: Order was cancelled by phone",
                    "explanation": "Order cancelled: Order was cancelled by phone",
                    "role": False,
                }
                for book in ("accrued", "payable")
            ],
        )
        self.assertRecordValues(
            adjustment,
            [
                {
                    "state": "approved",
                    "requested_by_id": self.manager.id,
                    "decided_by_id": self.head.id,
                }
            ],
        )
        statement = self.Statement._create_statements(self.company, *JUNE)
        self.assertEqual(statement.amount_total, 80)

    def test_a_negative_adjustment_lowers_the_next_statement(self):
        self._invoice_partner(self.alpha, 1000, date="2026-06-10")
        june = self.Statement._create_statements(self.company, *JUNE)
        june.action_send()
        with freeze_time("2026-07-03"):
            self._ask(-30).with_user(self.head).action_approve()
        self._invoice_partner(self.alpha, 2000, date="2026-07-10")
        july = self.Statement._create_statements(self.company, *JULY)
        self.assertEqual((june.amount_total, july.amount_total), (50, 70))
        self.assert_books(120, 120, self.alpha_member)

    def test_approving_twice_books_once(self):
        adjustment = self._ask()
        adjustment.with_user(self.head).action_approve()
        adjustment.with_user(self.other_head).action_approve()
        self.assertEqual(len(self._booked(adjustment)), 2)
        self.assertEqual(adjustment.decided_by_id, self.head)
        self.cr.execute("ALTER TABLE partner_commission_entry DISABLE TRIGGER USER")
        with (
            self.assertRaises(psycopg2.errors.UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self.cr.execute(
                "UPDATE partner_commission_entry SET book = 'payable' "
                "WHERE adjustment_id = %s",
                [adjustment.id],
            )

    def test_two_records_in_two_currencies(self):
        foreign = self.setup_other_currency("EUR", rates=[("2020-01-01", 2.0)])
        adjustments = self._ask(-30) | self._ask(50, currency_id=foreign.id)
        adjustments.with_user(self.head).action_approve()
        amounts = self._booked(adjustments).mapped(
            lambda entry: (entry.amount_currency, entry.amount)
        )
        self.assertEqual(sorted(set(amounts)), [(-30, -30), (50, 25)])

    def test_whoever_asks_does_not_approve(self):
        adjustment = self._ask(user=self.head)
        with self.assertRaisesRegex(AccessError, "another person"):
            adjustment.with_user(self.head).action_approve()
        written = self.Adjustment.with_user(self.head).create(
            {"membership_id": self.alpha_member.id, "amount": 1, "reason": "x"}
        )
        written.with_user(self.other_head).action_request()
        for user in (self.head, self.other_head):
            with self.assertRaises(AccessError):
                written.with_user(user).action_approve()
        self.assertFalse(self._booked(adjustment | written))

    def test_the_database_wants_two_persons_as_well(self):
        adjustment = self._ask(user=self.head)
        with (
            self.assertRaises(psycopg2.errors.CheckViolation),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self.cr.execute(
                "UPDATE partner_commission_adjustment SET state = 'approved', "
                "decided_by_id = requested_by_id WHERE id = %s",
                [adjustment.id],
            )

    def test_a_manager_asks_for_own_partners_and_decides_nothing(self):
        adjustment = self._ask(user=self.head)
        for method in ("action_approve", "action_refuse"):
            with self.assertRaises(AccessError):
                getattr(adjustment.with_user(self.manager), method)()
        stranger = self._create_user("cm2", "partner_channel.group_channel_manager")
        with self.assertRaises(AccessError):
            self._ask(user=stranger)
        self.assertFalse(self.Adjustment.with_user(stranger).search([]))
        accountant = self._create_user("acc", "account.group_account_invoice")
        self._ask(user=accountant)

    def test_nothing_is_edited_after_it_was_asked_for(self):
        adjustment = self._ask()
        for values in (
            {"amount": 5},
            {"reason": "Another"},
            {"membership_id": self.beta_member.id},
        ):
            with self.assertRaises(UserError):
                adjustment.with_user(self.manager).write(values)
        with self.assertRaises(AccessError):
            adjustment.with_user(self.manager).write({"state": "approved"})
        with self.assertRaises(AccessError):
            adjustment.with_user(self.head).write({"requested_by_id": self.manager.id})
        with self.assertRaises(UserError):
            adjustment.with_user(self.manager).unlink()
        with self.assertRaises(AccessError):
            self.Adjustment.with_user(self.head).create(
                {
                    "membership_id": self.alpha_member.id,
                    "amount": 1,
                    "reason": "x",
                    "state": "requested",
                    "requested_by_id": self.manager.id,
                }
            )

    def test_a_refused_adjustment_books_nothing_and_stays_refused(self):
        adjustment = self._ask()
        adjustment.with_user(self.head).action_refuse()
        with self.assertRaisesRegex(UserError, "cannot become"):
            adjustment.with_user(self.other_head).action_approve()
        self.assertFalse(self._booked(adjustment))

    def test_a_corrected_entry_lends_its_facts(self):
        deal = self._create_deal((self.alpha_member, "sold", 100))
        invoice = self._invoice_deal(deal, 1000, date="2026-06-01")
        entry = self.get_entries(invoice)
        adjustment = self._ask(entry_id=entry.id)
        adjustment.with_user(self.head).action_approve()
        booked = self._booked(adjustment)
        self.assertEqual(
            (booked.lead_id, booked.move_id, set(booked.mapped("role"))),
            (deal, invoice, {"sold"}),
        )
        self._pay(invoice, date="2026-06-05")
        self.assert_books(70, 70, self.alpha_member)
        self._invoice_partner(self.beta, 100)
        with self.assertRaisesRegex(UserError, "same partner"):
            self._ask(
                entry_id=self.Entry.search([("partner_id", "=", self.beta.id)])[:1].id
            )

    def test_another_company_and_partners_see_none(self):
        self._ask()
        finance = self._create_staff(self.alpha, "finance", "finance")
        with self.assertRaises(AccessError):
            self.Adjustment.with_user(finance).search([])
        other = self.setup_other_company()["company"]
        stranger = self._create_user(
            "stranger",
            "account.group_account_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.assertFalse(self.Adjustment.with_user(stranger).search([]))

    def test_partners_read_the_reason_and_no_names(self):
        finance = self._create_staff(self.alpha, "finance", "finance")
        adjustment = self._ask(80)
        adjustment.with_user(self.head).action_approve()
        entries = self._booked(adjustment).with_user(finance)
        rows = entries._get_portal_rows()
        self.assertEqual({row["role"] for row in rows}, {""})
        self.assertIn("by phone", rows[0]["label"])
        for name in ("adjustment_id", "dispute_ids"):
            with self.assertRaises(AccessError):
                entries.read([name])
