from odoo import fields, models
from odoo.exceptions import UserError


class TeamVendorMixin(models.AbstractModel):
    """What the vendor sees and does of a partner's team."""

    _name = "team.vendor.mixin"
    _description = "Team of a Partner: Vendor"

    team_member_count = fields.Integer(
        "Team",
        compute="_compute_team_members",
        groups="partner_channel.group_channel_manager",
    )
    has_team_owner = fields.Boolean(
        "Has an Owner",
        compute="_compute_team_members",
        groups="partner_channel.group_channel_manager",
        help="Whether a person with a login owns the partnership.",
    )

    def _compute_team_members(self):
        Member = self.env["partner.team.member"]
        domain = [("commercial_partner_id", "in", self.ids), ("state", "!=", "ended")]
        counts = dict(
            Member._read_group(domain, ["commercial_partner_id"], ["__count"])
        )
        # sudo: whether there is one, for those who read the company
        owned = self.sudo()._find_owners().commercial_partner_id
        for partner in self:
            partner.team_member_count = counts.get(partner, 0)
            partner.has_team_owner = partner.id in owned.ids

    def action_open_team(self):
        """Open the people of these partners who use the portal.

        :return: window action
        """
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partner_channel_portal.partner_team_member_action"
        )
        companies = self.commercial_partner_id
        return {
            **action,
            "domain": [("commercial_partner_id", "in", companies.ids)],
            "context": {},
        }

    def _set_owner(self, former_role=None):
        """Make this person the owner of its company, for the vendor.

        :param former_role: what the owners so far become; none: they stay owners
        :raise UserError: there is no role that owns
        """
        self.ensure_one()
        company = self.commercial_partner_id
        company._lock_team()
        former = company._find_owners() - self
        owned = former.portal_role_id[:1] or self.env["partner.portal.role"].search(
            [("is_owner", "=", True)], limit=1
        )
        if not owned:
            raise UserError(
                self.env._(
                    "No role owns the partnership: activate one among the portal roles "
                    "first."
                )
            )
        self.portal_role_id = owned
        if not any(user.share for user in self.user_ids):
            self._ask_for_access()
        if former_role:
            former.portal_role_id = former_role
        company._note_team(
            lambda env: env._("%(person)s is an owner from now on.", person=self.name)
        )
