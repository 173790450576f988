"""The page of the team's matrix: what it shows, to whom, and what it costs."""

import csv
import io
from datetime import date, timedelta

from lxml import html

from odoo.tests import HttpCase, tagged

from odoo.addons.partner_channel_portal.tests.axe import AxeMixin

from .training_case import TrainingCase

URL = "/my/training/team"


class TeamPageCase(TrainingCase, HttpCase):
    def _open(self, query="", login="lms_owner", status=200):
        if login:
            self.authenticate(login, login)
        answer = self.url_open(f"{URL}{query}")
        self.assertEqual(answer.status_code, status)
        return answer

    def _table(self, query="", login="lms_owner"):
        """Return ``{person: [text of each cell]}`` of the page.

        :param str login: logs in before; empty: who is logged in
        """
        page = html.fromstring(self._open(query, login).content)
        rows = page.xpath(
            "//div[contains(@class, 'o_partner_channel_matrix')]//tbody/tr"
        )
        return {
            " ".join(row.xpath("string(th/span[1])").split()): [
                " ".join(cell.text_content().split()) for cell in row.xpath("td")
            ]
            for row in rows
        }


@tagged("post_install", "-at_install")
class TestTrainingTeamPages(TeamPageCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_kind("Engineer", sequence=20)
        cls._issue(cls.owner, date(2020, 1, 1))
        cls._issue(cls.seller, date(2020, 1, 1), date(2021, 1, 31), cls.other)
        cls._issue(cls.rival, date(2020, 1, 1))

    def test_people_and_states_in_words(self):
        self._join(self.seller)
        self.assertEqual(
            self._table(),
            {
                "Olga Owner": ["Valid never expires", "– None"],
                "Sam Seller": ["In training", "Expired until 01/31/2021"],
            },
        )

    def test_a_competence_and_a_state_narrow_the_page(self):
        self.assertEqual(
            self._table(f"?competence={self.other.id}"),
            {"Olga Owner": ["– None"], "Sam Seller": ["Expired until 01/31/2021"]},
        )
        self.assertEqual(list(self._table("?filterby=expired")), ["Sam Seller"])
        query = f"?filterby=expired&competence={self.kind.id}"
        self.assertEqual(self._table(query), {})
        self.assertIn("Nobody matches", self._open(query).text)

    def test_filters_look_at_what_is_shown(self):
        today = date.today()
        soon, later = today + timedelta(days=20), today + timedelta(days=700)
        self._issue(self.seller, date(2020, 1, 1), soon)
        self._issue(self.rival, date(2020, 1, 1), soon)
        for expiry in (soon, later):
            self._issue(self.owner, date(2020, 1, 1), expiry, self.other)
        self.assertEqual(list(self._table("?filterby=expiring")), ["Sam Seller"])
        self.assertEqual(self._table("?filterby=training"), {})
        self._join(self.seller)
        self.assertEqual(list(self._table("?filterby=training")), ["Sam Seller"])

    def test_a_person_can_be_searched(self):
        self.assertEqual(list(self._table("?search=olga")), ["Olga Owner"])
        self.assertEqual(self._table("?search=Rita"), {})

    def test_nonsense_in_the_address_means_the_default(self):
        for query in (
            "?competence=x&filterby=y&search_in=z&sortby=__class__",
            "?competence=999999999999999999999",
            f"?competence={self.kind.id}'",
            "/page/99",
        ):
            with self.subTest(query):
                self.assertEqual(len(self._table(query)), 2)

    def test_who_may_not_see_the_training_finds_no_page(self):
        for path in ("", "/export"):
            self._open(path, login="lms_seller", status=404)
        self.assertNotIn(URL, self._certificates_page("lms_seller"))
        self.assertIn(URL, self._certificates_page("lms_owner"))

    def _certificates_page(self, login):
        self.authenticate(login, login)
        return self.url_open("/my/certifications").text

    def test_employees_and_who_has_left_find_no_page(self):
        self._open(login="admin", status=404)
        self.member.action_terminate()
        self._open(status=404)

    def test_rivals_see_their_own(self):
        self.assertEqual(
            self._table(login="lms_rival"), {"Rita Rival": ["Valid never expires"]}
        )

    def test_names_are_text(self):
        self.seller.name = "<script>alert(1)</script>"
        self.assertIn("<script>alert(1)</script>", self._table())
        self.assertNotIn("<script>alert(1)", self._open().text)

    def test_the_file_says_the_same(self):
        self.seller.name = "=cmd|' /C calc'!A0"
        answer = self._open("/export")
        self.assertIn("no-store", answer.headers["Cache-Control"])
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        self.assertEqual(
            rows,
            [
                [
                    "Person",
                    "Role",
                    "Sales",
                    "Sales: valid until",
                    "Engineer",
                    "Engineer: valid until",
                ],
                ["'=cmd|' /C calc'!A0", "Seller", "", "", "Expired", "2021-01-31"],
                ["Olga Owner", "Owner", "Valid", "", "", ""],
            ],
        )
        answer = self._open(f"/export?competence={self.kind.id}&search=olga")
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        self.assertEqual(rows[1:], [["Olga Owner", "Owner", "Valid", ""]])

    def test_with_nothing_to_learn_the_page_says_so(self):
        self.requirement.unlink()
        self.Certification.search([])._revoke("No")
        page = self._open().text
        self.assertIn("No certification yet", page)
        self.assertNotIn("o_partner_channel_matrix", page)


@tagged("post_install", "-at_install")
class TestTrainingTeamAccessibility(TeamPageCase, AxeMixin):
    def test_the_matrix_and_its_empty_states(self):
        for number in range(6):
            kind = self._create_kind(f"Competence number {number}")
            self._issue(self.owner, date(2020, 1, 1), kind=kind)
            self._issue(self.seller, date(2020, 1, 1), date(2021, 1, 1), kind)
        self._join(self.seller)
        self.seller.name = "Samantha-Wilhelmina Sellerova-Longlastname"
        self.assert_accessible(
            URL,
            f"{URL}?search=nobody",
            f"{URL}?competence={self.kind.id}&filterby=training",
            login="lms_owner",
            widths=("1280px", "390px"),
            narrow="360px",
        )


@tagged("post_install", "-at_install")
class TestTrainingTeamPerformance(TeamPageCase):
    """200 people and 20 competences: at most 30 queries, whatever the page."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kinds = cls.kind
        for number in range(19):
            cls.kinds |= cls.env["partner.certification.type"].create(
                {"name": f"Competence {number}"}
            )

    def _add_people(self, count):
        people = self.env["res.partner"].create(
            [
                {"name": f"Person {count} {number}", "parent_id": self.north.id}
                for number in range(count)
            ]
        )
        self.env["partner.certification"]._get_issuer().create(
            [
                {
                    "partner_id": person.id,
                    "issued_company_partner_id": self.north.id,
                    "type_id": kind.id,
                    "date_issued": date(2020, 1, 1),
                    "date_expiry": date(2021, 1, 1) if number % 3 else False,
                }
                for number, person in enumerate(people)
                for kind in self.kinds
            ]
        )
        self.env["slide.channel.partner"].create(
            [
                {"channel_id": self.course.id, "partner_id": person.id}
                for person in people[:20]
            ]
        )

    def _queries(self, query=""):
        def load():
            self.authenticate("lms_owner", "lms_owner")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows = self._table(query, login="")
            return self.env.cr.sql_log_count - before, rows

        load()  # warm the caches
        return load()

    def test_a_page_costs_the_same_for_few_and_for_many(self):
        self._add_people(60)
        few, rows = self._queries()
        self.assertEqual((len(rows), len(next(iter(rows.values())))), (50, 20))
        self._add_people(140)
        for query in ("", "/page/4", "?filterby=expired", "?search=Person"):
            with self.subTest(query):
                many, rows = self._queries(query)
                self.assertEqual(len(next(iter(rows.values()))), 20)
                self.assertLessEqual(many, 30)
        self.assertLessEqual(self._queries()[0], few)

    def test_200_people_at_once_take_few_queries(self):
        self._add_people(200)
        user = self.owner.user_ids
        Partner = self.env["res.partner"].with_user(user)
        kinds = Partner.env["partner.certification.type"]._get_team_kinds()
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(20):
            people = Partner._get_team_training_people()
            rows = people._prepare_training_rows(kinds)
            kinds._prepare_team_columns()
        self.assertEqual((len(rows), len(rows[0]["cells"])), (202, 20))
