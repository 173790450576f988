from odoo.http import Controller, request, route

from ..tools.form_values import visible

#: hashes one address may ask for in an hour
PROOFS_PER_HOUR = 60


class ProofPortal(Controller):
    """Whether the log holds a hash, for anybody."""

    @route(
        "/partner-channel/proof",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
    )
    def portal_proof(self, **query):
        text = query.get("hash")
        text = visible(text if isinstance(text, str) else "")[:100]
        throttle = request.env["partner.portal.throttle"]
        is_limited = bool(text) and not throttle._count_visitor(
            "proof", PROOFS_PER_HOUR
        )
        log = request.env["partner.registration.log"]
        values = {
            "hash": text,
            "is_asked": bool(text) and not is_limited,
            "is_held": bool(text) and not is_limited and log._holds_hash(text),
            "refusal": throttle._get_limit_message() if is_limited else "",
        }
        status = 429 if is_limited else 200
        return request.render("partner_channel_portal.proof", values, status=status)
