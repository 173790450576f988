"""The network on one page, and a partner on one sheet."""

from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from .common import PartnerChannelCommon, PartnerChannelInvoicingCommon


@tagged("post_install", "-at_install")
class TestDashboard(PartnerChannelInvoicingCommon):
    def _read(self, user=None, program=None):
        dashboard = self.env["partner.channel.dashboard"].with_user(user or self.head)
        data = dashboard.get_dashboard((program or self.program).id)
        return data, {chart["key"]: chart for chart in data["charts"]}

    def _tiles(self, **kwargs):
        data, _charts = self._read(**kwargs)
        return [tile["value"] for tile in data["tiles"]]

    def test_tiles_count_partners_and_deals(self):
        running = self.env["partner.membership"].search_count(
            [("program_id", "=", self.program.id), ("state", "=", "active")]
        )
        before = self._tiles()
        self.assertEqual(before[0], str(running))
        lead = self._register(self.northwind)
        self.assertEqual(int(self._tiles()[4]), int(before[4]) + 1)
        lead._approve_registration()
        lead.action_set_won()
        self.assertEqual(self._tiles()[1], f"{round(100 / running)} %")
        self.contoso.action_terminate()
        self.assertEqual(self._tiles()[0], str(running - 1))

    def test_who_left_is_counted_of_those_there_a_year_ago(self):
        today = self.program._get_today()
        members = self.northwind | self.contoso
        members._set_protected({"date_start": today - timedelta(days=800)})
        self.contoso.action_terminate()
        self.assertEqual(self._tiles()[2], "50 %")

    def test_revenue_stands_in_its_quarter(self):
        today = self.program._get_today()
        self._invoice(self.northwind.partner_id, 1_000, today)
        self._invoice(self.contoso.partner_id, 500, today)
        _data, charts = self._read()
        before, this = charts["revenue"]["series"]
        self.assertEqual(this["values"][-1], 1_500)
        self.assertEqual(before["values"], [0, 0, 0, 0])
        self.assertEqual(len(charts["revenue"]["labels"]), 4)

    def test_bars_lead_to_the_records_they_count(self):
        data, charts = self._read()
        for chart in charts.values():
            for place, domain in enumerate(chart.get("domains", ())):
                count = self.env[chart["model"]].search_count(domain)
                self.assertEqual(count, chart["series"][0]["values"][place])
        for place in (0, 3, 4):
            tile = data["tiles"][place]
            leads = self.env[tile["model"]].with_user(self.head)
            self.assertEqual(str(leads.search_count(tile["domain"])), tile["value"])

    def test_each_counts_what_they_may_read_and_others_nothing(self):
        domain = [("program_id", "=", self.program.id), ("state", "=", "active")]
        readable = self.env["partner.membership"].with_user(self.manager)
        count = readable.search_count(domain)
        self.assertEqual(self._tiles(user=self.manager)[0], str(count))
        clerk = new_test_user(self.env, "clerk_dash", "base.group_user")
        for user in (self.seller, clerk):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._read(user=user)

    def test_as_many_queries_for_many_partners_as_for_few(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._read()
            return self.cr.sql_log_count - before

        count()
        few = count()
        partners = self.env["res.partner"].create(
            [{"name": f"More {n}", "is_company": True} for n in range(30)]
        )
        members = self.env["partner.membership"].create(
            [{"partner_id": p.id, "program_id": self.program.id} for p in partners]
        )
        members.action_activate()
        self.assertEqual(count(), few)
        self.assertLessEqual(few, 45)

    def test_the_scorecard_prints_every_part(self):
        self._register(self.northwind)._approve_registration()
        goal = self._create_goal(self.northwind, date_start=self.program._get_today())
        goal.action_agree()
        (self.northwind | self.contoso)._review_health()
        self.env.flush_all()
        report = self.env["ir.actions.report"].with_user(self.manager)
        html, _kind = report._render_qweb_html(
            "partner_channel.report_scorecard", (self.northwind | self.contoso).ids
        )
        text = html.decode()
        for part in (
            "Northwind",
            "Contoso",
            "Scorecard",
            "Registrations won",
            "Health",
            "Goals",
        ):
            self.assertIn(part, text)


@tagged("post_install", "-at_install")
class TestDashboardPage(HttpCase, PartnerChannelCommon):
    def test_the_page_draws_its_charts_and_leads_to_partners(self):
        self.start_tour(
            "/odoo/partner-network", "partner_channel_dashboard_tour", login="admin"
        )
