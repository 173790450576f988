from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

#: fields of a contact by which a partner may lose an owner
_TIES = {"portal_role_id", "parent_id", "is_company", "active"}
#: of these, those by which a person may change the company
_MOVES = {"parent_id", "is_company"}


class TeamOwnerMixin(models.AbstractModel):
    """Keeps an owner at every partner that has one, and roles where they were given.

    An owner is a person of the partner with a role that owns and a login. A partner
    without a running membership needs none.
    """

    _name = "team.owner.mixin"
    _description = "Owners of a Partner"

    def write(self, vals):
        if not _TIES & vals.keys():
            return super().write(vals)
        moves = bool(_MOVES & vals.keys())
        people = self._get_role_holders(below=moves)
        companies = {person: person.commercial_partner_id for person in people}
        with people._keeping_owners():
            result = super().write(vals)
            moved = people._find_moved(companies) if moves else people[:0]
            if moved and not vals.get("portal_role_id"):
                # past the guard: they never owned anything where they are now
                former = {"portal_role_id": False, "team_access": False}
                super(TeamOwnerMixin, moved).write(former)
                self.env.registry.clear_cache()
        return result

    def _get_role_holders(self, below):
        """Return those of the contacts who have a role.

        :param bool below: also the people below them
        """
        # sudo: roles are the channel managers' to read, and rule whoever writes
        contacts = self.sudo().with_context(active_test=False)
        operator = "child_of" if below else "in"
        return contacts.search(
            [("id", operator, self.ids), ("portal_role_id", "!=", False)]
        )

    def _find_moved(self, companies):
        """Return those of the people who have come to another company.

        A role is given by a company: who has left it starts at the next one without,
        unless it was given with the move.

        :param dict companies: ``{person: company before}``
        """
        return self.filtered(
            lambda person: (
                companies[person] not in (person, person.commercial_partner_id)
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_last_owner(self):
        # sudo: as above
        self.sudo()._check_not_last_owners()

    # === OWNERS === #

    def _find_owners(self):
        """Return the owners of these companies."""
        return self.search(
            Domain("commercial_partner_id", "in", self.ids)
            & Domain("portal_role_id.is_owner", "=", True)
            & Domain("portal_role_id.active", "=", True)
            & Domain("active", "=", True)
            & Domain("user_ids", "any", [("active", "=", True), ("share", "=", True)])
        )

    def _filter_running(self):
        """Return those of the companies that have a running membership."""
        memberships = self._get_channel_memberships(("active", "suspended"))
        return memberships.partner_id

    @contextmanager
    def _keeping_owners(self):
        """Refuse what leaves a partner of these people without an owner.

        :raise UserError: names the last owner and what to do first
        """
        # sudo: see _get_role_holders
        people = self.sudo()
        holders = people.filtered("portal_role_id.is_owner")
        owners = holders.commercial_partner_id._find_owners() & holders
        # now, since whoever leaves is of another company afterwards
        owned = owners.grouped("commercial_partner_id")
        companies = owners.commercial_partner_id
        companies._lock_team()
        yield
        if companies:
            left = companies._find_owners().commercial_partner_id
            self._raise_last_owner(owned, companies - left)

    def _check_not_last_owners(self):
        """Refuse when these people are all the owners of a partner.

        :raise UserError: see :meth:`_keeping_owners`
        """
        companies = self.filtered("portal_role_id.is_owner").commercial_partner_id
        companies._lock_team()
        owners = companies._find_owners()
        left = (owners - self).commercial_partner_id
        owned = (owners & self).grouped("commercial_partner_id")
        self._raise_last_owner(owned, owners.commercial_partner_id - left)

    def _raise_last_owner(self, owned, companies):
        """Refuse if one of the companies runs and would have no owner any more.

        :param dict owned: ``{company: its owners who go}``
        :param companies: those that would be left without
        """
        for company in companies.exists()._filter_running():
            names = owned[company].exists().filtered("name").mapped("name")
            raise UserError(
                self.env._(
                    "%(company)s would be left without an owner: %(owner)s is the last "
                    "one. Give the ownership to a colleague first.",
                    company=company.display_name,
                    owner=", ".join(names),
                )
            )

    def _lock_team(self):
        """Let no other transaction change the teams of these companies meanwhile.

        Raw SQL, since an update that changes nothing is what makes PostgreSQL refuse
        a transaction whose view of the team is older: Odoo runs it again then.
        """
        if not self:
            return
        self.env["res.partner"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE res_partner SET active = active
                 WHERE id IN (SELECT id FROM res_partner WHERE id IN %s
                            ORDER BY id FOR NO KEY UPDATE)
                """,
                tuple(self.ids),
            )
        )
