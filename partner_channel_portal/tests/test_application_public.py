from contextlib import contextmanager
from unittest.mock import patch

from odoo.fields import Command
from odoo.sql_db import Cursor
from odoo.tests import tagged

from ..models import partner_application_funnel as funnel
from .common_application import ApplicationHttpCase


@tagged("post_install", "-at_install")
class TestApplicationPublic(ApplicationHttpCase):
    """What anybody reads of a program: what the vendor published, nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.grade_ids = [
            Command.create({"name": "Gold", "sequence": 1}),
            Command.create({"name": "Silver", "sequence": 2}),
        ]
        cls.gold, cls.silver, cls.entry = cls.program.grade_ids.sorted("sequence")
        cls.silver.requirement_ids = [
            Command.create({"metric": "won_deals", "threshold": 7})
        ]
        cls.gold.requirement_ids = [
            Command.create({"metric": "won_deals", "threshold": 70})
        ]
        contact = cls.manager
        cls._create_benefit("Protected days", "protection_days", (30, 60, 90), True)
        cls._create_benefit(
            "Open deals at once", "open_registrations", (1, 2, 3), False
        )
        support = cls.env["partner.benefit"].create(
            {"name": "Your contact", "kind": "support", "is_public": True}
        )
        cls.env["partner.benefit.value"].create(
            {
                "benefit_id": support.id,
                "grade_id": cls.gold.id,
                "contact_id": contact.id,
            }
        )

    @classmethod
    def _create_benefit(cls, name, kind, numbers, is_public):
        benefit = cls.env["partner.benefit"].create(
            {"name": name, "kind": kind, "is_public": is_public}
        )
        grades = (cls.entry, cls.silver, cls.gold)
        cls.env["partner.benefit.value"].create(
            [
                {"benefit_id": benefit.id, "grade_id": grade.id, "number": number}
                for grade, number in zip(grades, numbers, strict=True)
            ]
        )

    def test_the_page_shows_tiers_and_published_benefits(self):
        answer = self.url_open(self.url)
        page = self.get_page(answer)
        rows = [
            [" ".join(cell.text_content().split()) for cell in row]
            for row in page.xpath("//table//tr")
        ]
        self.assertEqual(rows[0], ["", "Entry", "Silver", "Gold"])
        self.assertEqual(rows[1][1], "Nothing: everybody starts here")
        self.assertIn("7", rows[1][2])
        self.assertEqual(rows[2], ["Protected days", "30", "60", "90"])
        self.assertEqual(
            rows[3],
            ["Your contact", "– not included", "– not included", "Included"],
        )
        self.assertEqual(len(rows), 4)
        self.assertIn("Sell with us", answer.text)
        self.assertIn("Thirty days", answer.text)
        for secret in (self.manager.name, "Open deals at once", self.alpha.name):
            self.assertNotIn(secret, answer.text)

    def test_requirements_are_shown_if_the_vendor_wants(self):
        self.assertIn("What it takes", self.url_open(self.url).text)
        self.program.publish_requirements = False
        self.assertNotIn("What it takes", self.url_open(self.url).text)

    def test_only_published_programs_have_pages(self):
        self.assertIn(self.program.name, self.url_open("/partner-programs").text)
        self.assertIn(self.url, self.url_open("/sitemap.xml").text)
        self.program.is_published = False
        self.assertNotIn(self.program.name, self.url_open("/partner-programs").text)
        for path in (self.url, f"{self.url}/apply"):
            self.assertEqual(self.url_open(path).status_code, 404)
        self.program.is_published = True
        self.program.active = False
        self.assertEqual(self.url_open(self.url).status_code, 404)

    def test_a_program_of_another_website_has_no_page_here(self):
        self.program.website_id = self.env["website"].create({"name": "Elsewhere"})
        self.assertEqual(self.url_open(self.url).status_code, 404)

    def test_a_program_that_takes_no_applications_has_no_form(self):
        self.program.accepts_applications = False
        answer = self.url_open(self.url)
        self.assertIn("do not take applications", answer.text)
        self.assertEqual(self.url_open(f"{self.url}/apply").status_code, 404)
        self.assertEqual(self.start().status_code, 404)

    def test_the_list_says_when_there_is_no_program(self):
        self.env["partner.program"].search([]).is_published = False
        page = self.get_page(self.url_open("/partner-programs"))
        empty = "//*[contains(@class, 'o_partner_channel_empty')]"
        self.assertTrue(page.xpath(empty))

    def test_the_funnel_counts_each_visitor_once(self):
        for _visit in range(3):
            self.url_open(f"{self.url}?utm_source=spring+fair&utm_medium=unknown")
        [row] = self.env["partner.application.funnel"].search([])
        self.assertRecordValues(
            row, [{"program_id": self.program.id, "visited": 1, "started": 0}]
        )
        application, page = self.get_started(self.start())
        self.assertEqual(application.funnel_id, row)
        self.fill_in(page)
        self.send(f"/partner-application/confirm/{application.confirm_token}")
        self.send(f"{page}/check", terms="1")
        application._accept()
        self.assertRecordValues(
            row,
            [
                {
                    "visited": 1,
                    "started": 1,
                    "confirmed": 1,
                    "submitted": 1,
                    "accepted": 1,
                    "declined": 0,
                    "outcome": "accepted",
                    "start_rate": 100.0,
                }
            ],
        )
        # whoever writes an address makes no campaigns
        self.assertFalse(self.env["utm.medium"].search([("name", "=", "unknown")]))
        self.authenticate(None, None)
        self.url_open(f"{self.url}?utm_source=spring+fair&utm_medium=unknown")
        self.url_open(self.url)
        self.assertEqual(self.env["partner.application.funnel"].search_count([]), 2)

    def test_a_visit_is_of_the_campaign_of_its_address(self):
        source = self.env["utm.source"].create({"name": "Spring Fair"})
        self.opener.cookies["odoo_utm_campaign"] = "autumn"
        self.opener.cookies["odoo_utm_source"] = "spring fair"
        self.url_open(self.url)
        [row] = self.env["partner.application.funnel"].search([])
        self.assertEqual(row.source_id, source)
        self.assertFalse(row.campaign_id)
        self.assertEqual(row.origin, "spring fair / autumn")

    def test_who_keeps_no_cookies_counts_as_so_many_visitors_only(self):
        Funnel = self.env["partner.application.funnel"]
        with patch.object(funnel, "VISITS_PER_HOUR", 2):
            for _visit in range(4):
                self.authenticate(None, None)
                self.assertEqual(self.url_open(self.url).status_code, 200)
            self.assertEqual(Funnel.search_count([]), 2)
            # whoever is not counted may apply all the same
            application, _page = self.get_started(self.start())
        self.assertTrue(application)
        self.assertFalse(application.funnel_id)

    @contextmanager
    def count_queries(self):
        counted = []
        execute = Cursor.execute

        def count(cursor, query, *args, **kwargs):
            counted.append(query)
            return execute(cursor, query, *args, **kwargs)

        with patch.object(Cursor, "execute", count):
            yield counted

    def measure(self, url):
        for _warm in range(2):
            self.env.invalidate_all()
            self.assertEqual(self.url_open(url).status_code, 200)
        self.env.invalidate_all()
        with self.count_queries() as counted:
            self.url_open(url)
        return len(counted)

    def test_pages_cost_the_same_for_few_records_and_many(self):
        application, page = self.get_started(self.start())
        urls = {
            "list": ("/partner-programs", 20),
            "page": (self.url, 30),
            "start": (f"{self.url}/apply", 25),
            "status": (page, 30),
            "company": (f"{page}/company", 30),
            "questions": (f"{page}/questions", 30),
            "check": (f"{page}/check", 40),
        }
        few = {name: self.measure(url) for name, (url, _most) in urls.items()}
        for number in range(10):
            self._create_benefit(f"More {number}", "other", (0, 0, 0), True)
            self.program.criterion_ids = [
                Command.create({"name": f"Q{number}", "kind": "text"})
            ]
            self.program.copy({"name": f"Copy {number}", "is_published": True})
            self.env["partner.application"].create(
                {
                    "program_id": self.program.id,
                    "contact_name": "A",
                    "email": "a@b.example",
                }
            )
        many = {name: self.measure(url) for name, (url, _most) in urls.items()}
        self.assertEqual(few, many)
        for name, (_url, most) in urls.items():
            with self.subTest(page=name):
                self.assertGreater(many[name], 0)
                self.assertLessEqual(many[name], most)
