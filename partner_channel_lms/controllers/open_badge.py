import json

from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.http import Controller, request, route

#: status lists one network may ask for in an hour; each is signed anew
LISTS_PER_HOUR = 3600
_PUBLIC = {
    "type": "http",
    "auth": "public",
    "methods": ["GET", "HEAD"],
    # verifiers in browsers are on other sites
    "cors": "*",
    "save_session": False,
    "sitemap": False,
}
_HOUR = 3600


class OpenBadgePublisher(Controller):
    """What a verifier of Open Badges asks us for: who, what, with which key."""

    @route("/badges/issuer/<int:company_id>", readonly=True, **_PUBLIC)
    def badge_issuer(self, company_id, **query):
        profile = self._get_badges_sudo()._get_published_issuer(_small(company_id))
        return self._answer(profile, "application/ld+json")

    @route("/badges/achievement/<int:type_id>", readonly=True, **_PUBLIC)
    def badge_achievement(self, type_id, **query):
        found = self._get_badges_sudo()._get_published_achievement(_small(type_id))
        return self._answer(found, "application/ld+json")

    @route("/badges/key/<string:kid>", readonly=True, **_PUBLIC)
    def badge_key(self, kid, **query):
        found = self._get_keys([("kid", "=", kid)])
        return self._answer(found[0] if found else None, "application/jwk+json")

    @route("/badges/issuer/<int:company_id>/jwks.json", readonly=True, **_PUBLIC)
    def badge_keys(self, company_id, **query):
        found = self._get_keys([("company_id", "=", _small(company_id))])
        keys = {"keys": found} if found else None
        return self._answer(keys, "application/jwk-set+json")

    @route("/badges/issuer/<int:company_id>/status/<int:number>", **_PUBLIC)
    def badge_status(self, company_id, number, **query):
        throttle = request.env["partner.portal.throttle"]
        if not throttle._count_visitor("badge-status", LISTS_PER_HOUR):
            return request.make_response("", [("Retry-After", "600")], status=429)
        badges_sudo = self._get_badges_sudo()
        try:
            token = badges_sudo._get_published_status(_small(company_id), number)
        except UserError as error:
            # a copy of the database signs nothing
            raise NotFound() from error
        return self._answer(token, "application/vc+jwt", 300)

    def _get_badges_sudo(self):
        # sudo: visitors read nothing; each method hands out what is public
        return request.env["partner.certification.badge"].sudo()

    def _get_keys(self, domain):
        # sudo: as above, and public keys are public
        return request.env["partner.badge.key"].sudo()._get_published(domain)

    def _answer(self, value, kind, seconds=_HOUR):
        """Return JSON or a token, or answer 404 when there is none."""
        if value is None:
            raise NotFound()
        text = value if isinstance(value, str) else json.dumps(value)
        return request.make_response(
            text,
            [
                ("Content-Type", kind),
                ("Cache-Control", f"public, max-age={seconds}"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )


def _small(number):
    """Return a number of an address that the database can hold, else 0."""
    return number if number < 2**31 else 0
