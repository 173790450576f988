from odoo.tests import HttpCase, tagged

from odoo.addons.partner_channel_portal.tests.axe import AxeMixin

from .common import CertificationCommon


@tagged("post_install", "-at_install")
class TestCertificationAccessibility(CertificationCommon, HttpCase, AxeMixin):
    """WCAG 2.1 AA, and what fits on a small phone: certificates and what to earn."""

    def test_the_pages_of_the_certificates(self):
        self._take(self.seller)
        self._certificates(self.seller)._revoke("Taken by another")
        self._take(self.owner)
        self.assert_accessible(
            "/my/certifications",
            "/my/certifications?filterby=mine&search=nothing",
            "/my/home",
            login="lms_owner",
            widths=("1280px", "390px"),
            narrow="360px",
        )
        self.assert_accessible(
            "/my/certifications",
            login="lms_rival",
            widths=("1280px", "390px"),
            narrow="360px",
        )
