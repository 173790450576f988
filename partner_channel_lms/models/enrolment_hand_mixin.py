from odoo import api, models
from odoo.exceptions import AccessError, UserError


class EnrolmentHandMixin(models.AbstractModel):
    """What trainers and channel managers do with enrolments themselves."""

    _name = "enrolment.hand.mixin"
    _description = "Learning Enrolment: By Hand"

    @api.model
    def _create_by_hand(self, vals_list):
        """Enrol as the rule does, whomever one chooses.

        :param list vals_list: dicts with ``path_id`` and ``partner_id``
        :raise UserError: the person belongs to no active member of the program
        """
        self.check_access("create")
        for vals in vals_list:
            self._check_protected_values(vals, creating=True)
        pairs = [
            (
                self.env["learning.path"].browse(vals.get("path_id")),
                self.env["res.partner"].browse(vals.get("partner_id")),
            )
            for vals in vals_list
        ]
        for path, person in pairs:
            path.check_access("read")
            person.check_access("read")
        # sudo: trainers read no memberships; the records are checked below
        members = self._find_memberships(pairs)
        needs = [
            (path.sudo(), members[path, person], person.sudo(), "new")
            for path, person in pairs
        ]
        enrolled = self.sudo()._enrol(needs, "manual").sudo(self.env.su)
        enrolled.check_access("create")
        return enrolled

    @api.model
    def _find_memberships(self, pairs):
        """Return ``{(path, person): active membership}``, in sudo.

        :param pairs: list of paths and people, one each
        :raise UserError: there is none
        """
        paths = self.env["learning.path"].union(*(path for path, _person in pairs))
        people = self.env["res.partner"].union(*(person for _path, person in pairs))
        # sudo: a yes or no about the person's company; trainers read no memberships
        found = (
            self.env["partner.membership"]
            .sudo()
            .search(
                [
                    ("program_id", "in", paths.sudo().program_id.ids),
                    ("partner_id", "in", people.sudo().commercial_partner_id.ids),
                    ("state", "=", "active"),
                ]
            )
        )
        known = {(member.program_id, member.partner_id): member for member in found}
        result = {}
        for path, person in pairs:
            company = person.sudo().commercial_partner_id
            member = known.get((path.sudo().program_id, company))
            if not member:
                raise UserError(
                    self.env._(
                        "“%(person)s” cannot be enrolled: the company is no active "
                        "partner of the program “%(program)s”. Choose a person of "
                        "one that is.",
                        person=person.display_name,
                        program=path.program_id.display_name,
                    )
                )
            result[path, person] = member
        return result

    # === ACTIONS === #

    def action_cancel(self):
        """Take people off the paths; the rule does not put them on again.

        A certificate that enters its renewal window later does.
        """
        self._check_may_enrol()
        # sudo: nobody writes enrolments; who may cancel was checked above
        self.sudo()._cancel("hand")

    def action_review(self):
        """Look at once how far the people are."""
        self._check_may_enrol()
        # sudo: as above
        self.sudo()._review()

    def _check_may_enrol(self):
        self.check_access("read")
        if not self.has_access("create"):
            raise AccessError(
                self.env._("Only trainers and channel managers enrol people.")
            )
