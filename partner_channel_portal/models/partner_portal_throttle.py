from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

#: questions about customers one person may ask per hour
HINTS_PER_HOUR = 120


class PartnerPortalThrottle(models.Model):
    """How often a person asked something, per hour.

    Counted in the database, so that the limit holds however many servers
    answer.
    """

    _name = "partner.portal.throttle"
    _description = "Portal Request Counter"
    _order = "hour desc, id"
    _rec_name = "action"

    user_id = fields.Many2one("res.users", required=True, ondelete="cascade")
    action = fields.Char(required=True)
    hour = fields.Datetime(required=True, index=True)
    hits = fields.Integer(required=True)

    _window_uniq = models.UniqueIndex("(user_id, action, hour)")

    @api.model
    def _count(self, action, limit, hits=1):
        """Count a request of the current user.

        :param str action: what was asked
        :param int limit: requests allowed per hour
        :param int hits: for how many this one counts
        :return: whether the request is within the limit
        """
        hour = fields.Datetime.now().replace(minute=0, second=0)
        # One statement, as the ORM cannot add to a row without reading it first
        # and two requests at once would both read the old figure.
        [(total,)] = self.env.execute_query(
            SQL(
                """INSERT INTO partner_portal_throttle (user_id, action, hour, hits)
                   VALUES (%s, %s, %s, %s)
                   ON CONFLICT (user_id, action, hour)
                   DO UPDATE SET hits = partner_portal_throttle.hits + EXCLUDED.hits
                   RETURNING hits""",
                self.env.uid,
                action,
                hour,
                hits,
            )
        )
        return total <= limit

    @api.model
    def _count_hints(self, number=1):
        """Count questions about customers; return whether they may be answered."""
        return self._count("hint", HINTS_PER_HOUR, number)

    @api.autovacuum
    def _gc_throttle(self):
        """Forget the counters of past days."""
        self.search(
            [("hour", "<", fields.Datetime.now() - timedelta(days=1))], limit=10_000
        ).unlink()
