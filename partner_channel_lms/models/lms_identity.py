from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import xapi_evidence


class LmsIdentity(models.Model):
    """Who somebody of a learning system is among our contacts."""

    _name = "lms.identity"
    _description = "Person of a Learning System"
    _order = "provider_id, actor_key, id"
    _rec_name = "actor_key"

    provider_id = fields.Many2one(
        "lms.provider", "Learning System", required=True, index=True, ondelete="cascade"
    )
    actor_key = fields.Char(
        "Known There As",
        required=True,
        help="mbox:mailto:address, mbox_sha1sum:hash, openid:address or "
        "account:home page|name",
    )
    partner_id = fields.Many2one(
        "res.partner", "Person", required=True, index=True, ondelete="cascade"
    )

    _actor_uniq = models.Constraint(
        "UNIQUE (provider_id, actor_key)",
        "This learning system's person is already tied to a contact.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._requeue()
        return records

    def write(self, vals):
        if {"provider_id", "actor_key"} & vals.keys():
            self._requeue()
        result = super().write(vals)
        self._requeue()
        return result

    def unlink(self):
        self._requeue()
        return super().unlink()

    def _requeue(self):
        """Have what was said of these people looked at again."""
        for provider, records in self.grouped("provider_id").items():
            provider.env["lms.statement"]._requeue(
                [
                    ("provider_id", "=", provider.id),
                    ("actor_key", "in", records.mapped("actor_key")),
                ]
            )

    @api.model
    def _resolve(self, pairs):
        """Find the contacts behind people of learning systems.

        First who was tied by hand, then the login of exactly one portal user of a
        partner: partners may write any e-mail on a contact, a login they may not. Of
        people they have invited it counts once these have logged in.

        :param pairs: set of ``(provider id, actor key)``
        :return: ``{pair: contact}``, and the set of pairs with several
        """
        # sudo: the job looks for people of every partner
        known_sudo = self.sudo().search(
            [
                ("provider_id", "in", list({provider for provider, _key in pairs})),
                ("actor_key", "in", list({key for _provider, key in pairs})),
            ]
        )
        found = {
            (record.provider_id.id, record.actor_key): record.partner_id
            for record in known_sudo
        }
        rest = pairs - found.keys()
        people = self._find_by_login({key for _provider, key in rest})
        doubtful = {pair for pair in rest if len(people.get(pair[1], ())) > 1}
        for pair in rest - doubtful:
            if people.get(pair[1]):
                found[pair] = people[pair[1]]
        return {pair: found[pair] for pair in pairs & found.keys()}, doubtful

    @api.model
    def _find_by_login(self, keys):
        """Return ``{actor key: contacts}`` of people of a partner with such a login."""
        mails = {key[12:] for key in keys if key.startswith("mbox:mailto:")}
        is_hashed = any(key.startswith("mbox_sha1sum:") for key in keys)
        if not mails and not is_hashed:
            return {}
        # sudo: logins and memberships of every partner are looked at
        users_sudo = (
            self.env["res.users"].sudo().browse(self._get_user_ids(mails, is_hashed))
        )
        companies = self._get_partner_companies(users_sudo)
        people = {}
        for user in users_sudo:
            person = user.partner_id
            if person.commercial_partner_id not in companies:
                continue
            if not (person.active and self._is_address_proved(user)):
                continue
            for key in keys.intersection(xapi_evidence.get_mail_keys(user.login)):
                people[key] = people.get(key, person.browse()) | person
        return people

    @api.model
    def _is_address_proved(self, user):
        """Return whether the address is the person's, as far as anybody can tell.

        A partner's own people may invite any address, and what its owner has earned
        would be theirs. Whoever has logged in has read the invitation.

        :param user: ``res.users`` in sudo
        """
        return not user.partner_id.team_access or bool(user.login_date)

    @api.model
    def _get_partner_companies(self, users):
        """Return which of the users' companies are partners of a program."""
        return (
            self.env["partner.membership"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", users.partner_id.commercial_partner_id.ids),
                    ("state", "in", ("active", "suspended")),
                ]
            )
            .partner_id
        )

    @api.model
    def _get_user_ids(self, mails, is_hashed):
        """Return the portal users with these addresses as login, or all for hashes."""
        self.env["res.users"].flush_model(["active", "share", "login"])
        # SQL: a login may be written in any case and the ORM has no operator for it
        wanted = SQL("TRUE") if is_hashed else SQL("lower(login) IN %s", tuple(mails))
        rows = self.env.execute_query(
            SQL("SELECT id FROM res_users WHERE active AND share AND %s", wanted)
        )
        return [user_id for (user_id,) in rows]
