"""Badges of ours before an independent validator, which is no part of Odoo.

Everything a verifier needs is asked for over HTTP, as a visitor without a login.
"""

import base64
import json
import os
import subprocess
from datetime import date
from pathlib import Path

from odoo.tests import HttpCase, tagged

from odoo.addons.partner_channel_lms.tests.common import CertificationCommon
from odoo.addons.partner_channel_lms.tools import open_badge

VALIDATOR = os.environ.get("PARTNER_CHANNEL_BADGE_VALIDATOR", "")
SCRIPT = Path(__file__).parent / "badges" / "validate.py"
EMAIL = "seller@example.com"


def read(token, part):
    """Return the header (0) or the payload (1) of a token."""
    return json.loads(base64.urlsafe_b64decode(token.split(".")[part] + "=="))


def judge(*jobs):
    """Return the validator's verdicts."""
    done = subprocess.run(
        [VALIDATOR, str(SCRIPT)],
        input=json.dumps(jobs),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert not done.returncode, done.stderr
    return json.loads(done.stdout)


class BadgeMixin:
    """Takes a badge and all a verifier asks for from the running server."""

    def _download(self, certificate, name="badge.jwt", login=EMAIL):
        self.authenticate(login, login)
        answer = self.url_open(f"/my/certifications/{certificate.id}/{name}")
        self.assertEqual(answer.status_code, 200)
        return answer.text

    def _ask(self, token):
        """Return what a verifier finds at the addresses in a badge."""
        self.authenticate(None, None)
        badge = read(token, 1)
        status = badge["credentialStatus"]["statusListCredential"]
        found = {status: self._get(status)}
        for address in (
            read(token, 0)["kid"],
            read(found[status], 0)["kid"],
            badge["issuer"]["id"],
            badge["credentialSubject"]["achievement"]["id"],
        ):
            found[address] = self._get(address)
        return found

    def _get(self, address):
        answer = self.url_open(address)
        self.assertEqual(answer.status_code, 200, address)
        return answer.text

    def _job(self, token, **values):
        return {
            "token": token,
            "documents": self._ask(token),
            "email": EMAIL,
            **values,
        }


@tagged("post_install", "-at_install")
class TestOpenBadge(BadgeMixin, CertificationCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not VALIDATOR:
            cls.skipTest(cls, "PARTNER_CHANNEL_BADGE_VALIDATOR names no validator")
        cls.seller.user_ids.write({"login": EMAIL, "password": EMAIL})

    def _earn(self):
        self._take(self.seller)
        return self._certificates(self.seller)[:1]

    def test_a_badge_is_valid_and_tells_who_and_what(self):
        certificate = self._earn()
        token = self._download(certificate)
        picture = self._download(certificate, "badge.svg")
        job = self._job(token)
        plain, drawn, other = judge(
            job,
            {**job, "token": None, "picture": picture},
            {**job, "email": "rival@example.com"},
        )
        issuer = read(token, 1)["issuer"]["id"]
        wanted = {"valid": True, "name": "Sales", "issuer": issuer, "is_known": True}
        self.assertEqual(plain, wanted)
        self.assertEqual(drawn, wanted)
        self.assertEqual(other, {**wanted, "is_known": False})
        profile = json.loads(job["documents"][issuer])
        self.assertEqual(profile["id"], issuer)
        self.assertEqual(profile["name"], self.program.company_id.name)

    def test_what_was_changed_or_signed_by_another_is_refused(self):
        token = self._download(self._earn())
        job = self._job(token)
        head, _body, signature = token.split(".")
        forged = read(token, 1)
        forged["credentialSubject"]["achievement"]["name"] = "Chief Engineer"
        body = open_badge.encode(json.dumps(forged).encode())
        pem, jwk = open_badge.make_key()
        kid = read(token, 0)["kid"]
        stranger = {**job["documents"], kid: json.dumps(jwk)}
        changed, by_another, other_key = judge(
            {**job, "token": f"{head}.{body}.{signature}"},
            {**job, "token": open_badge.sign(read(token, 1), pem, kid)},
            {**job, "documents": stranger},
        )
        for verdict in (changed, by_another, other_key):
            self.assertEqual(verdict, {"valid": False, "reason": "Invalid signature"})

    def test_an_expired_badge_is_refused(self):
        [certificate] = self._take_on(self.seller, date(2020, 6, 1))
        [verdict] = judge(self._job(self._download(certificate)))
        self.assertFalse(verdict["valid"])
        self.assertIn("expired", verdict["reason"])

    def test_a_revoked_badge_is_refused_and_no_other(self):
        certificate = self._earn()
        exam = self._create_exam("Second Exam")
        kind = self.kind.copy({"name": "Second", "survey_id": exam.id})
        self._take(self.seller, exam=exam)
        other = self._certificates(self.seller).filtered(lambda c: c.type_id == kind)
        tokens = [self._download(certificate), self._download(other)]
        certificate._revoke("Taken by another")
        revoked, held = judge(*(self._job(token) for token in tokens))
        self.assertFalse(revoked["valid"])
        self.assertIn("revocation", revoked["reason"])
        self.assertTrue(held["valid"])

    def test_a_new_key_leaves_old_badges_valid(self):
        certificate = self._earn()
        old = self._download(certificate)
        company = self.program.company_id
        self.env["partner.badge.key"].with_company(company).action_new_key()
        new = self._download(certificate)
        self.assertNotEqual(read(old, 0)["kid"], read(new, 0)["kid"])
        first, second = judge(self._job(old), self._job(new))
        self.assertTrue(second["valid"])
        self.assertTrue(first["valid"], first)
