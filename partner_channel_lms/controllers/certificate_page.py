from werkzeug.exceptions import NotFound

from odoo.exceptions import AccessError, UserError
from odoo.http import Controller, content_disposition, request, route

_PAPER = "partner_channel_lms.report_certificate"
_PICTURE = "image/svg+xml"
_TOKEN = "application/vc+jwt"


class CertificatePage(Controller):
    """The page of one certificate, and what its owner takes along."""

    @route(
        "/my/certifications/<int:certification_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_certificate(self, certification_id, **query):
        certificate = request.env["partner.certification"]._find_portal(
            certification_id
        )
        if not certificate:
            raise NotFound()
        values = {
            "certificate": certificate,
            "page_name": "certificate",
            **certificate._prepare_page_values(),
        }
        return request.render("partner_channel_lms.certificate_page", values)

    @route(
        "/my/certifications/<int:certification_id>/share",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_certificate_share(self, certification_id, **post):
        certificate = self._get_own(certification_id)
        certificate._share(post.get("share") == "1")
        page = f"/my/certifications/{certificate.id}#share"
        return request.redirect(page, code=303)

    @route("/my/certifications/<int:certification_id>/pdf", type="http", auth="user")
    def portal_certificate_pdf(self, certification_id, **query):
        certificate = self._get_own(certification_id)
        if certificate.revoked:
            raise NotFound()
        # sudo: the layout reads the vendor's records; whose it is was checked above
        report = request.env["ir.actions.report"].sudo()
        content, kind = report._render_qweb_pdf(_PAPER, certificate.ids)
        kinds = {"pdf": "application/pdf", "html": "text/html; charset=utf-8"}
        return self._download(content, kinds[kind], f"certificate.{kind}")

    @route(
        "/my/certifications/<int:certification_id>/badge.svg", type="http", auth="user"
    )
    def portal_certificate_badge(self, certification_id, **query):
        badge_sudo = self._get_badge(certification_id)
        return self._download(badge_sudo._make_picture(), _PICTURE, "badge.svg")

    @route(
        "/my/certifications/<int:certification_id>/badge.jwt", type="http", auth="user"
    )
    def portal_certificate_token(self, certification_id, **query):
        badge_sudo = self._get_badge(certification_id)
        return self._download(badge_sudo._make_token(), _TOKEN, "badge.jwt")

    def _get_own(self, certification_id):
        """Return a certificate of the reader, or answer 404."""
        found = request.env["partner.certification"]._find_own(certification_id)
        if not found:
            raise NotFound()
        return found

    def _get_badge(self, certification_id):
        """Return the badge of a certificate of the reader, or answer 404.

        Also where none can be made: the page offers none then.
        """
        certificate = self._get_own(certification_id)
        if not certificate._prepare_page_values()["can_sign"]:
            raise NotFound()
        try:
            return certificate._make_badge()
        except (AccessError, UserError) as error:
            raise NotFound() from error

    def _download(self, content, kind, name):
        """Return an answer a browser saves and nobody keeps between."""
        return request.make_response(
            content,
            [
                ("Content-Type", kind),
                ("Content-Disposition", content_disposition(name)),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "no-store"),
            ],
        )
