"""Every metric against a case worked out by hand.

Two partners in two companies, two currencies (CHF stands at 2 for 1), a credit note,
a leap day, and something just outside of the period each time.
"""

from datetime import date, datetime

from odoo.tests import freeze_time, tagged

from .common import PartnerChannelInvoicingCommon

LEAP = date(2028, 2, 29)
QUARTER = (date(2028, 1, 1), date(2028, 3, 31))


@tagged("post_install", "-at_install")
@freeze_time("2028-03-01")
class TestMetric(PartnerChannelInvoicingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.franc = cls.setup_other_currency("CHF", rates=[("2000-01-01", 2.0)])
        cls.elsewhere = cls._create_program("Elsewhere", company=cls.other_company)
        cls.fabrikam = cls._create_membership("Fabrikam", program=cls.elsewhere)
        cls.customer = cls.env["res.partner"].create({"name": "Customer One"})
        cls.other_customer = cls.env["res.partner"].create({"name": "Customer Two"})
        cls.deal = cls._win(cls.northwind, "Acme")
        cls.second_deal = cls._win(cls.northwind, "Beech")
        cls.far_deal = cls._win(cls.fabrikam, "Acme")

    @classmethod
    def _win(cls, membership, name):
        lead = cls._register(
            membership, partner_name=name, customer_vat="", website=f"{name}.example"
        )
        lead._approve_registration()
        return lead

    def _measure(self, metric, memberships=None, window=QUARTER):
        """Return the values of both partners, ``None`` where nothing is measured."""
        memberships = memberships or (self.northwind | self.fabrikam)
        requirement = self.env["partner.tier.requirement"].new({"metric": metric})
        values = {}
        for members in memberships.grouped("program_id").values():
            values.update(requirement._measure_metric(members, *window))
        return [values.get(membership.id) for membership in memberships]

    def _sell(self):
        """Invoices on deals.

        Northwind: 1,000 − 200 in dollars and 400 francs (200), half a share of it in
        the second deal's 600; Fabrikam: 500 in the other company.
        """
        self.second_deal.deal_role_ids.share = 50
        first = self._invoice(self.customer, 1_000, LEAP, lead=self.deal)
        note = self._invoice(self.customer, -200, LEAP, lead=self.deal)
        francs = self._invoice(
            self.customer, 400, LEAP, lead=self.deal, currency=self.franc
        )
        second = self._invoice(self.other_customer, 600, LEAP, lead=self.second_deal)
        far = self._invoice(
            self.customer, 500, LEAP, lead=self.far_deal, company=self.other_company
        )
        self._invoice(self.customer, 9_999, "2027-12-31", lead=self.deal)
        self._invoice(self.customer, 9_999, "2028-04-01", lead=self.deal)
        return first, note, francs, second, far

    def test_sourced_revenue(self):
        self._sell()
        self.assertEqual(self._measure("sourced_revenue"), [1_300, 500])

    def test_resale_revenue(self):
        self._invoice(self.northwind.partner_id, 1_000, LEAP)
        self._invoice(self.northwind.partner_id, -300, LEAP)
        self._invoice(self.northwind.partner_id, 100, LEAP, currency=self.franc)
        self._invoice(self.fabrikam.partner_id, 70, LEAP, company=self.other_company)
        self._invoice(self.fabrikam.partner_id, 9_999, LEAP)
        self.assertEqual(self._measure("resale_revenue"), [750, 70])

    def test_channel_revenue_counts_a_deal_bought_by_its_partner_once(self):
        self._sell()
        self._invoice(self.northwind.partner_id, 100, LEAP)
        self._invoice(self.northwind.partner_id, 40, LEAP, lead=self.deal)
        self.assertEqual(self._measure("channel_revenue"), [1_440, 500])

    def test_collected_revenue_follows_the_money(self):
        """400 of 1,000 dollars; half of the francs (100); the note brings nothing.

        Of the second deal's 600, half is Northwind's share; all of it was paid, but
        only 300 during the period: 150.
        """
        first, note, francs, second, far = self._sell()
        self._pay(first, "2028-02-29", 400)
        receivable = (first + note).line_ids.filtered(
            lambda line: line.display_type == "payment_term"
        )
        receivable.reconcile()
        self._pay(francs, "2028-03-31", 200)
        self._pay(second, "2028-03-31", 300)
        self._pay(second, "2028-04-01", 300)
        self._pay(far, "2028-03-01")
        self.assertEqual(self._measure("collected_revenue"), [650, 500])

    def test_collected_revenue_gives_back_what_is_refunded(self):
        note = self._invoice(self.northwind.partner_id, -80, LEAP)
        invoice = self._invoice(self.northwind.partner_id, 100, LEAP)
        self._pay(invoice, "2028-02-29")
        self._pay(note, "2028-02-29")
        self.assertEqual(self._measure("collected_revenue")[0], 20)

    def test_collected_revenue_forgets_a_payment_taken_back(self):
        invoice = self._invoice(self.northwind.partner_id, 100, LEAP)
        self._pay(invoice, "2028-02-29")
        invoice.line_ids.remove_move_reconcile()
        self.assertEqual(self._measure("collected_revenue")[0], 0)

    def test_margin_is_revenue_less_cost_in_each_company(self):
        product = self.product_a
        product.with_company(self.company).standard_price = 60
        product.sudo().with_company(self.other_company).standard_price = 10
        partner = self.northwind.partner_id
        self._invoice(partner, 1_000, LEAP, product=product)
        self._invoice(partner, -200, LEAP, product=product)
        self._invoice(partner, 400, LEAP, product=product, currency=self.franc)
        self._invoice(
            self.customer,
            500,
            LEAP,
            lead=self.far_deal,
            product=product,
            company=self.other_company,
        )
        # 1,000 − 200 + 200 less 60 − 60 + 60; 500 less 10
        self.assertEqual(self._measure("margin"), [940, 490])

    def test_average_deal(self):
        self._sell()
        # the first deal brought 1,000, the second 300 of its 600
        self.assertEqual(self._measure("average_deal"), [650, 500])

    def test_average_deal_without_deals_is_nothing(self):
        self.assertEqual(self._measure("average_deal"), [None, None])

    def test_active_customers(self):
        self._sell()
        self.assertEqual(self._measure("active_customers"), [2, 1])
        self._invoice(self.other_customer, -600, LEAP, lead=self.second_deal)
        self.assertEqual(self._measure("active_customers"), [1, 1])

    def test_approved_registrations_count_whatever_came_of_them(self):
        self.second_deal._withdraw_registration()
        self._register(self.northwind, partner_name="Undecided", customer_vat="")
        self.assertEqual(self._measure("approved_registrations"), [2, 1])
        before = (date(2027, 1, 1), date(2027, 12, 31))
        values = self._measure("approved_registrations", window=before)
        self.assertEqual(values, [None, None])

    def test_won_deals_and_win_rate(self):
        third = self._win(self.northwind, "Cedar")
        self.deal.action_set_won()
        self._lose(self.second_deal)
        third._set_protected({"date_protection_end": LEAP})
        third._expire_registrations()
        (self.deal | self.second_deal).sudo()._set_protected(
            {"date_closed": datetime(2028, 2, 29, 23, 0)}
        )
        self.assertEqual(self._measure("won_deals"), [1, None])
        win_rate, nothing = self._measure("win_rate")
        self.assertAlmostEqual(win_rate, 100 / 3)
        self.assertIsNone(nothing)

    def test_a_day_is_one_of_the_vendors_time_zone(self):
        """23:30 UTC on the last of March is April where the company is."""
        self.deal.action_set_won()
        self.deal._set_protected({"date_closed": datetime(2028, 3, 31, 23, 30)})
        self.company.partner_id.tz = "UTC"
        self.assertEqual(self._measure("won_deals"), [1, None])
        self.company.partner_id.tz = "Europe/Kyiv"
        self.assertEqual(self._measure("won_deals"), [None, None])

    def test_response_time_is_the_average_over_answered_leads(self):
        Offer = self.env["partner.lead.offer"]
        for membership, hours in (
            (self.northwind, 2),
            (self.northwind, 6),
            (self.fabrikam, 30),
        ):
            lead = self.env["crm.lead"].create(
                {
                    "name": "Lead",
                    "company_id": membership.company_id.id,
                    "partner_assigned_id": membership.partner_id.id,
                }
            )
            offer = Offer.search([("lead_id", "=", lead.id)])
            offer.date_offered = datetime(2028, 3, 1, 0, 0)
            with freeze_time(f"2028-03-{1 + hours // 24:02} {hours % 24:02}:00:00"):
                Offer._answer(lead, "accepted")
        self.env["crm.lead"].create(
            {
                "name": "Open",
                "company_id": self.company.id,
                "partner_assigned_id": self.northwind.partner_id.id,
            }
        )
        self.assertEqual(self._measure("response_time"), [4, 30])

    def test_customer_rating_is_an_average_of_the_partners_people(self):
        Rating = self.env["rating.rating"].with_context(mail_notrack=True)
        person = self.seller.partner_id
        for partner, value in (
            (person, 5),
            (self.northwind.partner_id, 2),
            (self.fabrikam.partner_id, 4),
        ):
            Rating.create(
                {
                    "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                    "res_id": partner.id,
                    "rated_partner_id": partner.id,
                    "rating": value,
                    "consumed": True,
                }
            )
        # the database's clock writes the date of a rating
        always = (date(2000, 1, 1), date(2100, 1, 1))
        values = self._measure("customer_rating", window=always)
        self.assertEqual(values, [3.5, 4])

    def test_amounts_are_in_the_programs_currency(self):
        program = self._create_program("Swiss", currency_id=self.franc.id)
        swiss = self._create_membership("Helvetia", program=program)
        self._invoice(swiss.partner_id, 1_000, LEAP)
        self.assertEqual(self._measure("resale_revenue", swiss), [2_000])

    def test_every_metric_can_be_measured_twice_with_the_same_result(self):
        self._sell()
        metrics = self.env["partner.tier.requirement"]._fields["metric"]
        for metric in metrics.get_values(self.env):
            with self.subTest(metric):
                requirement = self.env["partner.tier.requirement"].new(
                    {"metric": metric}
                )
                self.assertTrue(requirement._get_metric_unit())
                self.assertTrue(requirement._format_value(1.0))
                self.assertEqual(self._measure(metric), self._measure(metric))
