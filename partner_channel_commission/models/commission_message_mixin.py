from odoo import models


class CommissionMessageMixin(models.AbstractModel):
    """What vendor and partner say about a statement, and how mails lead to it.

    Only people who may read the statement take part. There is no link that opens it
    without logging in, as Odoo's ``portal.mixin`` would make one.
    """

    _name = "commission.message.mixin"
    _inherit = ["channel.thread.mixin", "channel.login.thread.mixin"]
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

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        groups = super()._notify_get_recipients_groups(
            message, model_description, msg_vals=msg_vals
        )
        for name, _is_member, options in groups:
            if name == "portal":
                options.update(active=True, has_button_access=True)
        return groups

    def _get_access_action(self, access_uid=None, force_website=False):
        self.ensure_one()
        user = self.env["res.users"].browse(access_uid or self.env.uid)
        # sudo: only to know which page shows the record, not what is in it
        is_portal = force_website or user.sudo().share
        if is_portal and self.with_user(user).has_access("read"):
            url = self._get_portal_url()
            return {"type": "ir.actions.act_url", "url": url, "target": "self"}
        return super()._get_access_action(
            access_uid=access_uid, force_website=force_website
        )
