from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

#: days ahead in which a protection that ends, and an update that falls due, is news
ENDING_DAYS = 14
UPDATE_DAYS = 3


class DealPortalTodoMixin(models.AbstractModel):
    """Which deals wait for the partner."""

    _name = "deal.portal.todo.mixin"
    _description = "Registration: What the Partner Has to Do"

    @api.model
    def _get_portal_update_domain(self):
        """Return the domain of protected deals an update of is due, or nearly."""
        return self._get_portal_near_domain("date_update_due", UPDATE_DAYS)

    @api.model
    def _get_portal_ending_domain(self):
        """Return the domain of deals whose protection ends soon."""
        return self._get_portal_near_domain("date_protection_end", ENDING_DAYS)

    @api.model
    def _get_portal_near_domain(self, name, days):
        """Return the domain of protected deals with a date not far ahead.

        :param str name: date field
        :param int days: how far, from today where the person is
        """
        until = fields.Date.context_today(self) + timedelta(days=days)
        return Domain("registration_state", "=", "approved") & Domain(name, "<=", until)
