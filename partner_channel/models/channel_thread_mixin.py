from odoo import api, models
from odoo.exceptions import AccessError


class ChannelThreadMixin(models.AbstractModel):
    """A record on which the right to write is the record's, not the follower's.

    Odoo lets whoever follows a record post there. A partner's people may follow what
    they read, and would go on posting once their partner is suspended or their role is
    taken away; see ``mail.message``.
    """

    _name = "channel.thread.mixin"
    _description = "Thread of the Vendor and a Partner"

    def _get_guarded_threads(self):
        """Return the records on which following gives no right to post."""
        return self

    def _can_share_attach(self):
        """Return whether the current share user may add files now.

        Nobody, unless an addon opens it.
        """
        return False


class ChannelLoginThreadMixin(models.AbstractModel):
    """A thread that nothing in an address opens, but the rights of who is logged in.

    Odoo's portal opens a thread to whoever has the record's ``access_token``, or a
    hash made of it. Inherited before ``mail.thread``.
    """

    _name = "channel.login.thread.mixin"
    _description = "Thread No Link Opens"

    @api.model
    def _get_thread_with_access(self, thread_id, **kwargs):
        for name in ("hash", "pid", "token"):
            kwargs.pop(name, None)
        return super()._get_thread_with_access(thread_id, **kwargs)


class ChannelInternalThreadMixin(models.AbstractModel):
    """A thread of the vendor's people, on a record that partners may read.

    Rival partners read the same program; what is said there is not for them. A global
    rule on ``mail.message`` hides what was said.
    """

    _name = "channel.internal.thread.mixin"
    _inherit = ["channel.thread.mixin"]
    _description = "Thread of the Vendor"

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        result = super()._mail_get_operation_for_mail_message_operation(
            message_operation
        )
        if self.env.user.share:
            # no share user may write to these records
            result = dict.fromkeys(self, "write")
        return result

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        if self.env.user.share and not self.env.su:
            raise AccessError(self.env._("Only the vendor's people follow this."))
        return super().message_subscribe(partner_ids, subtype_ids)
