from odoo import api, models

#: what makes somebody a person of a partner with a login
_TIES = {"active", "group_ids", "partner_id", "share"}


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        users._sync_learning()
        return users

    def write(self, vals):
        result = super().write(vals)
        if _TIES & vals.keys():
            self._sync_learning()
        return result

    def _sync_learning(self):
        """Let learning paths follow who has a login."""
        # sudo: as the team does, whoever gives or takes a login
        self.sudo().partner_id._sync_learning("join")
