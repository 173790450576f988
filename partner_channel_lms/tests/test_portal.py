from datetime import date

from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tests.common import new_test_user

from .common import CertificationCommon


@tagged("post_install", "-at_install")
class TestPortalPage(CertificationCommon, HttpCase):
    def _open(self, person_login, query="", status=200):
        self.authenticate(person_login, person_login)
        response = self.url_open(f"/my/certifications{query}")
        self.assertEqual(response.status_code, status)
        return response.text

    def test_without_a_certificate_the_page_shows_what_to_earn(self):
        page = self._open("lms_seller")
        self.assertIn("No certificate yet", page)
        self.assertIn("Tier Skilled (Training Program) asks for 2 people", page)
        self.assertIn(self.course.website_url, page)

    def test_a_course_not_published_is_not_linked(self):
        self.course.is_published = False
        page = self._open("lms_seller")
        self.assertNotIn(self.course.website_url, page)
        self.assertIn("Course to come", page)

    def test_tiers_of_programs_of_others_are_not_told(self):
        self.memberships[0].action_terminate()
        self._take(self.seller)
        page = self._open("lms_seller")
        self.assertNotIn("Training Program", page)

    def test_a_seller_sees_the_own_certificate(self):
        self._take(self.seller)
        self._take(self.owner)
        page = self._open("lms_seller")
        self.assertIn("o_portal_my_doc_table", page)
        self.assertNotIn("Olga Owner</td>", page)
        self.assertNotIn(">Person<", page)

    def test_the_owner_sees_the_team_and_no_rivals(self):
        for person in (self.seller, self.rival):
            self._take(person)
        page = self._open("lms_owner")
        self.assertIn("Sam Seller", page)
        self.assertNotIn("Rita Rival", page)
        self.assertIn(
            "No certificate matches", self._open("lms_owner", "?filterby=mine")
        )

    def test_a_revoked_certificate_shows_why(self):
        self._take(self.seller)
        self._certificates(self.seller)._revoke("Taken by <b>another</b>")
        page = self._open("lms_seller")
        self.assertIn("Revoked", page)
        self.assertIn("Taken by &lt;b&gt;another&lt;/b&gt;", page)

    def test_nonsense_in_the_address_means_the_default(self):
        self._take(self.seller)
        for query in (
            "?sortby=x&filterby=y&search_in=z&search=%00%27",
            "?sortby=__class__",
            "/page/99",
        ):
            with self.subTest(query=query):
                self._open("lms_seller", query)

    def test_people_of_no_partner_find_no_page(self):
        new_test_user(
            self.env, "lms_nobody", groups="base.group_portal", password="lms_nobody"
        )
        self._open("lms_nobody", status=404)

    def test_who_left_the_partner_still_finds_the_own_certificate(self):
        self._take(self.seller)
        self.seller.parent_id = False
        self.assertIn("Sales", self._open("lms_seller"))

    @freeze_time("2027-01-15")
    def test_the_home_card_counts_what_holds_today(self):
        self._take_on(self.seller, date(2026, 6, 1))
        self._take_on(self.seller, date(2020, 6, 1))
        partner = self.env["res.partner"].with_user(self.seller.user_ids)
        cards = {card["name"]: card for card in partner._get_channel_home_cards()}
        self.assertEqual(cards["certification_count"]["url"], "/my/certifications")
        counters = partner._get_channel_home_counters(["certification_count"])
        self.assertEqual(counters["certification_count"], 1)
        self.assertNotIn(
            "certification_count", partner._get_channel_home_counters(["deal_count"])
        )

    def test_the_page_costs_the_same_with_one_and_with_twenty_certificates(self):
        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._open("lms_owner")
            return self.env.cr.sql_log_count - before

        self._take(self.seller)
        queries()  # warm the caches
        few = queries()
        for number in range(19):
            exam = self._create_exam(f"Exam {number}")
            self.env["partner.certification.type"].create(
                {"name": f"Competence {number}", "survey_id": exam.id}
            )
            self._take((self.seller, self.owner)[number % 2], exam=exam)
        self.assertLessEqual(queries() - few, 2)
