from datetime import date

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import PartnerChannelInvoicingCommon

DAY = date(2028, 3, 1)


@tagged("post_install", "-at_install")
@freeze_time("2028-03-01 12:00:00")
class TestFact(PartnerChannelInvoicingCommon):
    def _facts(self, membership):
        return {
            (fact.metric, fact.period, fact.months): (fact.value, fact.date)
            for fact in membership.fact_ids
        }

    def test_a_review_stores_what_it_measured_once(self):
        self._invoice(self.northwind.partner_id, 12_000, "2028-02-29")
        both = self.northwind | self.contoso
        both._review_tiers(DAY)
        expected = {("channel_revenue", "calendar_year", 0): (12_000, DAY)}
        self.assertEqual(self._facts(self.northwind), expected)
        self._invoice(self.northwind.partner_id, -2_000, "2028-03-01")
        both._review_tiers(DAY)
        both._review_tiers(date(2027, 1, 1))
        expected = {("channel_revenue", "calendar_year", 0): (10_000, DAY)}
        self.assertEqual(self._facts(self.northwind), expected)
        self.assertIn("10,000.00", self.northwind.fact_ids.shown_value)

    def test_values_nobody_asks_for_any_more_are_forgotten(self):
        self._grade("Silver").requirement_ids = [
            Command.create(
                {
                    "metric": "win_rate",
                    "threshold": 50,
                    "period": "rolling",
                    "months": 6,
                }
            )
        ]
        lead = self._register(self.northwind)
        lead._approve_registration()
        lead.action_set_won()
        self.northwind._review_tiers(DAY)
        self.assertEqual(
            self._facts(self.northwind)["win_rate", "rolling", 6], (100, DAY)
        )
        requirements = self._grade("Silver").requirement_ids
        requirements.filtered(lambda r: r.metric == "win_rate").unlink()
        self.northwind._review_tiers(date(2028, 3, 2))
        self.assertNotIn(("win_rate", "rolling", 6), self._facts(self.northwind))

    def test_a_held_tier_is_measured_as_well(self):
        self.northwind._hold_tier(date(2028, 12, 31), "Merger")
        self._invoice(self.northwind.partner_id, 12_000, "2028-02-29")
        self.assertFalse(self.northwind._review_tiers(DAY))
        self.assertTrue(self.northwind.fact_ids)

    def test_a_segment_asks_for_measured_values(self):
        self._invoice(self.northwind.partner_id, 12_000, "2028-02-29")
        (self.northwind | self.contoso)._review_tiers(DAY)
        segment = self.env["partner.segment"].create(
            {
                "name": "Sellers",
                "company_id": self.company.id,
                "domain": "[('fact_ids', 'any', [('metric', '=', 'channel_revenue'),"
                " ('value', '>=', 12000)])]",
            }
        )
        self.assertEqual(segment._get_memberships(), self.northwind)
        self.assertEqual(
            segment.with_user(self.manager)._get_memberships(), self.northwind
        )
        self.assertFalse(segment.with_user(self.other_manager)._get_memberships())

    def test_values_are_the_managers_own(self):
        (self.northwind | self.contoso)._review_tiers(DAY)
        facts = self.env["partner.membership.fact"]
        own = facts.with_user(self.manager).search([])
        self.assertEqual(own.membership_id, self.northwind)
        for method in ("write", "unlink"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                own.check_access(method)
        with self.assertRaises(AccessError):
            facts.with_user(self.head).create({"membership_id": self.northwind.id})
