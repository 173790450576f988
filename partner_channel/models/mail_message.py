from odoo import api, models

#: what a message says about when and what happened; the server knows that itself
_FACTS = ("date", "tracking_value_ids")


class MailMessage(models.Model):
    _inherit = "mail.message"

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_share_call():
            return super().create(vals_list)
        defaults = {f"default_{name}" for name in _FACTS}
        context = {k: v for k, v in self.env.context.items() if k not in defaults}
        plain = self.with_env(self.env(context=context))
        return super(MailMessage, plain).create(
            [self._without_facts(vals) for vals in vals_list]
        )

    def write(self, vals):
        if self._is_share_call():
            vals = self._without_facts(vals)
        return super().write(vals)

    @api.model
    def _is_share_call(self):
        """Return whether a partner's or a customer's person acts in own right."""
        return self.env.user.share and not self.env.su

    @api.model
    def _without_facts(self, vals):
        """Return the values without what would forge a message's place in time."""
        return {name: value for name, value in vals.items() if name not in _FACTS}

    def _get_forbidden_access(self, operation):
        forbidden = super()._get_forbidden_access(operation)
        if operation != "read" and self.env.user.share:
            forbidden |= (self - forbidden)._get_forbidden_by_thread()
        return forbidden

    def _get_forbidden_by_thread(self):
        """Return the messages on threads where the current user may not post.

        Being author, recipient or follower gives no right to write there, see
        ``channel.thread.mixin``.
        """
        forbidden = self.browse()
        # sudo: only to know which records the messages are about
        by_model = self.sudo().filtered("res_id").grouped("model")
        for model, messages in by_model.items():
            guarded = self._find_guarded_ids(model, messages.mapped("res_id"))
            if guarded:
                allowed = self._filter_records_for_message_operation(
                    model, guarded, "create"
                )
                closed = set(guarded) - set(allowed.ids)
                forbidden |= messages.filtered(lambda m, ids=closed: m.res_id in ids)
        return self.browse(forbidden.ids)

    @api.model
    def _find_guarded_ids(self, model, res_ids):
        """Return the ids of records that decide themselves who may post."""
        guard = self.env.registry["channel.thread.mixin"]
        if not isinstance(self.env.get(model), guard):
            return []
        return self.env[model].browse(res_ids).exists()._get_guarded_threads().ids
