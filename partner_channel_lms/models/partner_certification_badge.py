import re
import secrets
import uuid

from odoo import api, fields, models
from odoo.tools import SQL

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


class PartnerCertificationBadge(models.Model):
    """What shows one certificate to the world: its public page and its badge.

    Made when the person first asks for either. The page can be seen only while the
    person shares it: a certificate is the person's, and so is the decision whom to
    show it to.
    """

    _name = "partner.certification.badge"
    _description = "Certificate Shown to the World"
    _inherit = ["certification.credential.mixin"]
    _order = "id desc"
    _rec_name = "certification_id"

    certification_id = fields.Many2one(
        "partner.certification",
        "Certificate",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company",
        "Issuer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        help="The vendor company whose program the person's company was in.",
    )
    is_public = fields.Boolean(
        "Shared", readonly=True, help="Whoever has the address sees the public page."
    )
    # secrets of the person; methods of ours hand them out
    token = fields.Char(
        required=True, readonly=True, copy=False, groups=fields.NO_ACCESS
    )
    salt = fields.Char(
        required=True, readonly=True, copy=False, groups=fields.NO_ACCESS
    )
    identity = fields.Char(
        required=True, readonly=True, copy=False, groups=fields.NO_ACCESS
    )

    _certification_uniq = models.UniqueIndex("(certification_id)")
    _token_uniq = models.UniqueIndex("(token)")

    @api.model
    def _make(self, certification):
        """Return the badge of a certificate in sudo, made when there is none.

        In SQL: of two requests at once one waits for the other here and finds what
        it made, or is begun anew by Odoo. Who may ask was checked before.
        """
        # sudo: nobody reads badges; who may ask was checked by the caller
        badges_sudo = self.sudo()
        found = badges_sudo.search([("certification_id", "=", certification.id)])
        if found:
            return found
        now = fields.Datetime.now()
        values = {
            "certification_id": certification.id,
            "company_id": certification._get_badge_company().id,
            "is_public": False,
            # 256 random bits
            "token": secrets.token_urlsafe(32),
            "salt": secrets.token_urlsafe(16),
            "identity": str(uuid.uuid4()),
            "create_uid": self.env.uid,
            "create_date": now,
            "write_uid": self.env.uid,
            "write_date": now,
        }
        self.env["partner.certification"].flush_model()
        self.env.execute_query(
            SQL(
                "INSERT INTO partner_certification_badge (%s) VALUES (%s)"
                " ON CONFLICT (certification_id) DO NOTHING RETURNING id",
                SQL(", ").join(map(SQL.identifier, values)),
                SQL(", ").join(SQL("%s", value) for value in values.values()),
            )
        )
        return badges_sudo.search([("certification_id", "=", certification.id)])

    # === PUBLIC PAGE === #

    @api.model
    def _find_public(self, token):
        """Return the badge whose page anybody may see, in sudo; else empty.

        :param str token: from the address, may be anything
        """
        # sudo: visitors read nothing; who knows the token may see this one
        badges_sudo = self.sudo()
        if not isinstance(token, str) or not _TOKEN.fullmatch(token):
            return badges_sudo.browse()
        return badges_sudo.search([("token", "=", token), ("is_public", "=", True)])

    def _get_page_address(self):
        """Return the address of the public page."""
        self.ensure_one()
        return f"{self.get_base_url()}/certificate/{self.token}"

    def _get_public_values(self):
        """Return what the public page says, and nothing else.

        The state is today's where the issuer is.

        :return: dict of texts, dates and ``state``: valid, expired or revoked
        """
        self.ensure_one()
        there = self.with_context(tz=self.company_id._get_channel_tz())
        certificate = there.certification_id
        state = "valid" if certificate.state == "expiring" else certificate.state
        return {
            "person": certificate.partner_id.name,
            "name": certificate.type_id.name,
            "level": certificate.type_id.level,
            "competence": certificate.type_id.competence,
            "issued": certificate.date_issued,
            "expires": certificate.date_expiry,
            "revoked": certificate.date_revoked,
            "issuer": self.company_id.name,
            "state": state,
        }
