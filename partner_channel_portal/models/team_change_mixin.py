from odoo import Command, api, models
from odoo.exceptions import AccessError, UserError

from .team_portal_mixin import CHANGES_PER_HOUR, INVITATIONS_PER_HOUR

#: what may be asked for on the page of a colleague, and in which states
DEEDS = {
    "role": ("active", "invited", "ended"),
    "invite": ("invited",),
    "end": ("active", "invited"),
    "restore": ("ended",),
    "transfer": ("active",),
}
#: in which states what is asked for was done before
_DONE = {"end": ("ended",), "restore": ("invited", "active")}


class TeamChangeMixin(models.AbstractModel):
    """Changes of a colleague's access, each a method ``_team_<deed>``.

    They are called by :meth:`_portal_change_member` alone, on the colleague in sudo,
    with rights, state and limits checked and the team locked.
    """

    _name = "team.change.mixin"
    _description = "Team of a Partner: Changes"

    @api.model
    def _portal_change_member(self, member_id, deed, values):
        """Change the access of a colleague: the one way in from the portal.

        :param int member_id: as found in a URL
        :param str deed: one of ``DEEDS``
        :param dict values: ``role``, an id as typed, where the deed asks for one
        :return: message of what is wrong, empty when it was done
        :raise AccessError: no such colleague, or no right to change the team
        """
        self._check_team_right()
        member = self.env["partner.team.member"]._find_portal_member(member_id)
        if not member or deed not in DEEDS:
            raise AccessError(self.env._("There is no such colleague."))
        throttle = self.env["partner.portal.throttle"]
        if not throttle._count("team_change", CHANGES_PER_HOUR):
            return throttle._get_limit_message()
        # sudo: portal users write no contacts; who it is and what is asked was checked
        person = member.sudo().partner_id
        person.commercial_partner_id._lock_team()
        if member.state not in DEEDS[deed]:
            return self._explain_not_done(deed, member.state)
        try:
            # what was begun must not stay where the rest is refused
            with self.env.cr.savepoint():
                self._check_colleague(person)
                getattr(person, f"_team_{deed}")(values)
        except AccessError:
            raise
        except UserError as error:
            # going back to the savepoint leaves what was cached meanwhile
            self.env.registry.clear_cache()
            return str(error)
        return ""

    @api.model
    def _explain_not_done(self, deed, state):
        """Return why a deed is not for a colleague in this state.

        :param str deed: one of ``DEEDS``
        :param str state: of the colleague
        :return: message, empty when it was only sent twice
        """
        if state in _DONE.get(deed, ()):
            return ""
        return self.env._("This was changed meanwhile: the page shows how it is now.")

    # === DEEDS === #

    def _team_role(self, values):
        """Give another role."""
        role = self._choose_role(values)
        if role == self.portal_role_id:
            return
        self.portal_role_id = role
        self.commercial_partner_id._note_team(
            lambda env: env._(
                "%(person)s is %(role)s from now on.",
                person=self.name,
                role=role.with_env(env).name,
            )
        )

    def _team_invite(self, values):
        """Send the invitation again."""
        self._check_invitations()
        self._ask_for_access()

    def _team_end(self, values):
        """Take the access away, at once, in every session and with every key."""
        self._end_portal_access()
        self.commercial_partner_id._note_team(
            lambda env: env._("%(person)s has no access any more.", person=self.name)
        )

    def _team_restore(self, values):
        """Give the access back, by an invitation."""
        self._check_invitations()
        self._ask_for_access()
        self.commercial_partner_id._note_team(
            lambda env: env._("%(person)s is given access again.", person=self.name)
        )

    def _team_transfer(self, values):
        """Hand the ownership of the current user on, and take another role."""
        me = self.env.user.partner_id.sudo()
        owned = me.portal_role_id
        role = self._choose_role(values)
        if not owned.is_owner:
            raise UserError(self.env._("Only an owner hands the ownership on."))
        if role.is_owner:
            raise UserError(
                self.env._("Choose the role you will have: you are an owner now.")
            )
        self.portal_role_id = owned
        me.portal_role_id = role
        self._tell_owners(me)
        self.commercial_partner_id._note_team(
            lambda env: env._(
                "%(giver)s has handed the ownership on to %(person)s, and is %(role)s "
                "now.",
                giver=me.name,
                person=self.name,
                role=role.with_env(env).name,
            )
        )

    # === HOW === #

    def _choose_role(self, values):
        """Return the chosen one of the roles that may be given.

        :raise UserError: none was chosen, or one that may not be given
        """
        offered = self.sudo(False)._get_offered_roles()
        role = offered.filtered(lambda each: str(each.id) == values.get("role"))
        if not role:
            raise UserError(self.env._("Choose one of the roles in the list."))
        return role

    def _check_invitations(self):
        throttle = self.env["partner.portal.throttle"]
        if not throttle._count("team_invite", INVITATIONS_PER_HOUR):
            raise UserError(throttle._get_limit_message())

    def _end_portal_access(self):
        """Take portal access from these people, in sudo, with Odoo's wizard."""
        self.team_access = "ended"
        wizard = self.env["portal.wizard"].create(
            {"partner_ids": [Command.set(self.ids)]}
        )
        for line in wizard.user_ids.filtered("is_portal"):
            line.action_revoke_access()
        users = self.with_context(active_test=False).user_ids
        keys = self.env["res.users.apikeys"].search([("user_id", "in", users.ids)])
        keys._remove()

    def _tell_owners(self, former):
        """Tell the new owner and the former one, each in their language.

        :param former: who handed the ownership on
        """
        for reader in self | former:
            env = reader.with_context(lang=reader.lang or self.env.lang).env
            self.env["mail.thread"].message_notify(
                partner_ids=reader.ids,
                author_id=former.id,
                subject=env._(
                    "Ownership of %(company)s", company=self.commercial_partner_id.name
                ),
                body=env._(
                    "%(former)s has handed the ownership of %(company)s in our partner "
                    "portal on to %(owner)s.",
                    former=former.name,
                    company=self.commercial_partner_id.name,
                    owner=self.name,
                ),
            )
