"""Reports and digest: figures worked out by hand, for those who may see them."""

from datetime import date, datetime

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .common import PartnerChannelCommon


@tagged("post_install", "-at_install")
@freeze_time("2028-03-01")
class TestReport(PartnerChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.analyst = cls._create_user(
            "anna.analyst", "partner_channel.group_channel_analyst"
        )
        (cls.northwind | cls.contoso).date_start = date(2028, 1, 1)
        cls.lead = cls._register(cls.northwind)
        cls.lead._approve_registration()
        cls.lead.action_set_won()
        cls.lead._set_protected(
            {
                "date_submitted": datetime(2028, 1, 11, 12),
                "date_closed": datetime(2028, 2, 29, 12),
            }
        )

    def _report(self, user):
        return {
            row.membership_id: row
            for row in self.env["partner.membership.report"]
            .with_user(user)
            .search([("program_id", "=", self.program.id)])
        }

    def test_the_analysis_tells_activation_days_and_churn(self):
        self.contoso.action_terminate()
        rows = self._report(self.analyst)
        first, second = rows[self.northwind], rows[self.contoso]
        self.assertEqual((first.registrations, first.won), (1, 1))
        self.assertEqual((first.days_to_register, first.days_to_win), (10, 59))
        self.assertEqual((first.activation_rate, first.churn_rate), (100, 0))
        self.assertEqual((second.activation_rate, second.churn_rate), (0, 100))
        [(rate,)] = self.env["partner.membership.report"]._read_group(
            [("program_id", "=", self.program.id)], [], ["activation_rate:avg"]
        )
        self.assertEqual(rate, 50)

    def test_a_channel_manager_analyses_the_own_partners(self):
        self.assertEqual(list(self._report(self.manager)), [self.northwind])
        for model in ("partner.membership.report", "partner.tier.speed.report"):
            with self.subTest(model), self.assertRaises(AccessError):
                self.env[model].with_user(self.seller).search([])

    def test_the_median_days_to_a_tier(self):
        silver = self._grade("Silver")
        third = self._create_membership("Initech")
        third.date_start = date(2028, 1, 1)
        for membership, day in (
            (self.northwind, date(2028, 1, 11)),
            (self.contoso, date(2028, 1, 21)),
            (third, date(2028, 2, 29)),
        ):
            membership.tier_change_ids.date_from = date(2028, 1, 1)
            membership._set_tier(silver, day)
        row = (
            self.env["partner.tier.speed.report"]
            .with_user(self.analyst)
            .search([("grade_id", "=", silver.id)])
        )
        self.assertEqual(row.median_days_to_reach, 20)
        self.assertEqual((row.partners, row.present, row.rises), (3, 3, 3))

    def test_the_digest_counts_for_who_sees_the_channel(self):
        digest = self.env["digest.digest"].create(
            {"name": "Weekly", "periodicity": "weekly", "company_id": self.company.id}
        )
        seen = digest.with_user(self.analyst).with_context(
            start_datetime=datetime(2028, 1, 1), end_datetime=datetime(2028, 2, 1)
        )
        self.assertGreaterEqual(seen.kpi_channel_partners_value, 2)
        self.assertGreaterEqual(seen.kpi_channel_registrations_value, 1)
        self.assertFalse(seen.kpi_channel_rises_value)
        with self.assertRaises(AccessError):
            digest.with_user(self.manager).invalidate_recordset()
            digest.with_user(self.manager).mapped("kpi_channel_partners_value")
