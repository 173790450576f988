from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class PartnerTeamOwner(models.TransientModel):
    """Gives the ownership of a partner to one of its people, for the vendor."""

    _name = "partner.team.owner"
    _description = "Give the Ownership"

    partner_id = fields.Many2one("res.partner", required=True)
    person_id = fields.Many2one(
        "res.partner",
        "New Owner",
        required=True,
        domain="[('commercial_partner_id', '=', partner_id), "
        "('id', '!=', partner_id), ('type', '=', 'contact')]",
        help="Gets a login as well, if there is none yet.",
    )
    owner_names = fields.Char("Owners So Far", compute="_compute_owner_names")
    former_role_id = fields.Many2one(
        "partner.portal.role",
        "They Become",
        domain="[('is_owner', '=', False)]",
        help="Empty: they stay owners as well.",
    )

    @api.depends("partner_id")
    def _compute_owner_names(self):
        for wizard in self:
            # sudo: names only, to those who may use the wizard
            owners = wizard.partner_id.sudo()._find_owners()
            wizard.owner_names = ", ".join(owners.filtered("name").mapped("name"))

    def _check_right(self):
        """Refuse people who do not look after the partner.

        :raise AccessError: no access to the contact or to a membership of the partner
        """
        self.person_id.check_access("write")
        states = ("draft", "active", "suspended")
        memberships = self.partner_id._get_channel_memberships(states)
        if not memberships._filtered_access("write"):
            raise AccessError(
                self.env._(
                    "%(partner)s is not one of your partners.",
                    partner=self.partner_id.name,
                )
            )

    def action_give(self):
        """Make the person the owner.

        :raise UserError: the person is of another company, or cannot be invited
        """
        self.ensure_one()
        self._check_right()
        person = self.person_id
        if person.commercial_partner_id != self.partner_id:
            raise UserError(
                self.env._(
                    "%(person)s does not belong to %(partner)s.",
                    person=person.name,
                    partner=self.partner_id.name,
                )
            )
        has_login = any(user.share for user in person.user_ids)
        if not has_login and self.former_role_id and self.owner_names:
            raise UserError(
                self.env._(
                    "%(person)s has no login yet: let the owners so far stay until the "
                    "invitation is accepted.",
                    person=person.name,
                )
            )
        if not has_login and not person.email:
            raise UserError(
                self.env._(
                    "%(person)s has no e-mail address to be invited by.",
                    person=person.name,
                )
            )
        # sudo: roles and logins follow from the decision checked above
        person.sudo()._set_owner(self.former_role_id)
        return {"type": "ir.actions.act_window_close"}
