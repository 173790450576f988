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

    def _is_portal_ending(self):
        """Return whether the protection of the deal ends soon."""
        days_left = self._get_portal_days_left()
        return days_left is not None and days_left <= ENDING_DAYS

    @api.model
    def _get_portal_near_domain(self, name, days):
        """Return the domain of the company's protected deals with a date not far ahead.

        :param str name: date field
        :param int days: how far, from today where the person is
        """
        until = fields.Date.context_today(self) + timedelta(days=days)
        return (
            self._get_portal_own_domain()
            & Domain("registration_state", "=", "approved")
            & Domain(name, "<=", until)
        )

    @api.model
    def _get_portal_own_domain(self):
        """Return the domain of the current user's company's deals, none of others.

        What a distributor may read is not its to work on.
        """
        return Domain("registration_state", "!=", False) & Domain(
            "membership_id", "in", self._get_own_memberships().ids
        )

    @api.model
    def _read_portal_states(self):
        """Return the figures of the deals the current user sees, by state.

        :return: ``{state: {"count", "date_update_due", "date_protection_end"}}``, the
            dates the first ones; a state without deals is not in it
        """
        dates = ("date_update_due", "date_protection_end")
        groups = self.with_context(active_test=False)._read_group(
            self._get_portal_own_domain(),
            ["registration_state"],
            ["__count", *(f"{name}:min" for name in dates)],
        )
        return {
            state: {"count": count, **dict(zip(dates, first, strict=True))}
            for state, count, *first in groups
        }

    @api.model
    def _count_portal_deals(self, domain):
        """Return how many of the deals the current user sees match.

        Counted as they are listed: also those that are archived.

        :param domain: such as :meth:`_get_portal_ending_domain`, of the company's own
        """
        return self.with_context(active_test=False).search_count(domain)
