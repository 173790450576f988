from datetime import timedelta

from odoo import api, fields, models
from odoo.http import request
from odoo.tools import SQL, hmac

from ..tools.application_form import get_network

#: questions about customers one person may ask per hour
HINTS_PER_HOUR = 120
#: counters forgotten in one transaction
GC_BATCH = 10_000


class PartnerPortalThrottle(models.Model):
    """How often somebody asked something, per hour.

    Counted in the database, so that the limit holds however many servers answer. Of a
    visitor without a login the network address counts, of an e-mail the address it
    goes to; both are kept as a keyed hash only.
    """

    _name = "partner.portal.throttle"
    _description = "Portal Request Counter"
    _order = "hour desc, id"
    _rec_name = "action"

    user_id = fields.Many2one("res.users", required=True, ondelete="cascade")
    action = fields.Char(required=True)
    key = fields.Char(required=True, default="", readonly=True)
    hour = fields.Datetime(required=True, index=True)
    hits = fields.Integer(required=True)

    _window_uniq = models.UniqueIndex("(user_id, action, key, hour)")

    @api.model
    def _count(self, action, limit, key="", hits=1):
        """Count a request of the current user.

        :param str action: what was asked
        :param int limit: requests allowed per hour
        :param str key: for whom or from where, where the user does not say it; stored
            as a hash
        :param int hits: for how many this one counts
        :return: whether the request is within the limit
        """
        hour = fields.Datetime.now().replace(minute=0, second=0)
        # sudo: the secret of the database makes the hash useless to others
        key = key and hmac(self.env(su=True), "partner-portal-throttle", key)[:32]
        # One statement, as the ORM cannot add to a row without reading it first
        # and two requests at once would both read the old figure.
        [(total,)] = self.env.execute_query(
            SQL(
                """INSERT INTO partner_portal_throttle
                               (user_id, action, key, hour, hits)
                   VALUES (%s, %s, %s, %s, %s)
                   ON CONFLICT (user_id, action, key, hour)
                   DO UPDATE SET hits = partner_portal_throttle.hits + EXCLUDED.hits
                   RETURNING hits""",
                self.env.uid,
                action,
                key,
                hour,
                hits,
            )
        )
        return total <= limit

    @api.model
    def _count_hints(self, number=1):
        """Count questions about customers; return whether they may be answered."""
        return self._count("hint", HINTS_PER_HOUR, hits=number)

    @api.model
    def _count_visitor(self, action, limit):
        """Count one request of the address the current request comes from.

        :param str action: what was asked
        :param int limit: requests allowed per hour
        :return: whether the request is within the limit
        """
        address = request.httprequest.remote_addr if request else ""
        return self._count(action, limit, get_network(address))

    @api.model
    def _get_limit_message(self):
        """Return in words why a request beyond the limit is not answered."""
        # of a visitor all who share the address are counted
        if self.env.user._is_public():
            return self.env._("Too many requests from your network: try again later.")
        return self.env._("That was a lot for an hour. Please go on a little later.")

    @api.autovacuum
    def _gc_throttle(self):
        """Forget the counters of past days, a batch at a time.

        :return: ``(done, whether more may remain)``: Odoo calls again while it may
        """
        past = [("hour", "<", fields.Datetime.now() - timedelta(days=1))]
        counters = self.search(past, limit=GC_BATCH)
        done = len(counters)
        counters.unlink()
        return done, done == GC_BATCH
