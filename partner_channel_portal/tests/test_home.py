import json
from datetime import timedelta

from lxml import html
from psycopg2.errors import ForeignKeyViolation

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PortalFormCase


@tagged("post_install", "-at_install")
class TestHome(PortalFormCase):
    """The home page: what to do, deals by status, the tier, news."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.update_days = 14
        cls.today = fields.Date.context_today(cls.program)

    def get_home(self, user):
        self.login(user)
        answer = self.url_open("/my/home")
        self.assertEqual(answer.status_code, 200)
        return html.fromstring(answer.content)

    def get_actions(self, user):
        """Return ``[(text, url)]`` of what is to do."""
        items = self.get_home(user).xpath(
            "//ul[contains(@class,'channel_actions')]/li/a"
        )
        return [
            (" ".join(item.xpath("string(span[1])").split()), item.get("href"))
            for item in items
        ]

    def approve(self, user, **dates):
        """Return a protected deal with other dates."""
        name = f"Customer {len(self.get_deals())}"
        deal = self._create_deals(user, submit=True, partner_name=name)
        deal._approve_registration()
        deal._set_protected(dates)
        return deal

    def test_the_most_urgent_comes_first(self):
        self._create_deals(self.seller, 2)
        returned = self._create_deals(
            self.seller, submit=True, partner_name="Returned Ltd"
        )
        returned._return_registration("Mend it.")
        self.approve(
            self.seller,
            date_update_due=self.today - timedelta(days=2),
            date_protection_end=self.today + timedelta(days=60),
        )
        self.approve(
            self.seller,
            date_update_due=self.today + timedelta(days=30),
            date_protection_end=self.today + timedelta(days=5),
        )
        self._create_deals(self.rival)
        self.assertEqual(
            self.get_actions(self.seller),
            [
                ("Report on protected deals (1)", "/my/deals?filterby=updates"),
                ("Protection ends soon (1)", "/my/deals?filterby=ending"),
                ("Correct returned deals (1)", "/my/deals?filterby=returned"),
                ("Finish drafts (2)", "/my/deals?filterby=draft"),
            ],
        )
        self.assert_lists_hold_what_is_said(self.seller)

    def assert_lists_hold_what_is_said(self, user):
        """The list an action leads to has as many rows as the action says."""
        for text, url in self.get_actions(user):
            page = html.fromstring(self.url_open(url).content)
            rows = page.xpath("//table//tbody//td[1]/a[1]")
            self.assertEqual(text[-3:], f"({len(rows)})", url)

    def test_an_archived_deal_is_counted_as_it_is_listed(self):
        yesterday = self.today - timedelta(days=1)
        kept = self.approve(self.seller, date_update_due=yesterday)
        kept |= self.approve(self.seller, date_update_due=yesterday)
        kept.flush_recordset()
        # no way of the program leads there: an import may
        self.env.cr.execute(
            "UPDATE crm_lead SET active = FALSE WHERE id = %s", kept[:1]._ids
        )
        self.env.invalidate_all()
        [(text, _url)] = self.get_actions(self.seller)
        self.assertEqual(text, "Report on protected deals (2)")
        self.assert_lists_hold_what_is_said(self.seller)

    def test_who_may_do_nothing_is_asked_for_nothing(self):
        self._create_deals(self.seller)
        self.assertEqual(self.get_actions(self.viewer), [])
        self.assertEqual(self.get_actions(self.seller2), [])
        self.assertEqual(len(self.get_actions(self.owner)), 1)
        self._end_memberships()
        self.assertEqual(self.get_actions(self.suspended), [])
        home = self.get_home(self.terminated)
        self.assertFalse(home.xpath("//*[@id='channel_actions_title']"))

    def test_a_role_asks_for_nothing_where_it_does_not_count(self):
        self._create_deals(self.seller)
        program = self.env["partner.program"].create(
            {
                "name": "Second Program",
                "company_id": self.vendor.id,
                "grade_ids": [Command.create({"name": "Entry 2"})],
            }
        )
        second = self.env["partner.membership"].create(
            {"partner_id": self.alpha.id, "program_id": program.id}
        )
        second.action_activate()
        role = self.env.ref("partner_channel_portal.portal_role_seller")
        role.program_ids = program
        self.assertEqual(len(self.get_actions(self.seller)), 1)
        second.action_suspend()
        self.assertEqual(self.get_actions(self.seller), [])

    def get_charts(self, user):
        return self.get_home(user).xpath("//figure[contains(@class,'channel_chart')]")

    def test_the_chart_has_its_table_behind(self):
        self._create_deals(self.seller, 3)
        self._create_deals(self.owner, submit=True)
        for user, counts in (
            (self.owner, {"Draft": "3", "Submitted": "1"}),
            (self.seller, {"Draft": "3"}),
        ):
            chart = self.get_charts(user)[0]
            rows = chart.xpath(".//tbody/tr")
            shown = {
                row.xpath("string(th)").strip(): row.xpath("string(td)").strip()
                for row in rows
            }
            self.assertEqual(shown, counts)
            data = json.loads(chart.get("data-chart"))
            self.assertEqual(data["labels"], list(counts))
            self.assertEqual(
                data["series"][0]["values"], [int(count) for count in counts.values()]
            )
            self.assertTrue(chart.xpath(".//details[@open]"), "without scripts as well")
        self.assertFalse(self.get_charts(self.norole))

    def test_the_way_to_the_next_tier_is_a_picture(self):
        gold = self.env["res.partner.grade"].create(
            {"name": "Higher", "sequence": 1, "program_id": self.program.id}
        )
        self.assertIn(gold, self.program.grade_ids)
        home = self.get_home(self.owner)
        steps = home.xpath("//ol[contains(@class,'channel_steps')]/li")
        self.assertEqual([step.text for step in steps], ["Entry", "Higher"])
        self.assertEqual([step.get("aria-current") for step in steps], ["step", None])

    # === NEWS === #

    def create_news(self, name, **values):
        return self.env["partner.portal.news"].create(
            {"name": name, "body": f"<p>About {name}</p>", **values}
        )

    def test_news_are_for_the_programs_tiers_and_days_chosen(self):
        other = self.env["partner.program"].create(
            {"name": "Other", "grade_ids": [Command.create({"name": "Other Entry"})]}
        )
        day = timedelta(days=1)
        self.create_news("everybody")
        self.create_news("ours", program_ids=self.program.ids)
        self.create_news("theirs", program_ids=other.ids)
        self.create_news("their tier", grade_ids=other.grade_ids.ids)
        self.create_news("tomorrow", date_from=self.today + day)
        self.create_news(
            "yesterday", date_from=self.today - day * 9, date_to=self.today - day
        )
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.create_news("elsewhere", company_id=company.id)
        home = self.get_home(self.seller)
        names = home.xpath("//article[contains(@class,'channel_news')]/h3/text()")
        self.assertEqual(names, ["ours", "everybody"])
        self._end_memberships()
        self.assertFalse(self.get_home(self.terminated).xpath("//article"))

    def test_what_news_are_limited_to_stays(self):
        tier = self.env["res.partner.grade"].create(
            {"name": "Gone", "program_id": self.program.id}
        )
        program = self.env["partner.program"].create({"name": "Gone"})
        news = self.create_news("of a tier", grade_ids=tier.ids)
        other = self.create_news("of a program", program_ids=program.ids)
        for record in (tier, program):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(ForeignKeyViolation),
                self.env.cr.savepoint(),
            ):
                record.unlink()
        tier.active = False
        program.active = False
        self.env.invalidate_all()
        self.assertEqual(news.grade_ids, tier)
        self.assertEqual(other.program_ids, program)
        self.assertFalse(self.get_home(self.seller).xpath("//article"))

    @mute_logger("odoo.http")
    def test_partners_reach_no_news_by_remote_calls(self):
        news = self.create_news("everybody")
        self.login(self.owner)
        for method, args in (
            ("search_read", [[]]),
            ("read", [news.ids]),
            ("write", [news.ids, {"name": "x"}]),
            ("create", [{"name": "x"}]),
            ("_get_portal_news", [[]]),
        ):
            with self.subTest(method=method):
                _result, error = self.call_as_user("partner.portal.news", method, args)
                self.assertTrue(error)
        analyst = self._create_user(
            "portal_test_analyst",
            self.env["res.partner"].create({"name": "Ann", "email": "a@b.example"}),
            "partner_channel.group_channel_analyst",
        )
        seen = self.env["partner.portal.news"].with_user(analyst)
        self.assertTrue(seen.search([("id", "=", news.id)]))
        self.assertFalse(seen.has_access("write"))
        self.assertTrue(seen.with_user(self.manager).has_access("write"))
