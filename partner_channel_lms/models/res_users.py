from odoo import api, models

from ..tools.xapi_evidence import get_mail_keys

#: what makes somebody a person of a partner with a login
_TIES = {"active", "group_ids", "partner_id", "share"}
#: who is meant where learning systems name people by address
_NAMES = {"login", "active", "partner_id", "group_ids"}


class ResUsers(models.Model):
    """A login lets people learn, and says who somebody is in learning systems."""

    _inherit = "res.users"

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        users._sync_learning()
        users.env["lms.statement"]._requeue_lost(users._get_actor_keys())
        return users

    def write(self, vals):
        is_renamed = bool(_NAMES & vals.keys())
        # whoever gives up a login may end a doubt
        keys = self._get_actor_keys() if is_renamed else set()
        result = super().write(vals)
        if _TIES & vals.keys():
            self._sync_learning()
        if is_renamed:
            self.env["lms.statement"]._requeue_lost(keys | self._get_actor_keys())
        return result

    def _update_last_login(self):
        """Take up what waited until an invited person has shown that they exist."""
        # sudo: people read no user but themselves, and not all of that
        is_first = not self.env.user.sudo().login_date
        result = super()._update_last_login()
        if is_first:
            self.env["lms.statement"]._requeue_lost(self.env.user._get_actor_keys())
        return result

    def _sync_learning(self):
        """Let learning paths follow who has a login."""
        # sudo: as the team does, whoever gives or takes a login
        self.sudo().partner_id._sync_learning("join")

    def _get_actor_keys(self):
        """Return the keys by which learning systems may name these people, as a set."""
        # sudo: whoever changes a login need not read the others
        return {
            key
            for user in self.sudo()
            if user.login
            for key in get_mail_keys(user.login)
        }
