from datetime import date, datetime

from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged

from .common import PartnerChannelInvoicingCommon

LEAP = date(2028, 2, 29)


@tagged("post_install", "-at_install")
@freeze_time("2028-02-29 12:00:00")
class TestHealthScore(PartnerChannelInvoicingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._measure_no_enablement()
        cls.franc = cls.setup_other_currency("CHF", rates=[("2000-01-01", 2.0)])
        cls.elsewhere = cls._create_program("Elsewhere", company=cls.other_company)
        cls.fabrikam = cls._create_membership("Fabrikam", program=cls.elsewhere)
        cls.both = cls.northwind | cls.fabrikam
        cls.both.date_start = date(2026, 1, 1)
        # the database's clock writes logins
        cls.env["res.users.log"].search([]).unlink()

    def _log_in(self, user, moment):
        log = self.env["res.users.log"].with_user(user).sudo().create({})
        self.env.cr.execute(
            "UPDATE res_users_log SET create_date = %s, create_uid = %s WHERE id = %s",
            [moment, user.id, log.id],
        )
        self.env.invalidate_all()

    def _sell(self):
        """Northwind halves its revenue, Fabrikam sells a quarter more.

        Northwind: 1,000 + 400 francs (200) − 200 after 2,000; Fabrikam: 750 after 600
        in the other company. The rest is a day too old or another company's.
        """
        north, other = self.northwind.partner_id, self.fabrikam.partner_id
        self._invoice(north, 1_000, "2027-03-01")
        self._invoice(north, 400, LEAP, currency=self.franc)
        self._invoice(north, -200, LEAP)
        self._invoice(north, 2_000, "2027-02-28")
        self._invoice(north, 9_999, "2026-02-28")
        self._invoice(north, 9_999, LEAP, company=self.other_company)
        self._invoice(other, 750, "2028-02-28", company=self.other_company)
        self._invoice(other, 600, "2026-03-01", company=self.other_company)
        self._invoice(other, 9_999, LEAP)

    def _engage(self):
        """Northwind: one registration, approved; one lead answered; one login."""
        self._register(self.northwind)._approve_registration()
        lead = self.env["crm.lead"].create(
            {
                "name": "Lead",
                "company_id": self.company.id,
                "partner_assigned_id": self.northwind.partner_id.id,
            }
        )
        self.env["partner.lead.offer"]._answer(lead, "accepted")
        self._log_in(self.seller, datetime(2027, 12, 2, 8, 0))

    def _components(self, membership):
        return {
            line["name"]: (line["score"], line["weight"], line["facts"])
            for line in membership.health_evidence["components"]
        }

    def test_a_score_worked_out_by_hand(self):
        """35 × 40 + 25 × 50 + 20 × 25 of 80: what is not measured does not count."""
        self._sell()
        self._engage()
        self.both._review_health(LEAP)
        self.assertEqual(
            self._components(self.northwind),
            {
                "revenue_trend": (40, 35, {"current": 1_000.0, "before": 2_000.0}),
                "engagement": (
                    50,
                    25,
                    {"registrations": 1, "answers": 1, "people": 1, "staff": 1},
                ),
                "pipeline": (25, 20, {"open": 1}),
            },
        )
        self.assertEqual(self.northwind.health_score, 39)
        self.assertEqual(self.northwind.health_state, "risk")
        self.assertEqual(list(self._components(self.fabrikam)), ["revenue_trend"])
        self.assertEqual(self.fabrikam.health_score, 100)
        self.assertEqual(self.fabrikam.health_state, "good")

    def test_each_company_has_its_weights(self):
        self._sell()
        self._engage()
        self.company.write(
            {
                "channel_weight_revenue_trend": 0,
                "channel_weight_engagement": 50,
                "channel_weight_enablement": 0,
                "channel_weight_pipeline": 50,
            }
        )
        self.both._review_health(LEAP)
        self.assertEqual(self.northwind.health_score, 38, "37.5, rounded up")
        self.assertEqual(self._components(self.fabrikam)["revenue_trend"][1], 35)

    def test_weights_that_do_not_make_100_are_refused(self):
        with self.assertRefused(ValidationError, self.company.name, "101"):
            self.company.channel_weight_pipeline = 21
        with self.assertRefused(ValidationError, "negative"):
            self.company.write(
                {"channel_weight_pipeline": -20, "channel_weight_engagement": 65}
            )

    def test_weights_are_set_together_in_the_settings(self):
        Settings = self.env["res.config.settings"]
        Settings.create(
            {"channel_weight_revenue_trend": 40, "channel_weight_engagement": 20}
        ).execute()
        self.assertEqual(self.company.channel_weight_revenue_trend, 40)
        self.assertEqual(self.company.channel_weight_engagement, 20)
        self.assertEqual(self.other_company.channel_weight_engagement, 25)
        with self.assertRaises(ValidationError):
            Settings.create({"channel_weight_pipeline": 90}).execute()

    def test_another_addon_fills_the_enablement(self):
        def measure(memberships, day):
            return {self.northwind.id: (100, {"certified": 2})}

        self.patch(type(self.northwind), "_measure_enablement", measure)
        self._sell()
        self.both._review_health(LEAP)
        # trend 40 × 35, enablement 100 × 20, engagement 0 × 25 of 80
        self.assertEqual(self.northwind.health_score, 43)
        self.assertIn("certified 2", str(self.northwind.health_explanation))

    def test_the_explanation_shows_what_was_counted(self):
        self._sell()
        self._engage()
        self.northwind._review_health(LEAP)
        text = str(self.northwind.with_user(self.manager).health_explanation)
        for word in ("2,000.00", "registrations 1", "Nothing to measure", "44", "39"):
            self.assertIn(word, text)

    def test_a_partner_that_has_just_joined_is_not_blamed_for_silence(self):
        self.northwind.date_start = date(2028, 2, 1)
        self.northwind._review_health(LEAP)
        self.assertFalse(self.northwind.health_state)
        self.assertEqual(self.northwind.last_activity_date, date(2028, 2, 1))
        self.northwind.date_start = date(2027, 12, 2)
        self.northwind._review_health(LEAP)
        self.assertEqual(self.northwind.health_state, "risk", "90 days and not a word")

    def test_silence_ends_with_the_last_sign_of_life(self):
        partner = self.northwind.partner_id
        signs = self.northwind._find_activity
        self.assertEqual(signs(LEAP)[self.northwind.id], {"start": date(2026, 1, 1)})
        self._invoice(partner, 10, "2024-02-29")
        self.assertEqual(
            signs(LEAP)[self.northwind.id]["invoice"],
            date(2024, 2, 29),
            "older than the two years of the trend",
        )
        self._invoice(partner, 10, "2027-06-01")
        self._invoice(partner, -10, "2027-07-01")
        self._invoice(partner, 10, "2028-03-01")
        self.northwind.message_post(
            body="Hello",
            author_id=self.seller.partner_id.id,
            message_type="comment",
            subtype_xmlid="mail.mt_note",
        ).date = datetime(2027, 8, 31, 23, 0)
        self.company.partner_id.tz = "Europe/Kyiv"
        self.northwind._review_health(LEAP)
        self.assertEqual(
            self.northwind.health_evidence["activity"],
            {"start": "2026-01-01", "invoice": "2027-06-01", "message": "2027-09-01"},
        )
        self.assertEqual(self.northwind.silent_days, 181)

    def test_measuring_does_not_cost_more_queries_with_more_partners(self):
        def queries(count):
            partners = self.env["res.partner"].create(
                [{"name": f"P{i}", "is_company": True} for i in range(count)]
            )
            members = self.env["partner.membership"].create(
                [{"partner_id": p.id, "program_id": self.program.id} for p in partners]
            )
            for partner in partners[:2]:
                self._invoice(partner, 100, LEAP)
            members.action_activate()
            counts = []
            for _run in range(2):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.cr.sql_log_count
                members._review_health(LEAP)
                counts.append(self.cr.sql_log_count - before)
            return counts

        queries(1)  # fills the caches of the registry
        self.assertEqual(queries(3), queries(60))
