from odoo.http import Controller, request, route

#: certificates one network may look up in an hour
LOOKS_PER_HOUR = 120


class CertificatePublic(Controller):
    """What anybody sees who was given the address of a certificate."""

    @route(
        "/certificate/<string:token>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
    )
    def certificate(self, token, **query):
        throttle = request.env["partner.portal.throttle"]
        # counted first: also who guesses is counted
        if not throttle._count_visitor("certificate", LOOKS_PER_HOUR):
            return self._render({"refusal": throttle._get_limit_message()}, 429)
        badge_sudo = request.env["partner.certification.badge"]._find_public(token)
        if not badge_sudo:
            return self._render({}, 404)
        return self._render({"shown": badge_sudo._get_public_values()}, 200)

    def _render(self, values, status):
        """Return the page; one answer for all addresses that show nothing."""
        answer = request.render(
            "partner_channel_lms.certificate_public",
            {"shown": None, "refusal": "", **values},
            status=status,
        )
        answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        # the owner may take the page back, and it tells the state of today
        answer.headers["Cache-Control"] = "no-store"
        # the address is the secret: links on the page must not tell it
        answer.headers["Referrer-Policy"] = "no-referrer"
        if status == 429:
            answer.headers["Retry-After"] = "600"
        return answer
