import base64
import gzip
import hashlib
from datetime import UTC, date, datetime
from xml.etree import ElementTree

from odoo.tests import freeze_time, tagged

from ..tools import open_badge
from .badge_case import BadgeCase

BAKED = "{https://purl.imsglobal.org/ob/v3p0}credential"


@tagged("post_install", "-at_install")
class TestOpenBadge(BadgeCase):
    def _token(self, certificate=None):
        return self._badge(certificate)._make_token()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller.user_ids.login = "seller@example.com"

    def test_it_names_nobody(self):
        token = self._token()
        said = self._read(token)
        text = str(said)
        for name in ("Sam", "Seller", "seller@", "North"):
            self.assertNotIn(name, text)
        [identity] = said["credentialSubject"]["identifier"]
        known = hashlib.sha256(f"seller@example.com{identity['salt']}".encode())
        self.assertEqual(identity["identityHash"], f"sha256${known.hexdigest()}")
        self.assertTrue(identity["hashed"])

    def test_who_it_is_follows_the_login_not_the_contact(self):
        self.seller.email = "boss@example.com"
        [identity] = self._read(self._token())["credentialSubject"]["identifier"]
        wanted = open_badge.hash_identity("seller@example.com", identity["salt"])
        self.assertEqual(identity["identityHash"], wanted)
        self.seller.user_ids.login = "no e-mail"
        subject = self._read(self._token())["credentialSubject"]
        self.assertNotIn("identifier", subject)

    def test_two_badges_of_a_person_cannot_be_tied_together(self):
        exam = self._create_exam("Second Exam")
        kind = self.kind.create({"name": "Second", "survey_id": exam.id})
        self._take(self.seller, exam=exam)
        other = self._certificates(self.seller).filtered(lambda c: c.type_id == kind)
        first, second = (self._read(self._token(c)) for c in (self.certificate, other))
        self.assertNotEqual(first["sub"], second["sub"])
        hashes = [
            one["credentialSubject"]["identifier"][0]["identityHash"]
            for one in (first, second)
        ]
        self.assertNotEqual(*hashes)

    def test_the_claims_say_what_the_badge_says(self):
        token = self._token()
        said, head = self._read(token), self._read(token, 0)
        self.assertEqual(set(head), {"alg", "kid", "typ"})
        self.assertEqual(head["alg"], "RS256")
        self.assertEqual(said["iss"], said["issuer"]["id"])
        self.assertEqual(said["jti"], said["id"])
        self.assertEqual(said["sub"], said["credentialSubject"]["id"])
        for claim, name in (("nbf", "validFrom"), ("exp", "validUntil")):
            moment = datetime.fromtimestamp(said[claim], UTC)
            self.assertEqual(said[name], moment.strftime("%Y-%m-%dT%H:%M:%SZ"))

    def test_each_part_has_the_type_the_standard_gives_it(self):
        """The validator of ``tests/test_open_badge.py`` does not look at these."""
        said = self._read(self._token())
        subject = said["credentialSubject"]
        self.assertEqual(said["type"], ["VerifiableCredential", "OpenBadgeCredential"])
        self.assertEqual(said["issuer"]["type"], ["Profile"])
        self.assertEqual(said["issuer"]["image"]["type"], "Image")
        self.assertEqual(subject["type"], ["AchievementSubject"])
        self.assertEqual(subject["achievement"]["type"], ["Achievement"])
        self.assertEqual(subject["achievement"]["achievementType"], "Certification")
        self.assertEqual(subject["identifier"][0]["type"], "IdentityObject")
        self.assertEqual(subject["identifier"][0]["identityType"], "emailAddress")
        self.assertEqual(
            said["@context"],
            [
                "https://www.w3.org/ns/credentials/v2",
                "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
            ],
        )

    def test_it_holds_through_the_last_day_where_the_issuer_is(self):
        [old] = self._take_on(self.seller, date(2024, 3, 10))
        badge = self._badge(old)
        badge.company_id.partner_id.tz = "America/New_York"
        said = self._read(self._token(old))
        # the clocks there went forward on 10 March 2024 and on 9 March 2025
        self.assertEqual(said["validFrom"], "2024-03-10T05:00:00Z")
        self.assertEqual(said["validUntil"], "2025-03-11T04:00:00Z")

    def test_it_never_begins_after_it_was_recorded(self):
        badge = self._badge()
        badge.company_id.partner_id.tz = "Pacific/Honolulu"
        begin, _end = badge._get_period()
        self.assertLessEqual(begin, datetime.now(UTC))

    def test_the_picture_carries_the_badge(self):
        self.kind.name = "Sales & <Service>"
        self.seller.user_ids.login = "lms_seller"
        answer = self._as("lms_seller", "badge.svg")
        self.assertEqual(answer.headers["Content-Type"], "image/svg+xml")
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        root = ElementTree.fromstring(answer.text)
        self.assertEqual(root[0].tag, BAKED, "directly after <svg>")
        said = self._read(root[0].attrib["verify"])
        self.assertEqual(said["name"], "Sales & <Service>")

    def test_the_issuer_is_the_company_of_the_program(self):
        other = self.env["res.company"].create({"name": "Other Vendor"})
        program = self.program.create(
            {"name": "Other", "code": "OTHER", "company_id": other.id}
        )
        self.env["res.partner.grade"].create(
            {"name": "Other Entry", "program_id": program.id}
        )
        south = self.env["partner.membership"].search(
            [("partner_id", "=", self.south.id)]
        )
        south.action_terminate()
        south.unlink()
        membership = self.env["partner.membership"].create(
            {"partner_id": self.south.id, "program_id": program.id}
        )
        membership.action_activate()
        self._take(self.rival)
        badges = self._badge() | self._badge(self._certificates(self.rival))
        self.assertEqual(badges.company_id, self.program.company_id | other)
        first, second = (self._read(badge._make_token()) for badge in badges)
        self.assertNotEqual(first["issuer"]["id"], second["issuer"]["id"])
        self.assertNotEqual(
            first["credentialStatus"]["statusListCredential"],
            second["credentialStatus"]["statusListCredential"],
        )

    def test_what_verifiers_ask_for_is_there_once_a_badge_is(self):
        company = self.program.company_id
        paths = (
            f"/badges/issuer/{company.id}",
            f"/badges/achievement/{self.kind.id}",
            f"/badges/issuer/{company.id}/jwks.json",
            f"/badges/issuer/{company.id}/status/{self._number()}",
        )
        for path in paths:
            self._as(None, path, 404)
        self._token()
        for path in paths:
            answer = self._as(None, path)
            self.assertIn("public", answer.headers["Cache-Control"])
            self.assertEqual(answer.headers["Access-Control-Allow-Origin"], "*")
        for path in (
            "/badges/issuer/0",
            "/badges/issuer/2147483648",
            "/badges/achievement/2147483648",
            f"/badges/issuer/{company.id}/status/16384",
            f"/badges/issuer/{company.id}/status/99999999999",
            "/badges/issuer/x",
        ):
            self._as(None, path, 404)

    def _number(self, certificate=None):
        certificate = certificate or self.certificate
        return certificate.id // open_badge.STATUS_LIST_SIZE

    def _bits(self, badge):
        """Return the status list a badge is in, one character a bit."""
        number = self._number(badge.certification_id)
        token = badge._get_published_status(badge.company_id.id, number)
        text = self._read(token)["credentialSubject"]["encodedList"]
        self.assertEqual(text[0], "u", "multibase, base64url")
        content = gzip.decompress(base64.urlsafe_b64decode(text[1:] + "=="))
        return "".join(f"{byte:08b}" for byte in content)

    def test_the_list_of_what_was_taken_back(self):
        self._take(self.owner)
        other = self._certificates(self.owner)
        badges = self._badge() | self._badge(other)
        self.assertNotIn("1", self._bits(badges[0]))
        other._revoke("Taken by another")
        bits = self._bits(badges[0])
        self.assertEqual(len(bits), 131072)
        index = int(badges[1]._describe_status()["statusListIndex"])
        self.assertEqual(bits.count("1"), 1)
        self.assertEqual(bits[index], "1")

    def test_certificates_without_a_badge_are_not_in_the_list(self):
        self._take(self.owner)
        self._certificates(self.owner)._revoke("Taken by another")
        self.assertNotIn("1", self._bits(self._badge()))

    def test_the_list_is_of_today(self):
        badge = self._badge()
        with freeze_time("2026-05-01 12:00:00"):
            number = self._number()
            token = badge._get_published_status(badge.company_id.id, number)
        said = self._read(token)
        self.assertEqual(said["validFrom"], "2026-05-01T11:00:00Z")
        self.assertEqual(said["validUntil"], "2026-05-02T12:00:00Z")

    def test_many_revoked_cost_as_much_as_one(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            badge._get_published_status(badge.company_id.id, self._number())
            return self.env.cr.sql_log_count - before

        badge = self._badge()
        self.certificate._revoke("Taken by another")
        count()
        one = count()
        for _number in range(5):
            self._take(self.owner)
        many = self._certificates(self.owner)
        for certificate in many:
            self._badge(certificate)
        many._revoke("Taken by another")
        self.assertEqual(count(), one)
