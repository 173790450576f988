import json
from unittest.mock import patch

from odoo.tests import tagged

from .common import PAYMENT, POSTING, CommissionCommon

_PARAMETER = "partner_channel_commission.sync_state"


@tagged("post_install", "-at_install")
class TestNightly(CommissionCommon):
    """A missed event is found at night; the job may be stopped at any point."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_plan(("sold", 10, PAYMENT), ("resale", 5, POSTING))
        cls.job = cls.env.ref("partner_channel_commission.ir_cron_sync_commission")

    def _miss(self, action):
        """Run an action without telling the ledger."""
        move_class = type(self.env["account.move"])
        with patch.object(move_class, "_sync_commission", lambda *args, **kwargs: None):
            return action()

    def _run(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.job.method_direct_trigger()
        self.env.invalidate_all()

    def test_missed_postings_and_payments_are_found(self):
        deal = self._create_deal((self.alpha_member, "sold", 100))
        invoice = self._invoice_deal(deal, 1000)
        missed = self._miss(lambda: self._invoice_partner(self.beta, 200))
        self._miss(lambda: self._pay(invoice, 500))
        self._run()
        self.assert_books(100, 50, self.alpha_member)
        self.assert_books(10, 10, self.beta_member)
        self.assertEqual(len(self.get_entries(missed)), 2)
        count = self.Entry.search_count([])
        self._run()
        self.assertEqual(self.Entry.search_count([]), count)

    def test_a_state_written_directly_is_found(self):
        invoice = self._invoice_partner(self.alpha, 1000)
        invoice.write({"state": "cancel"})
        self.assertEqual(self.balance("accrued"), 50)
        self._run()
        self.assert_books(0, 0)

    def test_the_job_goes_on_where_it_was_stopped(self):
        invoices = self._miss(
            lambda: (
                self._invoice_partner(self.alpha, 100)
                | self._invoice_partner(self.alpha, 200)
                | self._invoice_partner(self.alpha, 300)
            )
        )
        module = (
            "odoo.addons.partner_channel_commission.models.commission_nightly_mixin"
        )
        progress = patch.object(
            type(self.env["ir.cron"]), "_commit_progress", return_value=0
        )
        Move = self.env["account.move"].sudo()
        with patch(f"{module}._BATCH_SIZE", 1), progress:
            synced = []
            for _time in range(50):
                Move._cron_sync_commission()
                state = json.loads(
                    self.env["ir.config_parameter"].sudo().get_param(_PARAMETER)
                )
                synced.append(len(self.Entry.search([]).move_id & invoices))
                if not state.get("after"):
                    break
        self.assertFalse(state.get("after"), "the run came to its end")
        self.assertEqual(synced[-1], 3)
        self.assertIn(1, synced)
        self.assert_books(30, 30)

    def test_a_document_that_fails_leaves_the_others_alone(self):
        good = self._miss(lambda: self._invoice_partner(self.alpha, 100))
        bad = self._miss(lambda: self._invoice_partner(self.alpha, 300))
        module = (
            "odoo.addons.partner_channel_commission.models.commission_nightly_mixin"
        )
        move_class = type(self.env["account.move"])
        sync = move_class._sync_commission

        def fail(moves, **kwargs):
            if bad in moves:
                raise ValueError("broken")
            return sync(moves, **kwargs)

        with (
            patch(f"{module}._BATCH_SIZE", 1),
            patch.object(move_class, "_sync_commission", fail),
            self.assertLogs(module, "ERROR") as logs,
        ):
            self._run()
        self.assertIn(str(bad.id), logs.output[0])
        self.assertEqual(self.Entry.search([]).move_id, good)
