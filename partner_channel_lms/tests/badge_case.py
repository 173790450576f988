"""A certificate of the seller, and its pages."""

import base64
import json

from odoo.tests import HttpCase

from .common import CertificationCommon


class BadgeCase(CertificationCommon, HttpCase):
    """The seller has passed the exam; nobody is logged in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._take(cls.seller)
        cls.certificate = cls.Certification.search([("partner_id", "=", cls.seller.id)])
        cls.page = f"/my/certifications/{cls.certificate.id}"

    def _as(self, login, path="", status=200, **options):
        """Open a page below the certificate's, or any other, as somebody."""
        self.authenticate(login, login)
        url = path if path.startswith("/") else f"{self.page}{path and '/'}{path}"
        answer = self.url_open(url, **options)
        self.assertEqual(answer.status_code, status, url)
        return answer

    def _share(self, is_public=True, certificate=None):
        """Share the certificate as its owner does; return the public address."""
        certificate = certificate or self.certificate
        own = certificate.with_user(certificate.partner_id.user_ids)
        own._share(is_public)
        badge = self._badge(certificate)
        return f"/certificate/{badge.token}"

    def _badge(self, certificate=None):
        """Return what shows the certificate to the world, made when there is none."""
        badges = self.env["partner.certification.badge"]
        return badges._make(certificate or self.certificate)

    @staticmethod
    def _read(token, part=1):
        """Return the header (0) or the payload (1) of a signed token."""
        return json.loads(base64.urlsafe_b64decode(token.split(".")[part] + "=="))
