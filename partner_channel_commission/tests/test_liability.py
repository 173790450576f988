from datetime import date

from odoo.tests import freeze_time, tagged

from .common import PAYMENT, POSTING, CommissionCommon

JUNE = (date(2026, 6, 1), date(2026, 6, 30))


@tagged("post_install", "-at_install")
class TestLiability(CommissionCommon):
    """The total of the report is what the books say, due or not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Liability = cls.env["partner.commission.liability"]

    def _read(self):
        """Return ``{(partner, bucket, stage): amount}``."""
        self.env.flush_all()
        groups = self.Liability._read_group(
            [], ["partner_id", "bucket", "stage"], ["amount:sum"]
        )
        return {
            (partner, bucket, stage): amount
            for partner, bucket, stage, amount in groups
        }

    def test_what_the_customer_has_not_paid_is_not_due_yet(self):
        self._create_plan(("sold", 10, PAYMENT))
        deal = self._create_deal((self.alpha_member, "sold", 100))
        with freeze_time("2026-06-20"):
            invoice = self._invoice_deal(deal, 1000, 500, date="2026-06-01")
            self._pay(invoice, 600, date="2026-06-15")
            self.assertEqual(
                self._read(),
                {
                    (self.alpha, "0", "waiting"): 90,
                    (self.alpha, "1", "open"): 60,
                },
            )
            waiting = self.Liability.search([("bucket", "=", "0")])
            self.assertEqual(
                (waiting.date, waiting.age, len(waiting)), (date(2026, 6, 1), 0, 1)
            )
            opened = self.Entry.browse(waiting.action_open_entry()["res_id"])
            self.assertEqual((opened.book, opened.move_id), ("accrued", invoice))

    def test_what_is_on_hold_or_held_back_is_not_due_yet(self):
        self._create_plan(
            {
                "role": "sold",
                "rate": 10,
                "trigger": PAYMENT,
                "hold_suspended": True,
                "holdback_days": 30,
            }
        )
        with freeze_time("2026-06-20"):
            for member in (self.alpha_member, self.beta_member):
                deal = self._create_deal((member, "sold", 100))
                invoice = self._invoice_deal(deal, 1000, date="2026-06-01")
                if member == self.beta_member:
                    member.action_suspend()
                self._pay(invoice, date="2026-06-15")
            self.assertEqual(
                self._read(),
                {
                    (self.alpha, "0", "waiting"): 100,
                    (self.beta, "0", "held"): 100,
                },
            )
        with freeze_time("2026-07-15"):
            self.assertEqual(self._read()[self.alpha, "1", "open"], 100)

    def test_the_total_is_that_of_the_books(self):
        """Two partners, two currencies, a credit note, a paid bill, an open one."""
        self._create_plan(("sold", 10, PAYMENT), ("resale", 5, POSTING))
        euro = self.setup_other_currency("EUR", rates=[("2020-01-01", 2.0)])
        deal = self._create_deal((self.alpha_member, "sold", 100))
        with freeze_time("2026-06-20"):
            paid = self._invoice_deal(deal, 3000, date="2026-06-01")
            self._pay(paid, 1000, date="2026-06-15")
            foreign = self._invoice_partner(
                self.beta, 700, date="2026-06-02", currency_id=euro.id
            )
            self._invoice_partner(self.beta, 400, date="2026-06-03")
        with freeze_time("2026-07-02"):
            statements = self.Statement._create_statements(self.company, *JUNE)
            self.assertEqual(len(statements), 3)
            statements.action_send()
            statements.action_accept()
            statements.action_create_bill()
            statements.bill_id.action_post()
            self._pay(
                statements.filtered(lambda s: s.currency_id == euro).bill_id,
                date="2026-07-02",
            )
            self._credit(foreign, 100, date="2026-07-02", apply=False)
            self.env.flush_all()
            rows = self.Liability.search([])
            # 300 earned: 100 of it billed, 200 wait. 20 billed. The 17.50 of the
            # invoice in euro were paid out: 2.50 of them are to be returned.
            self.assertEqual(
                self._read(),
                {
                    (self.alpha, "0", "waiting"): 200,
                    (self.alpha, "1", "billed"): 100,
                    (self.beta, "1", "billed"): 20,
                    (self.beta, "1", "open"): -2.5,
                },
            )
            self._assert_books(rows)

    def _assert_books(self, rows):
        """The total is all that was earned, less what was paid out; what is on no
        posted bill is what the accountant accrues."""
        total = round(sum(rows.mapped("amount")), 2)
        earned = self.balance("accrued", field="amount")
        settled = self.Entry.search([("statement_id.state", "=", "paid")])
        self.assertEqual(total, round(earned - sum(settled.mapped("amount")), 2))
        accrual = self.env["partner.commission.accrual"]
        balances = accrual._get_ledger_balances(self.company, date(2026, 7, 31))
        unbilled = rows.filtered(lambda row: row.stage != "billed")
        self.assertEqual(
            round(sum(unbilled.mapped("amount")), 2), round(sum(balances.values()), 2)
        )

    def test_a_later_payment_moves_it_from_one_column_to_the_other(self):
        self._create_plan(("sold", 10, PAYMENT))
        deal = self._create_deal((self.alpha_member, "sold", 100))
        with freeze_time("2026-06-20"):
            invoice = self._invoice_deal(deal, 1000, date="2026-06-01")
            self.assertEqual(self._read(), {(self.alpha, "0", "waiting"): 100})
            payment = self._pay(invoice, date="2026-06-15")
            self.assertEqual(self._read(), {(self.alpha, "1", "open"): 100})
            payment.move_id.line_ids.remove_move_reconcile()
            self.assertEqual(self._read()[self.alpha, "0", "waiting"], 100)
            self.assertEqual(sum(self._read().values()), 100)
