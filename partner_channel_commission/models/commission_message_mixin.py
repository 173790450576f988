from odoo import models


class CommissionMessageMixin(models.AbstractModel):
    """What vendor and partner say about a statement, and how mails lead to it.

    Only people who may read the statement take part.
    """

    _name = "commission.message.mixin"
    _inherit = [
        "portal.mail.mixin",
        "channel.thread.mixin",
        "channel.login.thread.mixin",
    ]
    _description = "Messages on a Commission Statement"

    def _in_language_of_partner(self):
        """Return the statement in the language of who is paid, for what it reads."""
        self.ensure_one()
        # sudo: only the language of the partner
        return self.with_context(lang=self.sudo().partner_id.lang or self.env.lang)

    def _get_portal_url(self):
        """Return the address of the statement in the portal."""
        self.ensure_one()
        return f"/my/statements/{self.id}"

    def _can_portal_post(self):
        """Return whether the current person of the partner may write about it now."""
        self.ensure_one()
        # sudo: the state of a membership the person belongs to
        active = self.sudo().membership_id.state == "active"
        return active and self.has_access("read")

    def _can_share_attach(self):
        return self._can_portal_post()

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        result = super()._mail_get_operation_for_mail_message_operation(
            message_operation
        )
        if message_operation == "create" and self.env.user.share:
            for statement in self.filtered(lambda s: not s._can_portal_post()):
                # no partner has this right
                result[statement] = "write"
        return result
