from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import email_normalize

from ..tools.form_values import clean_line, parse_email, parse_required

#: changes of the team a person may ask for, per hour
CHANGES_PER_HOUR = 60
#: e-mails a person may have sent, per hour
INVITATIONS_PER_HOUR = 20
MAX_NAME = 100
#: states of a membership in which the team is changed
CHANGING = ("active",)


class TeamPortalMixin(models.AbstractModel):
    """What people of a partner do with the access of their colleagues.

    Each change is asked for by one method, :meth:`_portal_invite_member` or
    :meth:`_portal_change_member`: right → limit → colleague → one ``sudo``.
    """

    _name = "team.portal.mixin"
    _description = "Team of a Partner: Portal"

    # === RIGHTS === #

    @api.model
    def _has_team_right(self, states=("active", "suspended")):
        """Return whether the current user manages the team of the own company.

        :param states: of the memberships that count: any running one to see the team,
            :data:`CHANGING` to change it
        """
        memberships = self._get_portal_memberships(states)
        person = self.env.user.partner_id
        return bool(
            memberships
            and person._has_channel_capability("can_manage_team", memberships)
        )

    @api.model
    def _check_team_right(self):
        """Refuse changes by people who may not manage the team.

        :raise AccessError: role, membership or state does not allow it
        """
        # who was deactivated while the request waited may nothing any more
        if not (self.env.user.active and self._has_team_right(CHANGING)):
            raise AccessError(
                self.env._("Your role does not allow you to change the team.")
            )

    @api.model
    def _get_offered_roles(self):
        """Return the roles the current user may give, in sudo.

        Those that are for the own company, and none that allows more than the own one;
        owners give all.
        """
        # sudo: partners read no roles; only those are returned that may be given
        own = self.env.user.partner_id.sudo().portal_role_id
        memberships = self._get_portal_memberships()
        roles = own.search([("active", "=", True)])
        return roles.filtered(
            lambda role: own._covers(role) and role._filter_memberships(memberships)
        )

    @api.model
    def _get_team_cards(self):
        """Return the card of the home page for people who manage the team."""
        if not self._has_team_right():
            return []
        return [
            {
                "name": "team_count",
                "title": self.env._("Team"),
                "text": self.env._("Invite colleagues and say what they may do"),
                "url": "/my/team",
                "icon": "/partner_channel_portal/static/src/img/team.svg",
                "sequence": 60,
            }
        ]

    # === INVITING === #

    @api.model
    def _portal_invite_member(self, values):
        """Invite a colleague for the current user: the one way in from the portal.

        :param dict values: ``name``, ``email`` and ``role`` (an id), as typed
        :return: ``{field: message}`` of what is wrong; empty when the invitation is on
            its way, also to somebody who has been invited before
        :raise AccessError: see :meth:`_check_team_right`
        """
        self._check_team_right()
        parsed, errors = self._parse_member(values)
        if errors:
            return errors
        throttle = self.env["partner.portal.throttle"]
        if not throttle._count("team_invite", INVITATIONS_PER_HOUR):
            return {"form": throttle._get_limit_message()}
        # sudo: portal users write no contacts; only what was parsed is written
        company = self.env.user.commercial_partner_id.sudo()
        company._lock_team()
        person = company._find_colleague(parsed["email"])
        if person._get_member_state() == "active":
            return {"email": self.env._("This person is in your team already.")}
        try:
            if person:
                self._check_colleague(person)
        except UserError as error:
            return {"form": str(error)}
        company._invite_colleague(person, parsed)
        return {}

    def _invite_colleague(self, person, parsed):
        """Give somebody a role and ask for the invitation; in sudo.

        :param person: contact of the company with this address, or none
        :param dict parsed: see :meth:`_parse_member`
        """
        self.ensure_one()
        role = parsed["role"]
        if person:
            # its name stays: contacts are the vendor's
            person.portal_role_id = role
        else:
            person = self.create(
                {
                    "name": parsed["name"],
                    "email": parsed["email"],
                    "parent_id": self.id,
                    "type": "contact",
                    "lang": self.env.user.lang,
                    "portal_role_id": role.id,
                }
            )
        person._ask_for_access()
        self._note_team(
            lambda env: env._(
                "%(person)s (%(email)s) is invited as %(role)s.",
                person=person.name,
                email=person.email,
                role=role.with_env(env).name,
            )
        )

    @api.model
    def _parse_member(self, values):
        """Return what was typed as values, and messages by field."""
        roles = {str(role.id): role for role in self._get_offered_roles()}
        parsers = {
            "name": lambda text: clean_line(text, MAX_NAME),
            "email": lambda text: email_normalize(parse_email(text)),
            "role": lambda text: roles.get(str(text)),
        }
        parsed, problems = parse_required(values, parsers)
        Lead = self.env["crm.lead"]
        return parsed, {n: Lead._get_portal_message(p) for n, p in problems.items()}

    def _find_colleague(self, email):
        """Return the contact of the company, in sudo, that has an address.

        Not who has deleted the own account: Odoo deletes such contacts by and by.
        """
        self.ensure_one()
        same = Domain("email_normalized", "=", email)
        same &= Domain("commercial_partner_id", "=", self.id)
        others = self | self._find_deleted_logins(same).partner_id
        return self.with_context(active_test=False).search(
            same & Domain("id", "not in", others.ids),
            order="active desc, id",
            limit=1,
        )

    def _get_member_state(self):
        """Return the state of a contact, in sudo, in the team; none outside of it."""
        members = self.env["partner.team.member"].search([("id", "in", self.ids)])
        return members.state

    # === LIMITS === #

    def _check_colleague(self, person):
        """Refuse changes of oneself and of people who may do more.

        :param person: the colleague, in sudo
        :raise UserError: says why
        """
        me = self.env.user.partner_id
        if person == me:
            raise UserError(
                self.env._(
                    "You cannot change your own access: ask a colleague who manages "
                    "the team."
                )
            )
        own = me.sudo().portal_role_id
        if person.portal_role_id and not own._covers(person.portal_role_id):
            raise UserError(
                self.env._(
                    "%(person)s may do more than you: only an owner changes that "
                    "access.",
                    person=person.name,
                )
            )
