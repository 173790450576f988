from odoo.fields import Command
from odoo.tests import tagged

from .common import PAYMENT, POSTING, CommissionCommon


@tagged("post_install", "-at_install")
class TestPeriodBands(CommissionCommon):
    """Bands over all invoices of a month, quarter or year, in three modes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deal = cls._create_deal((cls.alpha_member, "sold", 100))

    def _plan(self, mode, *bands, scope="month", trigger=POSTING, **values):
        names = ("amount_from", "amount_to", "rate")
        bands = bands or ((0, 1000, 10), (1000, 0, 20))
        return self._create_plan(
            {
                "role": "sold",
                "rate": 0,
                "trigger": trigger,
                "band_mode": mode,
                "band_scope": scope,
                "band_ids": [
                    Command.create(dict(zip(names, band, strict=True)))
                    for band in bands
                ],
                **values.pop("rule", {}),
            },
            **values,
        )

    def _sell(self, price, date="2026-03-10", **values):
        return self._invoice_deal(self.deal, price, date=date, **values)

    def _earned(self, *invoices):
        return [self.balance("accrued", moves=invoice) for invoice in invoices]

    # === MARGINAL === #

    def test_marginal_spiff(self):
        # Salesforce Spiff: 145,000 attained, a deal of 20,000; 4 % to 150,000, then 6 %
        self._plan("marginal", (0, 150000, 4), (150000, 0, 6), scope="year")
        first, deal = self._sell(145000), self._sell(20000, date="2026-05-10")
        self.assertEqual(self._earned(first, deal), [5800, 1100])
        self.assert_books(6900, 6900)

    def test_reaching_a_bound_gives_the_higher_band_to_what_follows(self):
        self._plan("marginal")
        first, second = self._sell(1000), self._sell(100)
        self.assertEqual(self._earned(first, second), [100, 20])

    def test_a_new_period_begins_anew(self):
        self._plan("marginal")
        first = self._sell(1500, date="2026-03-31")
        second = self._sell(500, date="2026-04-01")
        self.assertEqual(self._earned(first, second), [200, 50])

    def test_documents_posted_together_stand_in_the_order_of_their_dates(self):
        self._plan("marginal")
        later = self._sell(600, date="2026-03-12", post=False)
        sooner = self._sell(600, date="2026-03-11", post=False)
        (later | sooner).action_post()
        # 600 at 10 %; 400 at 10 % and 200 at 20 %
        self.assertEqual(self._earned(sooner, later), [60, 80])
        self.assert_books(140, 140)

    def test_a_credit_note_in_an_open_period_moves_the_later_ones_down(self):
        self._plan("marginal", trigger=PAYMENT)
        first, second = self._sell(800), self._sell(800)
        self._pay(second)
        # 200 at 10 % and 600 at 20 %
        self.assertEqual(self._earned(first, second), [80, 140])
        note = self._credit(first)
        # only 800 are left, all of them in the first band
        self.assertEqual(self._earned(first, note, second), [80, -80, 80])
        self.assert_books(80, 80)
        causes = self.get_entries(second).mapped("cause")
        self.assertEqual(causes, ["posted", "paid", "true_up", "true_up"])

    def test_a_reset_and_repost_ends_where_it_was(self):
        self._plan("marginal")
        first, second = self._sell(800), self._sell(800)
        first.button_draft()
        self.assertEqual(self._earned(first, second), [0, 80])
        first.action_post()
        self.assertEqual(self._earned(first, second), [80, 140])
        self.assert_books(220, 220)

    def test_a_cancelled_invoice_makes_room(self):
        self._plan("marginal")
        first, second = self._sell(800), self._sell(800)
        first.button_cancel()
        self.assertEqual(self._earned(first, second), [0, 80])
        self.assert_books(80, 80)

    # === RETROACTIVE === #

    def test_retroactive_intelitics_trues_up_what_came_before(self):
        # Intelitics: reaching the tier re-rates the month's earlier payments to 275
        self._plan("retroactive", (0, 3, 250), (3, 0, 275), rule={"basis": "unit"})
        first, second = self._sell(100), self._sell(100)
        self.assertEqual(self._earned(first, second), [250, 250])
        third = self._sell(100)
        self.assertEqual(self._earned(first, second, third), [275, 275, 275])
        self.assert_books(825, 825)
        true_ups = self.Entry.search([("cause", "=", "true_up")])
        self.assertEqual(sorted(true_ups.mapped("amount")), [25, 25, 25, 25])
        self.assertEqual(true_ups.move_id, first | second)
        self.assertEqual(set(true_ups.mapped("date")), {self.today()})

    def test_retroactive_true_ups_become_payable_as_the_customer_pays(self):
        self._plan("retroactive", trigger=PAYMENT)
        first = self._sell(600)
        self._pay(first, 300)
        self.assert_books(60, 30)
        self._sell(400)
        self.assertEqual(self._earned(first), [120])
        self.assertEqual(self.balance("payable", moves=first), 60)
        self._pay(first)
        self.assertEqual(self.balance("payable", moves=first), 120)

    def test_retroactive_falls_back_when_a_credit_note_leaves_the_band(self):
        self._plan("retroactive")
        first, second = self._sell(600), self._sell(400)
        self.assert_books(200, 200)
        self._credit(second, 100)
        self.assert_books(90, 90)
        self.assertEqual(self._earned(first), [60])

    # === PROSPECTIVE === #

    def test_prospective_rates_the_next_whole_sale(self):
        # Dub: totals so far choose the rate of the next sale, the one that crosses
        # is not split
        self._plan("prospective")
        first, crossing, next_one = (self._sell(900) for _time in range(3))
        self.assertEqual(self._earned(first, crossing, next_one), [90, 90, 180])
        self.assert_books(360, 360)

    # === CLOSED PERIODS === #

    def _close(self, until="2026-03-31"):
        self.Statement._create_statements(self.company, "2026-03-01", until)
        statement = self.Statement.search([])
        statement.action_send()
        return statement

    def test_in_a_closed_period_a_credit_note_takes_back_pro_rata(self):
        self._plan("marginal")
        first, second = self._sell(800), self._sell(800)
        self._close()
        note = self._credit(first)
        self.assertEqual(self._earned(first, note, second), [80, -80, 140])
        note = self._credit(second, 400)
        self.assertEqual(self._earned(note), [-70])

    def test_a_late_invoice_goes_on_where_the_closed_period_ended(self):
        self._plan("retroactive")
        first = self._sell(900)
        self._close()
        late = self._sell(100)
        self.assertEqual(self._earned(first, late), [90, 20])

    def test_a_month_closed_leaves_the_year_open(self):
        self._plan("retroactive", scope="year")
        first = self._sell(900)
        self._close()
        self._sell(100, date="2026-05-10")
        self.assertEqual(self._earned(first), [180])

    # === WHOSE, WHAT === #

    def test_each_partner_has_bands_of_its_own(self):
        self._plan("marginal")
        other = self._create_deal((self.beta_member, "sold", 100))
        first = self._sell(1000, date="2026-02-10")
        second = self._invoice_deal(other, 1000, date="2026-02-10")
        self.assertEqual(self._earned(first, second), [100, 100])
        # in March both have a share in one sale: of what the whole of it earns
        deal = self._create_deal(
            (self.alpha_member, "sold", 50), (self.beta_member, "sold", 50)
        )
        invoice = self._invoice_deal(deal, 1500)
        self.assertEqual(
            self.get_entries(invoice, "accrued").mapped("amount"), [100] * 2
        )

    def test_sums_are_in_company_currency(self):
        other = self.setup_other_currency("EUR", rates=[("2020-01-01", 2.0)])
        self._plan("marginal")
        self._sell(900)
        invoice = self._sell(400, post=False)
        invoice.currency_id = other
        invoice.invoice_line_ids.price_unit = 400
        invoice.action_post()
        # 400 EUR are 200: 100 at 10 % and 100 at 20 %, 30 in all
        self.assertEqual(self._earned(invoice), [60])
        self.assertEqual(self.balance("accrued", moves=invoice, field="amount"), 30)

    def test_bands_of_the_margin(self):
        self.product.standard_price = 50
        self._plan("marginal", (0, 100, 10), (100, 0, 20), rule={"basis": "margin"})
        first, second = self._sell(130), self._sell(130)
        # 80; 20 at 10 % and 60 at 20 %
        self.assertEqual(self._earned(first, second), [8, 14])

    def test_a_cap_holds_for_true_ups_as_well(self):
        self._plan("retroactive", cap_period=150)
        first = self._sell(900)
        second = self._sell(100)
        # 90 and 20 are booked; the true-up of 90 has room for 40
        self.assertEqual(self._earned(first, second), [130, 20])
        self.assert_books(150, 150)

    def test_an_override_on_the_commission_follows_a_true_up(self):
        self._plan("retroactive")
        _sponsor, member = self._create_member("Wholesale", self.program)
        self.alpha_member.sponsor_id = member
        plan = self.env["partner.commission.plan"].search([])
        plan.action_close()
        self._create_plan(
            {
                "role": "sold",
                "rate": 0,
                "trigger": POSTING,
                "band_mode": "retroactive",
                "band_scope": "month",
                "band_ids": [
                    Command.create({"amount_from": 0, "amount_to": 1000, "rate": 10}),
                    Command.create({"amount_from": 1000, "rate": 20}),
                ],
            },
            {
                "role": "sponsor",
                "rate": 10,
                "trigger": POSTING,
                "override_base": "commission",
            },
            name="With override",
        )
        first = self._sell(900)
        self.assert_books(9, 9, member)
        self._sell(100)
        self.assertEqual(self.balance("accrued", member, first), 18)
        self.assert_books(20, 20, member)

    def test_a_payment_changes_no_rate(self):
        self._plan("marginal", trigger=PAYMENT)
        first, second = self._sell(800), self._sell(800)
        self._pay(first | second)
        self.assert_books(220, 220)
        self.assertFalse(self.Entry.search([("cause", "=", "true_up")]))
