from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, LockError
from odoo.tools.date_utils import end_of


class DealPortalQuickMixin(models.AbstractModel):
    """Updates a partner posts with one tap."""

    _name = "deal.portal.quick.mixin"
    _description = "Registration: Quick Updates in the Portal"

    @api.model
    def _get_portal_quick_updates(self):
        """Return the updates to choose from, in the reader's language.

        “Closing” moves the expected date as well.

        :return: ``{key: text}``
        """
        return {
            "working": self.env._("Still working on it"),
            "waiting": self.env._("Waiting for the customer"),
            "closing": self.env._("Closing this month"),
        }

    def _portal_post_quick_update(self, kind):
        """Report on the deal with a text that is ready, as the current user.

        The same one twice on a day is one: a second tap does no harm.

        :param kind: a key of :meth:`_get_portal_quick_updates`, or what came as such
        :return: dict of messages by field, empty when it was taken down
        :raise AccessError: the person may not work on the deal
        """
        self._check_portal_own_right()
        updates = self._get_portal_quick_updates()
        if kind not in updates:
            return {"form": self._get_portal_messages()["choice"]}
        try:
            # sudo: two taps at once are one after the other; the right was checked
            self.sudo().lock_for_update(allow_referencing=True)
        except LockError as error:
            raise ConcurrencyError(str(error)) from error
        text = updates[kind]
        if self._has_portal_update_today(text):
            return {}
        values = {"text": text, "date_deadline": ""}
        if kind == "closing":
            month_end = end_of(fields.Date.context_today(self), "month")
            values["date_deadline"] = fields.Date.to_string(month_end)
        return self._portal_post_update(values)

    def _has_portal_update_today(self, text):
        """Return whether the person has reported the same today."""
        # sudo: updates are the vendor's to read; compared only
        deal = self.sudo()
        return bool(
            deal.update_ids.filtered(
                lambda update: (
                    update.text == text
                    and update.person_id == self.env.user.partner_id
                    and update.date == deal.program_id._get_today()
                )
            )
        )
