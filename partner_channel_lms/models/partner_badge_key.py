import json

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..tools import open_badge


class PartnerBadgeKey(models.Model):
    """A key a vendor company signs Open Badges with.

    Made when the first badge is, or by the administrator. One of a company is in
    use; those before stay published, so that what they signed can still be verified,
    but their private parts are gone.
    """

    _name = "partner.badge.key"
    _description = "Open Badge Key"
    _order = "date_retired desc, id desc"
    _rec_name = "kid"

    company_id = fields.Many2one(
        "res.company",
        "Issuer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    kid = fields.Char(
        "Thumbprint", required=True, readonly=True, help="Name of the key (RFC 7638)."
    )
    public_jwk = fields.Text(
        "Public Key", required=True, readonly=True, help="As JSON Web Key."
    )
    # nobody reads it by RPC, not even the administrator
    private_pem = fields.Text(
        readonly=True, copy=False, exportable=False, groups=fields.NO_ACCESS
    )
    date_retired = fields.Datetime(
        "Replaced On", readonly=True, help="Empty while the key signs new badges."
    )

    _kid_uniq = models.UniqueIndex("(kid)")
    _in_use_uniq = models.UniqueIndex("(company_id) WHERE date_retired IS NULL")

    # === ACTIONS === #

    def action_new_key(self):
        """Let the current company sign with a new key from now on.

        Badges signed before stay valid.

        :return: client action that shows the list again
        """
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(
                self.env._("Only the administrator may replace the key of badges.")
            )
        # sudo: nobody may write keys but these methods; the right was checked above
        keys_sudo = self.sudo()
        keys_sudo._get_used(self.env.company)._retire()
        keys_sudo._make(self.env.company)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    # === FOR BADGES (all in sudo: keys are the administrator's) === #

    @api.model
    def _get_used(self, company):
        """Return the key a company signs with, empty when there is none yet."""
        return self.search(
            [("company_id", "=", company.id), ("date_retired", "=", False)]
        )

    @api.model
    def _make(self, company):
        """Return the key in use of a company, made when there is none.

        In SQL: of two first badges at once one waits for the other here, and then
        either finds its key or is begun anew by Odoo, as after any such conflict.
        """
        pem, jwk = open_badge.make_key()
        now = fields.Datetime.now()
        values = {
            "company_id": company.id,
            "kid": jwk["kid"],
            "public_jwk": json.dumps(jwk),
            "private_pem": pem,
            "create_uid": self.env.uid,
            "create_date": now,
            "write_uid": self.env.uid,
            "write_date": now,
        }
        self.flush_model()
        self.env.execute_query(
            SQL(
                "INSERT INTO partner_badge_key (%s) VALUES (%s)"
                " ON CONFLICT (company_id) WHERE date_retired IS NULL DO NOTHING"
                " RETURNING id",
                SQL(", ").join(map(SQL.identifier, values)),
                SQL(", ").join(SQL("%s", value) for value in values.values()),
            )
        )
        return self._get_used(company)

    def _retire(self):
        """Take keys out of use for good: the private parts are deleted."""
        self.write({"date_retired": fields.Datetime.now(), "private_pem": False})

    @api.model
    def _can_sign(self, company):
        """Return whether badges of a company can be made now.

        Not in a neutralised copy: it has lost the private parts.
        """
        key = self._get_used(company)
        return not key or bool(key.private_pem)

    @api.model
    def _sign(self, company, payload):
        """Return a payload signed by a company.

        :param company: ``res.company``
        :param dict payload: see ``tools/open_badge_format.py``
        :raise UserError: when the private key was removed
        """
        key = self._get_used(company) or self._make(company)
        if not key.private_pem:
            raise UserError(
                self.env._(
                    "Badges cannot be signed: this database is a copy without the "
                    "private key. The administrator can make a new key in the list "
                    "of badge keys."
                )
            )
        return open_badge.sign(payload, key.private_pem, key._get_address())

    def _get_address(self):
        """Return where the public key is published."""
        self.ensure_one()
        return f"{self.get_base_url()}/badges/key/{self.kid}"

    @api.model
    def _get_published(self, domain):
        """Return the public keys of a domain, as JSON Web Keys.

        :param list domain: on this model
        """
        return [json.loads(key.public_jwk) for key in self.search(domain)]
