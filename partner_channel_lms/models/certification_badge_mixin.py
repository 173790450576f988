import base64
import io

import qrcode
from werkzeug.urls import url_encode

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

_LINKEDIN = "https://www.linkedin.com/profile/add"


class CertificationBadgeMixin(models.AbstractModel):
    """How a person shows a certificate: page, paper, public address, badge."""

    _name = "certification.badge.mixin"
    _description = "Certification: Shown to Others"

    # === WHO MAY === #

    def _is_own(self):
        """Return whether the certificate is the current user's."""
        self.ensure_one()
        return self.partner_id == self.env.user.partner_id

    @api.model
    def _find_portal(self, certification_id):
        """Return a certificate the current user may open, else empty.

        :param int certification_id: from the address, may be anything
        """
        domain = Domain("id", "=", certification_id) & self._get_portal_domain()
        return self.search(domain) if certification_id < 2**31 else self.browse()

    @api.model
    def _find_own(self, certification_id):
        """Return a certificate of the current user, else empty."""
        return self._find_portal(certification_id).filtered(lambda rec: rec._is_own())

    def _get_badge_company(self):
        """Return the vendor company that issues the certificate, in sudo.

        That of the first program the person's company was a member of when the
        certificate was earned; types belong to no company.
        """
        self.ensure_one()
        # sudo: whose program it is may not be the reader's to know
        certificate_sudo = self.sudo()
        companies = (
            certificate_sudo.issued_company_partner_id
            | certificate_sudo.commercial_partner_id
        )
        memberships_sudo = certificate_sudo.env["partner.membership"].search(
            [("partner_id", "in", companies.ids)], order="id"
        )
        memberships_sudo = memberships_sudo.sorted(
            lambda one: companies.ids.index(one.partner_id.id)
        )
        return memberships_sudo.company_id[:1] or certificate_sudo.env[
            "res.company"
        ].search([], order="id", limit=1)

    # === WHAT THE PAGE SAYS === #

    def _prepare_page_values(self):
        """Return what the certificate's page shows besides the certificate.

        :return: dict with ``is_own``, ``uses``, ``course``, ``address`` of the public
            page (``False`` while it is not shared), ``linkedin`` and ``can_sign``
        """
        self.ensure_one()
        # sudo: badges are nobody's to read; the certificate was found with the rights
        # of the reader
        badge_sudo = self.env["partner.certification.badge"].sudo()
        badge_sudo = badge_sudo.search([("certification_id", "=", self.id)])
        company_sudo = badge_sudo.company_id or self._get_badge_company()
        address = badge_sudo.is_public and badge_sudo._get_page_address()
        keys_sudo = self.env["partner.badge.key"].sudo()
        is_own = self._is_own()
        return {
            "is_own": is_own,
            "issuer": company_sudo.name,
            "uses": self.type_id._get_portal_uses().get(self.type_id.id, []),
            "course": self.type_id._get_course_url(),
            "address": address,
            "linkedin": is_own
            and address
            and self._get_linkedin_address(address, company_sudo.name),
            "can_sign": is_own
            and not self.revoked
            and keys_sudo._can_sign(company_sudo),
        }

    def _get_linkedin_address(self, address, issuer):
        """Return the address that adds the certificate to a profile on LinkedIn."""
        values = {
            "startTask": "CERTIFICATION_NAME",
            "name": self.type_id.name,
            "organizationName": issuer,
            "issueYear": self.date_issued.year,
            "issueMonth": self.date_issued.month,
            "certUrl": address,
        }
        if self.date_expiry:
            values["expirationYear"] = self.date_expiry.year
            values["expirationMonth"] = self.date_expiry.month
        return f"{_LINKEDIN}?{url_encode(values)}"

    # === WHAT THE PERSON DOES === #

    def _share(self, is_public):
        """Let the world see the certificate at its address, or no longer.

        The address stays the same: what is printed on paper holds again when the
        person shares the certificate again.

        :param bool is_public: whether it is shared from now on
        :raise AccessError: unless it is the current user's own
        """
        if not self._is_own():
            raise AccessError(
                self.env._("Only the person a certificate belongs to may share it.")
            )
        badges = self.env["partner.certification.badge"]
        badges._make(self).is_public = is_public

    def _make_badge(self):
        """Return the badge, in sudo, for its owner to download.

        :raise AccessError: unless it is the current user's own
        :raise UserError: when it was taken back
        """
        self.ensure_one()
        if not self._is_own():
            raise AccessError(
                self.env._("A badge can be downloaded by its owner only.")
            )
        if self.revoked:
            raise UserError(self.env._("The certificate was revoked: it has no badge."))
        badge_sudo = self.env["partner.certification.badge"]._make(self)
        return badge_sudo.with_context(lang=self.env.lang)

    # === PAPER === #

    def _check_paper(self):
        """Raise unless the current user may print these certificates.

        Their owner may, and employees who may read them; colleagues with the role see
        the certificate, but the paper is the person's.
        """
        self.check_access("read")
        if self.env.user.share and any(not record._is_own() for record in self):
            raise AccessError(
                self.env._("A certificate can be printed by its owner only.")
            )
        if any(record.revoked for record in self):
            raise UserError(
                self.env._("The certificate was revoked: it cannot be printed.")
            )

    def _get_paper_values(self):
        """Return what is printed, in the person's language.

        The address is printed only while the person shares it.

        :return: dict with ``certificate``, ``company``, ``address`` and ``qr``
        """
        self.ensure_one()
        # sudo: access was checked by _check_paper
        certificate_sudo = self.sudo().with_context(lang=self.sudo().partner_id.lang)
        badges_sudo = certificate_sudo.env["partner.certification.badge"]
        badge_sudo = badges_sudo.search([("certification_id", "=", self.id)])
        address = badge_sudo.is_public and badge_sudo._get_page_address()
        return {
            "certificate": certificate_sudo,
            "company": badge_sudo.company_id or certificate_sudo._get_badge_company(),
            "address": address,
            "qr": address and self._draw_qr(address),
        }

    @api.model
    def _draw_qr(self, address):
        """Return an address as QR code: base64 of a PNG.

        Not by the barcodes of reports: they need a renderer that not every
        installation has.
        """
        content = io.BytesIO()
        qrcode.make(address, box_size=6).save(content, format="PNG")
        return base64.b64encode(content.getvalue())
