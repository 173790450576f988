from odoo import models
from odoo.exceptions import AccessError


class ResUsersApikeysDescription(models.TransientModel):
    _inherit = "res.users.apikeys.description"

    def check_access_make_key(self):
        """Let people of partners have keys when the vendor allows it.

        For them the vendor's own setting holds, not Odoo's for all customers.
        """
        allowed = self.env.user._may_have_api_keys()
        if allowed is None:
            return super().check_access_make_key()
        if not allowed:
            raise AccessError(
                self.env._("Your vendor does not allow API keys for partners.")
            )
        return None
