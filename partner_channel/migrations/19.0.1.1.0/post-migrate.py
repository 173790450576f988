"""The history of tiers begins with the tiers partners are on."""

from odoo import SUPERUSER_ID, api, fields


def migrate(cr, version):
    """Write the first row of history of each membership that has none.

    :param cr: cursor of the upgrade
    :param str version: version before it
    """
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    memberships = env["partner.membership"].search(
        [("grade_id", "!=", False), ("tier_change_ids", "=", False)]
    )
    today = fields.Date.today()
    for (grade, day), members in memberships.grouped(
        lambda m: (m.grade_id, m.tier_since or m.date_start or today)
    ).items():
        env["partner.tier.change"]._record(members, grade.id, day)
    for membership in memberships.filtered("date_end"):
        membership.tier_change_ids.date_to = membership.date_end
