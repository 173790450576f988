from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .common import PAYMENT, POSTING, CommissionCommon

JUNE = (date(2026, 6, 1), date(2026, 6, 30))


@tagged("post_install", "-at_install")
class TestReports(CommissionCommon):
    """What is owed and since when; how much is taken back and disputed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_plan(("sold", 10, PAYMENT), ("resale", 5, POSTING))
        cls.Liability = cls.env["partner.commission.liability"]
        cls.Quality = cls.env["partner.commission.quality"]

    def test_a_day_decides_the_bucket(self):
        for day in ("2026-06-30", "2026-05-31", "2026-05-30", "2026-03-31"):
            self._invoice_partner(self.alpha, 1000, date=day)
        self._invoice_partner(self.alpha, 1000, date="2026-01-01")
        with freeze_time("2026-06-30"):
            rows = {
                str(row.date): (row.age, row.bucket)
                for row in self.Liability.search([])
            }
        self.assertEqual(
            rows,
            {
                "2026-06-30": (0, "1"),
                "2026-05-31": (30, "1"),
                "2026-05-30": (31, "31"),
                "2026-03-31": (91, "91"),
                "2026-01-01": (180, "91"),
            },
        )

    def test_what_is_paid_is_owed_no_more_and_clawbacks_are_aged(self):
        invoice = self._invoice_partner(self.alpha, 1000, date="2026-06-10")
        self._invoice_partner(self.beta, 400, date="2026-06-10")
        statements = self.Statement._create_statements(self.company, *JUNE)
        statement = statements.filtered(lambda each: each.partner_id == self.alpha)
        statement.action_send()
        statement.action_accept()
        statement.action_create_bill()
        bill = statement.bill_id
        bill.action_post()
        stages = {row.partner_id: row.stage for row in self.Liability.search([])}
        self.assertEqual(stages, {self.alpha: "billed", self.beta: "draft"})
        self._pay(bill)
        self.env.invalidate_all()
        self.assertEqual(self.Liability.search([]).partner_id, self.beta)
        bill.line_ids.remove_move_reconcile()
        self.env.flush_all()
        self.assertEqual(len(self.Liability.search([])), 2)
        self._pay(bill)
        self._credit(invoice, 600, date="2026-07-10")
        owed = {row.partner_id: row.amount for row in self.Liability.search([])}
        self.assertEqual(owed, {self.alpha: -30, self.beta: 20})

    def test_a_disputed_line_is_owed_until_its_own_bill_is_paid(self):
        finance = self._create_staff(self.alpha, "finance", "finance")
        for price in (1000, 600):
            self._invoice_partner(self.alpha, price, date="2026-06-10")
        statement = self.Statement._create_statements(self.company, *JUNE)
        statement.action_send()
        line = statement.entry_ids.filtered(lambda e: e.amount_currency == 30)
        statement.with_user(finance)._portal_dispute(line.id, "Wrong")
        statement.action_accept()
        statement.action_create_bill()
        statement.bill_id.action_post()
        self._pay(statement.bill_id)
        self.env.invalidate_all()
        row = self.Liability.search([])
        self.assertEqual((row.stage, row.amount), ("disputed", 30))
        self.assertEqual(row.action_open_entry()["res_id"], line.id)
        totals = self.Entry.with_user(finance)._get_portal_totals()
        self.assertEqual((totals[0]["payable"], totals[0]["paid"]), (30, 50))

    def test_each_sees_what_is_theirs(self):
        manager = self._create_user("cm", "partner_channel.group_channel_manager")
        other = self._create_user("cm2", "partner_channel.group_channel_manager")
        accountant = self._create_user("acc", "account.group_account_invoice")
        finance = self._create_staff(self.alpha, "finance", "finance")
        self.alpha_member.manager_id = manager
        self.beta_member.manager_id = other
        for partner in (self.alpha, self.beta):
            self._invoice_partner(partner, 1000, date="2026-06-10")
        self.env.flush_all()
        for Model in (self.Liability, self.Quality):
            self.assertEqual(Model.with_user(manager).search([]).partner_id, self.alpha)
            self.assertEqual(
                Model.with_user(accountant).search([]).partner_id,
                self.alpha | self.beta,
            )
            with self.assertRaises(AccessError):
                Model.with_user(finance).search([])

    def test_rates_of_a_group_are_those_of_its_sums(self):
        finance = self._create_staff(self.alpha, "finance", "finance")
        small = self._invoice_partner(self.alpha, 100, date="2026-05-10")
        self._invoice_partner(self.alpha, 900, date="2026-06-10")
        self._invoice_partner(self.beta, 1000, date="2026-06-10")
        self._credit(small, 100, date="2026-06-20")
        statement = self.Statement._create_statements(
            self.company, *JUNE, memberships=self.alpha_member
        )
        statement.action_send()
        line = statement.entry_ids.filtered(lambda e: e.amount_currency == 45)
        statement.with_user(finance)._portal_dispute(line.id, "Wrong")
        self.env.flush_all()
        groups = self.Quality._read_group(
            [],
            ["partner_id"],
            ["earned:sum", "clawback:sum", "clawback_rate:avg", "dispute_rate:avg"],
        )
        found = {partner: tuple(rest) for partner, *rest in groups}
        earned, clawback, rate, disputes = found[self.alpha]
        self.assertEqual((earned, clawback), (50, 5))
        self.assertAlmostEqual(float(rate), 10.0, 6)
        self.assertAlmostEqual(float(disputes), 100 / 3, 6)
        self.assertEqual(found[self.beta][1:3], (0, 0))
