"""Reports on registrations: figures worked out by hand."""

from datetime import datetime

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from .common import PartnerChannelInvoicingCommon

RATES = (
    "in_time_rate",
    "approval_rate",
    "conflict_rate",
    "expiry_rate",
    "win_rate",
    "hoarding_index",
)


@tagged("post_install", "-at_install")
class TestRegistrationReport(PartnerChannelInvoicingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.analyst = cls._create_user(
            "anna.analyst", "partner_channel.group_channel_analyst"
        )
        cls.Report = cls.env["partner.registration.report"]

    def _decide(self, name, hours, late=False, membership=None):
        """Submit and approve a registration that took some hours."""
        lead = self._register(
            membership or self.northwind, partner_name=name, customer_vat="", website=""
        )
        lead._approve_registration()
        start = datetime(2028, 1, 3, 8)
        decided = datetime(2028, 1, 3 + hours // 24, 8 + hours % 24)
        due = datetime(2028, 1, 2) if late else datetime(2028, 2, 1)
        lead._set_protected(
            {
                "date_submitted": start,
                "date_decision": decided,
                "date_decision_due": due,
            }
        )
        return lead

    def _row(self, lead):
        self.env.flush_all()
        return self.Report.with_user(self.analyst).browse(lead.id)

    def test_the_rates_of_each_end(self):
        """In time, approved, conflict, expired, won, hoarded."""
        won, lost, expired = (self._decide(name, 4) for name in ("A", "B", "C"))
        late = self._decide("D", 30, late=True)
        won.action_set_won()
        self._lose(lost)
        expired._expire_registrations()
        refused = self._register(
            self.northwind, partner_name="E", customer_vat="", website=""
        )
        refused._reject_registration("conflict")
        expected = {
            won: (100, 100, 0, 0, 100, None),
            lost: (100, 100, 0, 0, 0, None),
            expired: (100, 100, 0, 100, None, None),
            refused: (100, 0, 100, None, None, None),
        }
        self.env.flush_all()
        for lead, rates in expected.items():
            with self.subTest(lead.registration_state):
                [row] = self.env.execute_query_dict(self._query(lead))
                self.assertEqual(tuple(row[name] for name in RATES), rates)
        [row] = self.env.execute_query_dict(self._query(late))
        self.assertEqual((row["in_time_rate"], row["hours_to_decide"]), (0, 30))
        domain = [("membership_id", "=", self.northwind.id)]
        aggregates = [f"{name}:avg" for name in RATES[:5]]
        [averages] = self.Report._read_group(domain, [], aggregates)
        # 5 decided, 1 late; 4 of 5 approved; 1 of 5 in conflict; 1 of 3 ended
        # expired; 1 of 2 won
        self.assertEqual(averages[:3], (80, 80, 20))
        self.assertAlmostEqual(averages[3], 100 / 3)
        self.assertEqual(averages[4], 50)

    def _query(self, lead):
        query = self.Report._table_query
        return SQL("SELECT * FROM (%s) report WHERE id = %s", query, lead.id)

    def test_registered_and_own_deals_are_compared(self):
        won = self._decide("A", 4)
        won.action_set_won()
        own = self.env["crm.lead"].create(
            [
                {"name": "Own", "type": "opportunity", "company_id": self.company.id}
                for _number in range(2)
            ]
        )
        own.action_set_lost()
        self.env.flush_all()
        rates = dict(
            self.Report._read_group(
                [("lead_id", "in", (won | own).ids)],
                ["is_registered"],
                ["win_rate:avg"],
            )
        )
        self.assertEqual(rates, {True: 100, False: 0})

    def test_hoarded_is_what_nothing_moves_on(self):
        """Four protected for long: untouched, reported, quoted, moved on."""
        leads = [self._decide(name, 4) for name in "ABCD"]
        for lead in leads:
            lead._set_protected({"date_last_stage_update": datetime(2025, 1, 1)})
            lead._set_protected({"date_decision": datetime(2025, 1, 1)})
        _idle, reported, quoted, moved = leads
        reported._post_update("Demo held")
        self.env["sale.order"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "X"}).id,
                "opportunity_id": quoted.id,
            }
        )
        moved.stage_id = self.env["crm.stage"].search(
            [("is_won", "=", False), ("id", "!=", moved.stage_id.id)], limit=1
        )
        self.env.flush_all()
        [(index,)] = self.Report._read_group(
            [("membership_id", "=", self.northwind.id)], [], ["hoarding_index:avg"]
        )
        self.assertEqual(index, 25)

    def test_revenue_is_that_of_posted_invoices_by_shares(self):
        lead = self._decide("A", 4)
        lead.deal_role_ids.share = 40
        self.env["partner.deal.role"].create(
            {
                "lead_id": lead.id,
                "membership_id": self.contoso.id,
                "role": "influenced",
                "share": 50,
            }
        )
        customer = self.env["res.partner"].create({"name": "Acme"})
        self._invoice(customer, 1_000, "2028-01-05", lead=lead)
        self._invoice(customer, -100, "2028-01-06", lead=lead)
        self._invoice(customer, 700, "2028-01-07", lead=lead).button_draft()
        row = self._row(lead)
        self.assertEqual(row.sourced_revenue, 360)
        self.assertEqual(row.influenced_revenue, 450)
        self.assertEqual(row.currency_id, self.company.currency_id)

    @freeze_time("2028-01-20")
    def test_median_and_slowest_tenth(self):
        """1, 2, 3, 4 and 15 hours: 3 in the middle, 90 % within 10.6."""
        for hours in (1, 2, 3, 4, 15):
            self._decide(f"Deal {hours}", hours, late=hours == 15)
        self.env.flush_all()
        Speed = self.env["partner.registration.speed.report"]
        row = Speed.with_user(self.analyst).search(
            [("program_id", "=", self.program.id)]
        )
        self.assertEqual((row.decided, row.median_hours), (5, 3))
        self.assertAlmostEqual(row.slow_hours, 10.6)
        self.assertEqual(row.in_time_rate, 80)

    def test_who_sees_what(self):
        mine, other = (
            self._decide("A", 4),
            self._decide("B", 4, membership=self.contoso),
        )
        own = self.env["crm.lead"].create({"name": "Own", "type": "opportunity"})
        self.env.flush_all()
        deals = mine | other | own
        domain = [("lead_id", "in", deals.ids)]
        for user, seen in ((self.manager, mine), (self.analyst, deals)):
            rows = self.Report.with_user(user).search(domain)
            self.assertEqual(set(rows.ids), set(seen.ids))
        for model in (self.Report, self.env["partner.registration.speed.report"]):
            with self.assertRaises(AccessError):
                model.with_user(self.seller).search([])

    def test_the_digest_counts_what_was_decided_in_time(self):
        self._decide("A", 4)
        self._decide("B", 4, late=True)
        self.env.flush_all()
        digest = self.env["digest.digest"].create(
            {"name": "Weekly", "periodicity": "weekly", "company_id": self.company.id}
        )
        seen = digest.with_user(self.analyst).with_context(
            start_datetime=datetime(2028, 1, 1), end_datetime=datetime(2028, 2, 1)
        )
        self.assertEqual(seen.kpi_channel_decided_value, 1)
        with self.assertRaises(AccessError):
            digest.with_user(self.manager).mapped("kpi_channel_decided_value")
