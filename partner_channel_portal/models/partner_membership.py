from odoo import api, fields, models

#: what a portal role may be limited by
_LIMITS = {"state", "grade_id", "program_id", "partner_id"}


class PartnerMembership(models.Model):
    _inherit = "partner.membership"

    team_member_count = fields.Integer(
        related="partner_id.team_member_count",
        groups="partner_channel.group_channel_manager",
    )
    has_team_owner = fields.Boolean(
        related="partner_id.has_team_owner",
        groups="partner_channel.group_channel_manager",
    )

    @api.model_create_multi
    def create(self, vals_list):
        memberships = super().create(vals_list)
        memberships._forget_rights()
        return memberships

    def write(self, vals):
        result = super().write(vals)
        if _LIMITS & vals.keys():
            self._forget_rights()
        return result

    def _forget_rights(self):
        """Let what people may do be found again.

        Record rules are cached per user with the answers in them, and roles may be
        limited to programs, tiers and states.
        """
        if self and self.env["partner.portal.role"]._has_limited():
            self.env.registry.clear_cache()

    def action_open_team(self):
        """Open the people of the partner who use the portal.

        :return: window action
        """
        self.check_access("read")
        return self.partner_id.action_open_team()
