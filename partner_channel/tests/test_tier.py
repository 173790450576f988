from datetime import date

import psycopg2

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import PartnerChannelInvoicingCommon


@tagged("post_install", "-at_install")
@freeze_time("2028-03-01")
class TestTier(PartnerChannelInvoicingCommon):
    def _review(self, day=date(2028, 3, 1)):
        return (self.northwind | self.contoso)._review_tiers(day)

    def test_resale_revenue_counts_invoices_less_credit_notes_on_a_leap_day(self):
        """Northwind: 8,000 + 4,000 - 1,000; Contoso: 400 in a foreign currency.

        The foreign currency stands at 2 for 1 (so 200); what is draft, of
        another year, or of another company does not count.
        """
        foreign = self.setup_other_currency("CHF", rates=[("2000-01-01", 2.0)])
        partner, other = self.northwind.partner_id, self.contoso.partner_id
        self._invoice(partner, 8_000, "2028-02-29")
        self._invoice(partner, 4_000, "2028-01-01")
        self._invoice(partner, -1_000, "2028-02-29")
        self._invoice(partner, 9_999, "2027-12-31")
        self._invoice(other, 400, "2028-02-29", currency=foreign)
        self._invoice(other, 777, "2028-02-29", company=self.other_company)
        Requirement = self.env["partner.tier.requirement"]
        values = Requirement._measure_resale_revenue(
            self.northwind | self.contoso, date(2028, 1, 1), date(2028, 2, 29)
        )
        self.assertAlmostEqual(values[self.northwind.id], 11_000)
        self.assertAlmostEqual(values[self.contoso.id], 200)

    def test_sourced_revenue_counts_the_partners_share_of_its_deals(self):
        customer = self.env["res.partner"].create({"name": "Acme"})
        lead = self._register(self.northwind)
        lead._approve_registration()
        self.env["partner.deal.role"].create(
            {
                "lead_id": lead.id,
                "membership_id": self.contoso.id,
                "role": "sold",
                "share": 25,
            }
        )
        self._invoice(customer, 2_000, "2028-02-29", lead=lead)
        self._invoice(customer, -500, "2028-02-29", lead=lead)
        Requirement = self.env["partner.tier.requirement"]
        values = Requirement._measure_sourced_revenue(
            self.northwind | self.contoso, date(2028, 1, 1), date(2028, 12, 31)
        )
        self.assertAlmostEqual(values[self.northwind.id], 1_500)
        self.assertAlmostEqual(values[self.contoso.id], 375)

    def test_won_deals_counts_registrations_the_vendor_closed(self):
        lead = self._register(self.northwind)
        lead._approve_registration()
        lead.action_set_won()
        self._register(self.contoso, partner_name="Else", customer_vat="", website="")
        values = self.env["partner.tier.requirement"]._measure_won_deals(
            self.northwind | self.contoso, date(2000, 1, 1), date(2099, 12, 31)
        )
        self.assertEqual(values, {self.northwind.id: 1.0})

    def test_a_tier_is_reached_at_its_threshold_and_explained(self):
        self._invoice(self.northwind.partner_id, 10_000, "2028-02-29")
        self._invoice(self.contoso.partner_id, 9_999.99, "2028-02-29")
        reviews = self._review()
        self.assertEqual(self.northwind.grade_id, self._grade("Silver"))
        self.assertEqual(self.contoso.grade_id, self._grade("Certified"))
        self.assertEqual(set(reviews.mapped("state")), {"applied"})
        review = reviews.filtered(lambda r: r.membership_id == self.northwind)
        evidence = {
            (line["threshold"], line["value"], line["date_from"], line["date_to"])
            for line in review.evidence
        }
        self.assertIn((10_000, 10_000, "2028-01-01", "2028-03-01"), evidence)
        self.assertEqual(self.contoso.next_grade_id, self._grade("Silver"))
        self.assertIn("0.01", self.contoso.tier_gap)
        self.assertAlmostEqual(self.northwind.tier_progress, 20)
        self.assertIn("missing", str(self.northwind.tier_explanation))

    def test_reviewing_twice_decides_once(self):
        self._invoice(self.northwind.partner_id, 60_000, "2028-02-29")
        self.assertEqual(len(self._review()), 1)
        self.assertFalse(self._review())
        self.assertEqual(len(self.northwind.review_ids), 1)

    def test_what_was_reached_in_a_year_holds_through_the_next(self):
        self._invoice(self.northwind.partner_id, 60_000, "2028-02-29")
        self._review()
        self.assertFalse(self._review(date(2029, 1, 1)))
        self.assertFalse(self._review(date(2029, 12, 31)))
        self.assertEqual(self.northwind.grade_id, self._grade("Gold"))
        notice = self._review(date(2030, 1, 1))
        self.assertEqual(notice.state, "notice")

    def test_a_demotion_comes_after_notice_and_grace(self):
        self._invoice(self.northwind.partner_id, 60_000, "2026-06-01")
        self.northwind._review_tiers(date(2027, 1, 1))
        notice = self._review(date(2028, 1, 1))
        self.assertEqual(
            (notice.decision, notice.state, notice.date_effective),
            ("demote", "notice", date(2028, 3, 31)),
        )
        self.assertFalse(self._review(date(2028, 3, 30)))
        self.assertEqual(self.northwind.grade_id, self._grade("Gold"))
        self.assertEqual(self._review(date(2028, 3, 31)), notice)
        self.assertEqual(self.northwind.grade_id, self._grade("Registered"))
        self.assertEqual(self.northwind.tier_since, date(2028, 3, 31))

    def test_reaching_the_tier_again_cancels_the_notice(self):
        self._invoice(self.northwind.partner_id, 60_000, "2026-06-01")
        self.northwind._review_tiers(date(2027, 1, 1))
        notice = self._review(date(2028, 1, 1))
        self._invoice(self.northwind.partner_id, 50_000, "2028-02-01")
        self.assertEqual(self._review(date(2028, 3, 1)), notice)
        self.assertEqual(notice.state, "cancelled")
        self.assertEqual(self.northwind.grade_id, self._grade("Gold"))

    def test_a_promotion_may_need_a_confirmation(self):
        self.program.promotion_policy = "confirm"
        self._invoice(self.northwind.partner_id, 60_000, "2028-02-29")
        review = self._review()
        self.assertEqual(review.state, "proposed")
        self.assertEqual(self.northwind.grade_id, self._grade("Registered"))
        self.assertEqual(self.northwind.pending_review_id, review)
        with self.assertRaises(AccessError):
            review.with_user(self.other_manager).action_confirm()
        review.with_user(self.manager).action_confirm()
        self.assertEqual(self.northwind.grade_id, self._grade("Gold"))

    def test_two_programs_measure_in_their_own_companies(self):
        program = self._create_program("Elsewhere", company=self.other_company)
        elsewhere = self._create_membership("Fabrikam", program=program)
        self._invoice(
            elsewhere.partner_id, 12_000, "2028-02-29", company=self.other_company
        )
        self._invoice(elsewhere.partner_id, 90_000, "2028-02-29")
        (self.northwind | elsewhere)._review_tiers(date(2028, 3, 1))
        self.assertEqual(elsewhere.grade_id, self._grade("Silver", program))

    def test_the_nightly_review_runs_in_batches_and_only_once_a_day(self):
        self._invoice(self.northwind.partner_id, 60_000, "2028-02-29")
        cron = self.env.ref("partner_channel.ir_cron_review_tiers")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
            cron.method_direct_trigger()
        self.assertEqual(self.northwind.grade_id, self._grade("Gold"))
        self.assertEqual(len(self.northwind.review_ids), 1)
        self.assertEqual(self.northwind.date_reviewed, date(2028, 3, 1))

    def test_queries_of_a_review_do_not_grow_with_the_partners(self):
        def queries(count):
            partners = self.env["res.partner"].create(
                [{"name": f"P{i}", "is_company": True} for i in range(count)]
            )
            members = self.env["partner.membership"].create(
                [{"partner_id": p.id, "program_id": self.program.id} for p in partners]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            members._measure_tiers(date(2028, 3, 1))
            return self.cr.sql_log_count - before

        queries(1)  # fills the caches of the registry
        self.assertEqual(queries(3), queries(60))

    def test_a_requirement_without_sense_is_refused(self):
        with self.assertRaises(psycopg2.IntegrityError), mute_logger("odoo.sql_db"):
            self._grade("Gold").requirement_ids = [
                Command.create({"metric": "won_deals", "threshold": -1})
            ]
