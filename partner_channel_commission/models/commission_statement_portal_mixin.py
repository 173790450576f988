from odoo import models
from odoo.tools import format_date

#: states as the partner sees them, and the Bootstrap colour of their badge
BADGES = {
    "sent": "warning",
    "accepted": "info",
    "billed": "info",
    "paid": "success",
}


class CommissionStatementPortalMixin(models.AbstractModel):
    """What the portal shows of a statement."""

    _name = "commission.statement.portal.mixin"
    _description = "Commission Statement: Portal Page"

    def _get_portal_status(self):
        """Return where the statement stands for the partner.

        :return: dict of ``label`` and ``badge`` (a Bootstrap colour)
        """
        self.ensure_one()
        labels = {
            "sent": self.env._("To accept"),
            "accepted": self.env._("Accepted"),
            "billed": self.env._("Being paid"),
            "paid": self.env._("Paid"),
        }
        return {
            "label": labels.get(self.state, ""),
            "badge": BADGES.get(self.state, "secondary"),
        }

    def _get_portal_next_step(self):
        """Return what happens next with the statement, in words."""
        self.ensure_one()
        texts = {
            "accepted": self.env._(
                "We now prepare the payment; this page tells you when it is on its way."
            ),
            "billed": self.env._("The payment is on its way."),
            "paid": self.env._("The total was paid out."),
        }
        return texts.get(self.state, "")

    def _has_earlier_entries(self):
        """Return whether lines are older than the period of the statement."""
        self.ensure_one()
        return bool(
            self.env["partner.commission.entry"].search_count(
                [("statement_id", "=", self.id), ("date", "<", self.date_from)], limit=1
            )
        )

    def _get_period_label(self):
        """Return the period as the partner reads it: all that was due by its end."""
        self.ensure_one()
        lang = self.partner_id.lang
        date = format_date(self.env, self.date_to, lang_code=lang)
        return self.with_context(lang=lang).env._("until %(date)s", date=date)
