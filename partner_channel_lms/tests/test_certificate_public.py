from datetime import date

from odoo.tests import freeze_time, tagged

from .badge_case import BadgeCase


@tagged("post_install", "-at_install")
class TestCertificatePublic(BadgeCase):
    def _visit(self, path, status=200):
        self.authenticate(None, None)
        answer = self.url_open(path)
        self.assertEqual(answer.status_code, status)
        return answer

    def test_it_says_what_was_earned_and_nothing_else(self):
        self.kind.write({"competence": "Sells", "level": "Expert"})
        answer = self._visit(self._share())
        company = self.program.company_id
        for text in ("Sam Seller", "Sales", "Expert", "Sells", company.name, "valid"):
            self.assertIn(text, answer.text)
        for text in (
            "North",
            "seller@example.com",
            "100",
            "Training Program",
            f"certifications/{self.certificate.id}",
        ):
            self.assertNotIn(text, answer.text.split("<main")[1].split("</main")[0])

    def test_robots_proxies_and_linked_pages_learn_nothing(self):
        shared = self._share()
        for path, status in ((shared, 200), ("/certificate/wrong", 404)):
            headers = self._visit(path, status).headers
            self.assertIn("noindex", headers["X-Robots-Tag"])
            self.assertEqual(headers["Cache-Control"], "no-store")
            self.assertEqual(headers["Referrer-Policy"], "no-referrer")
        self.assertIn('content="noindex, nofollow"', self._visit(shared).text)
        self.assertNotIn("/certificate/", self._visit("/sitemap.xml").text)

    def test_addresses_that_show_nothing_are_all_the_same(self):
        self._badge()  # made, not shared
        token = self._badge().token
        pages = {
            self._visit(f"/certificate/{text}", 404).text
            for text in (token, "A" * 43, "a", "a.b", "%00", "x" * 3000)
        }
        bodies = {page.split("<main")[1].split("</main")[0] for page in pages}
        self.assertEqual(len(bodies), 1)
        self.assertIn("No certificate here", bodies.pop())

    def test_it_is_gone_when_the_owner_stops_sharing(self):
        shared = self._share()
        self._visit(shared)
        self.assertEqual(self._share(False), shared)
        self._visit(shared, 404)
        self._share()
        self._visit(shared)

    def test_a_token_is_long_and_one_for_each(self):
        self._take(self.owner)
        first = self._badge()
        second = self._badge(self._certificates(self.owner))
        self.assertEqual((len(first.token), len(second.token)), (43, 43))
        self.assertNotEqual(first.token, second.token)
        self.assertEqual(self._badge(), first, "made once")

    def test_a_revoked_one_says_so_and_not_why(self):
        shared = self._share()
        self.certificate._revoke("Taken by another")
        page = self._visit(shared).text
        self.assertIn("This certificate was revoked on", page)
        self.assertNotIn("Taken by another", page)
        self.assertNotIn("valid today", page)

    def test_it_tells_the_state_of_today(self):
        [old] = self._take_on(self.seller, date(2024, 3, 10))
        shared = self._share(certificate=old)
        badge = self._badge(old)
        for day, state in (
            ("2024-03-10", "valid"),
            ("2025-03-01", "valid"),  # expiring is the holder's matter
            ("2025-03-10", "valid"),
            ("2025-03-12", "expired"),
        ):
            with self.subTest(day=day), freeze_time(f"{day} 12:00:00"):
                self.env.invalidate_all()
                self.assertEqual(badge._get_public_values()["state"], state)
        self.assertIn("has expired", self._visit(shared).text)

    def test_the_day_is_that_of_the_issuer(self):
        [old] = self._take_on(self.seller, date(2024, 3, 10))
        badge = self._badge(old)
        self.assertEqual(old.date_expiry, date(2025, 3, 10))
        for zone, state in (("Pacific/Auckland", "expired"), ("UTC", "valid")):
            badge.company_id.partner_id.tz = zone
            with freeze_time("2025-03-10 18:00:00"):
                self.env.invalidate_all()
                self.assertEqual(badge._get_public_values()["state"], state, zone)

    def test_who_looks_up_too_many_is_stopped(self):
        self.patch_limit(2)
        shared = self._share()
        self._visit(shared)
        self._visit("/certificate/wrong", 404)
        answer = self._visit(shared, 429)
        self.assertNotIn("Sam Seller", answer.text)
        self.assertIn("Too many requests", answer.text)

    def patch_limit(self, limit):
        from ..controllers import certificate_public

        self.patch(certificate_public, "LOOKS_PER_HOUR", limit)
