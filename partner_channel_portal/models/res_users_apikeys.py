from odoo import models


class ResUsersApikeys(models.Model):
    _inherit = "res.users.apikeys"

    def _check_credentials(self, *, scope, key):
        """Let keys rest that the vendor does not allow any more."""
        user_id = super()._check_credentials(scope=scope, key=key)
        # trusted devices of the two-factor login are made of the same model
        if not user_id or self._name != "res.users.apikeys":
            return user_id
        # sudo: nobody is logged in yet
        user = self.env["res.users"].sudo().browse(user_id)
        return None if user._may_have_api_keys() is False else user_id
