from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import PAYMENT, POSTING, CommissionCommon


@tagged("post_install", "-at_install")
class TestLedgerReset(CommissionCommon):
    """Invoices taken back, changed and posted again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._create_plan(
            ("sold", 10, PAYMENT), ("sourced", 3, POSTING), ("resale", 5, POSTING)
        )
        cls.deal = cls._create_deal((cls.alpha_member, "sold", 100))

    def test_reset_and_repost_keeps_the_first_terms(self):
        invoice = self._invoice_deal(self.deal, 1000)
        self._pay(invoice, 500)
        invoice.button_draft()
        self.assert_books(0, 0)
        self.plan.action_close()
        self._create_plan(("sold", 50, PAYMENT), name="Later")
        invoice.action_post()
        self.assert_books(100, 50)
        invoice.button_draft()
        invoice.invoice_line_ids.price_unit = 2000
        # a draft with other amounts is no longer matched with its payment
        invoice.action_post()
        self.assert_books(200, 0)
        causes = self.get_entries(invoice, "accrued").mapped("cause")
        self.assertEqual(causes, ["posted", "reset", "posted", "reset", "posted"])

    def test_a_correction_counts_for_the_day_it_is_made(self):
        invoice = self._invoice_deal(self.deal, 1000)
        with freeze_time("2026-08-09"):
            invoice.button_draft()
            invoice.action_post()
        self.assertEqual(
            self.get_entries(invoice).mapped(lambda entry: str(entry.date)),
            ["2026-03-10", "2026-08-09", "2026-08-09"],
        )

    def test_a_partner_added_while_in_draft_counts_from_the_repost(self):
        self.deal.deal_role_ids.share = 60
        invoice = self._invoice_deal(self.deal, 1000)
        invoice.button_draft()
        self.deal.deal_role_ids = [
            Command.create(
                {"membership_id": self.beta_member.id, "role": "sold", "share": 40}
            )
        ]
        invoice.action_post()
        self.assert_books(60, 0, self.alpha_member)
        self.assert_books(40, 0, self.beta_member)

    def test_shares_never_exceed_the_whole_after_a_repost(self):
        invoice = self._invoice_deal(self.deal, 1000)
        invoice.button_draft()
        self.deal.deal_role_ids.share = 70
        self.deal.deal_role_ids = [
            Command.create(
                {"membership_id": self.beta_member.id, "role": "sold", "share": 30}
            )
        ]
        invoice.action_post()
        self.assert_books(70, 0, self.alpha_member)
        self.assert_books(30, 0, self.beta_member)

    def test_attribution_changed_after_posting_changes_nothing(self):
        invoice = self._invoice_deal(self.deal, 1000)
        self.deal.deal_role_ids.unlink()
        self._pay(invoice)
        self.assert_books(100, 100)

    def test_a_deal_attributed_late_earns_at_the_next_event(self):
        deal = self._create_deal()
        invoice = self._invoice_deal(deal, 1000)
        deal.deal_role_ids = [
            Command.create(
                {"membership_id": self.alpha_member.id, "role": "sold", "share": 100}
            )
        ]
        self._pay(invoice, 300)
        self.assert_books(100, 30)

    def test_a_reseller_changed_in_draft_changes_who_earns(self):
        invoice = self._invoice_partner(self.alpha, 1000)
        invoice.button_draft()
        invoice.partner_id = self.beta
        invoice.action_post()
        self.assert_books(0, 0, self.alpha_member)
        self.assert_books(50, 50, self.beta_member)

    def test_a_line_deleted_in_draft_is_taken_back(self):
        invoice = self._invoice_deal(self.deal, 1000, 500)
        invoice.button_draft()
        gone = invoice.invoice_line_ids[1]
        reference = gone.id
        gone.unlink()
        invoice.action_post()
        self.assert_books(100, 0)
        entries = self.Entry.search([("move_line_ref", "=", reference)])
        self.assertEqual(entries.mapped("amount"), [-50, 50])
        self.assertFalse(entries.move_line_id)

    def test_cancelling_takes_everything_back(self):
        invoice = self._invoice_deal(self.deal, 1000)
        self._pay(invoice)
        invoice.button_cancel()
        self.assert_books(0, 0)

    def test_a_document_with_entries_cannot_be_deleted(self):
        invoice = self._invoice_deal(self.deal, 1000)
        invoice.button_draft()
        with self.assertRaisesRegex(UserError, "Cancel it instead"):
            invoice.unlink()
