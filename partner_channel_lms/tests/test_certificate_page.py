from odoo import http
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.partner_channel_portal.tests.axe import AxeMixin

from .badge_case import BadgeCase


@tagged("post_install", "-at_install")
class TestCertificatePage(BadgeCase):
    def test_the_owner_reads_what_it_proves_and_gives(self):
        self.kind.write({"competence": "Sells <b>well</b>", "level": "Expert"})
        page = self._as("lms_seller").text
        for text in (
            "Sam Seller",
            "Sells &lt;b&gt;well&lt;/b&gt;",
            "Expert",
            "Tier Skilled (Training Program) asks for 2 people",
            self.course.website_url,
            self.program.company_id.name,
            f"{self.page}/pdf",
            f"{self.page}/badge.svg",
            f"{self.page}/badge.jwt",
        ):
            self.assertIn(text, page)

    def test_the_list_leads_to_the_page(self):
        page = self._as("lms_seller", "/my/certifications").text
        self.assertIn(f'href="{self.page}"', page)

    def test_who_sees_the_training_sees_it_and_takes_nothing_along(self):
        page = self._as("lms_owner").text
        self.assertIn("Sam Seller", page)
        for text in (
            "/pdf",
            "badge.svg",
            "badge.jwt",
            "/share",
            "linkedin.com/profile",
        ):
            self.assertNotIn(text, page)
        for path in ("pdf", "badge.svg", "badge.jwt"):
            self._as("lms_owner", path, 404)

    def test_others_find_nothing(self):
        self._share()
        for login in ("lms_rival", "admin"):
            for path in ("", "pdf", "badge.svg", "badge.jwt"):
                self._as(login, path, 404)
        for number in ("0", "2147483648", "99999999999999999999"):
            self._as("lms_seller", f"/my/certifications/{number}", 404)

    def test_a_visitor_is_asked_to_log_in(self):
        self.authenticate(None, None)
        for path in ("", "/pdf", "/badge.svg", "/badge.jwt"):
            answer = self.url_open(f"{self.page}{path}", allow_redirects=False)
            self.assertIn("/web/login", answer.headers["Location"])

    def test_a_revoked_certificate_says_so_and_gives_nothing_along(self):
        self.certificate._revoke("Taken by another")
        page = self._as("lms_seller").text
        self.assertIn("This certificate was revoked.", page)
        self.assertIn("Taken by another", page)
        for path in ("pdf", "badge.svg", "badge.jwt"):
            self.assertNotIn(f"{self.page}/{path}", page)
            self._as("lms_seller", path, 404)

    def test_the_owner_shares_it_and_stops(self):
        page = self._as("lms_seller").text
        self.assertNotIn("/certificate/", page)
        page = self._send("1")
        address = self._badge()._get_page_address()
        self.assertIn(f'value="{address}"', page)
        self.assertIn("linkedin.com/profile/add?", page)
        self.assertIn(address, self._as("lms_owner").text, "the team may know it too")
        self._as("lms_seller")
        self.assertNotIn(address, self._send("0"))
        self.assertEqual(self._badge()._get_page_address(), address)

    def _send(self, share):
        token = http.Request.csrf_token(self)
        answer = self.url_open(
            f"{self.page}/share", data={"csrf_token": token, "share": share}
        )
        self.assertEqual(answer.status_code, 200)
        return answer.text

    def test_only_the_owner_shares(self):
        self.authenticate("lms_owner", "lms_owner")
        token = http.Request.csrf_token(self)
        answer = self.url_open(
            f"{self.page}/share", data={"csrf_token": token, "share": "1"}
        )
        self.assertEqual(answer.status_code, 404)
        for person in (self.owner, self.rival):
            other = self.certificate.with_user(person.user_ids)
            with self.assertRaises(AccessError):
                other._share(True)
            with self.assertRaises(AccessError):
                other._make_badge()
        self.assertFalse(self.env["partner.certification.badge"].search([]))

    def test_who_left_the_partner_keeps_the_certificate(self):
        self.seller.parent_id = False
        self._as("lms_seller")
        self._as("lms_seller", "badge.jwt")

    def test_the_page_costs_a_known_number_of_queries(self):
        self._share()
        self._as("lms_seller")  # warm the caches
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._as("lms_seller")
        self.assertLessEqual(self.env.cr.sql_log_count - before, 28)

    def test_copying_tells_that_it_is_done(self):
        self._share()
        self.start_tour(self.page, "partner_channel_lms_copy", login="lms_seller")


@tagged("post_install", "-at_install")
class TestCertificateAccessibility(BadgeCase, AxeMixin):
    """WCAG 2.1 AA, and what fits on a small phone."""

    def test_the_pages_of_a_certificate(self):
        shared = self._share()
        self._take(self.owner)
        mine = self._certificates(self.owner)
        options = {"widths": ("1280px", "390px"), "narrow": "360px"}
        self.assert_accessible(
            self.page,
            f"/my/certifications/{mine.id}",
            shared,
            login="lms_owner",
            **options,
        )
        self.assert_accessible(self.page, login="lms_seller", **options)
        self.certificate._revoke("Taken by another")
        self.assert_accessible(self.page, shared, login="lms_seller", **options)
