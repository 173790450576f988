from odoo import models
from odoo.tools import format_date


class PartnerMembershipScorecardMixin(models.AbstractModel):
    """Everything about a partner on one sheet."""

    _name = "partner.membership.scorecard.mixin"
    _description = "Scorecard of a Membership"

    def _get_scorecard(self):
        """Return what the scorecard prints beside tier, health and benefits.

        :return: dict with ``today``, ``facts`` (pairs of label and text) and ``goals``
            that run today
        """
        self.ensure_one()
        today = self.program_id._get_today()
        row = self.env["partner.membership.report"].search(
            [("membership_id", "=", self.id)], limit=1
        )
        goals = self.env["partner.goal"].search(
            [
                ("membership_id", "=", self.id),
                ("state", "!=", "draft"),
                ("date_from", "<=", today),
                ("date_to", ">=", today),
            ]
        )
        return {"today": today, "facts": self._get_scorecard_facts(row), "goals": goals}

    def _get_scorecard_facts(self, row):
        """Return the first table of the scorecard; addons add their lines.

        :param row: the membership's ``partner.membership.report``
        :return: list of ``(label, text)``
        """
        since = format_date(self.env, self.date_start) if self.date_start else "–"
        rate = round(100 * row.won / row.registrations) if row.registrations else None
        last = self.last_activity_date
        return [
            (self.env._("Program"), self.program_id.display_name),
            (self.env._("Tier"), self.grade_id.name or "–"),
            (self.env._("Partner since"), since),
            (self.env._("Channel manager"), self.manager_id.name or "–"),
            (self.env._("Registrations"), str(row.registrations)),
            (self.env._("Won deals"), str(row.won)),
            (self.env._("Registrations won"), "–" if rate is None else f"{rate} %"),
            (
                self.env._("Last sign of life"),
                format_date(self.env, last) if last else "–",
            ),
        ]
