from odoo import models


class PortalMailMixin(models.AbstractModel):
    """E-mails about the record lead people of the partner to its page."""

    _name = "portal.mail.mixin"
    _inherit = ["portal.page.mixin"]
    _description = "Record Whose E-Mails Lead to the Portal"

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        groups = super()._notify_get_recipients_groups(
            message, model_description, msg_vals=msg_vals
        )
        for name, _is_member, options in groups:
            if name == "portal":
                options.update(active=True, has_button_access=True)
        return groups
