from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

#: a visit ends when nothing was looked at for so long
PAUSE = timedelta(hours=1)


class PartnerAssetVisit(models.Model):
    """When somebody looked into the library last, and the time before."""

    _name = "partner.asset.visit"
    _description = "Visit of the Library"
    _rec_name = "user_id"

    user_id = fields.Many2one("res.users", required=True, ondelete="cascade")
    date_last = fields.Datetime(required=True)
    date_before = fields.Datetime()

    _user_uniq = models.UniqueIndex("(user_id)")

    @api.model
    def _visit(self):
        """Take down that the current user looks into the library.

        :return: ``datetime`` when the visit before this one ended, ``None`` at the
            first one: then nothing is new, or all is
        """
        now = fields.Datetime.now()
        # One statement, as two pages may be opened at once.
        [(before,)] = self.env.execute_query(
            SQL(
                """INSERT INTO partner_asset_visit AS visit (user_id, date_last)
                   VALUES (%(user)s, %(now)s)
                   ON CONFLICT (user_id) DO UPDATE
                   SET date_before = CASE WHEN visit.date_last < %(pause)s
                                          THEN visit.date_last
                                          ELSE visit.date_before END,
                       date_last = EXCLUDED.date_last
                   RETURNING date_before""",
                user=self.env.uid,
                now=now,
                pause=now - PAUSE,
            )
        )
        return before
