from odoo import api, models

#: fields of a user by which a partner may lose an owner; whether it is shared follows
#: from the groups, and can be written all the same
_TIES = {"active", "group_ids", "partner_id", "share"}


class ResUsers(models.Model):
    _inherit = "res.users"

    def write(self, vals):
        if not _TIES & vals.keys():
            return super().write(vals)
        # sudo: roles rule whoever writes, and are not theirs to read
        with self.sudo().partner_id._keeping_owners():
            return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_last_owner(self):
        # sudo: as above
        self.sudo().filtered("active").partner_id._check_not_last_owners()

    def _deactivate_portal_user(self, **post):
        # first of all: Odoo takes the password away and then forgives a refusal
        self.partner_id.sudo()._check_not_last_owners()
        return super()._deactivate_portal_user(**post)

    def _may_have_api_keys(self):
        """Return whether the vendor lets a person of a partner have API keys.

        All vendors of the person's memberships have to: a key opens everything. A
        partner that is none any more, or none yet, has no keys.

        :return: bool, ``None`` for people of no partner, whom Odoo's setting rules
        """
        self.ensure_one()
        # sudo: facts of the person's own memberships, for everybody who asks
        user = self.sudo()
        if not user.share:
            return None
        states = ("draft", "active", "suspended", "terminated")
        memberships = user.partner_id._get_channel_memberships(states)
        if not memberships:
            return None
        running = memberships.filtered(lambda m: m.state in ("active", "suspended"))
        return bool(running) and all(running.company_id.mapped("channel_api_keys"))
