from odoo import fields, models
from odoo.tools import SQL


class PartnerTierSpeedReport(models.Model):
    """How long partners take to reach a tier, and how long they stay on it.

    One row for each tier partners have been on; medians say more here than averages,
    which one late partner moves.
    """

    _name = "partner.tier.speed.report"
    _description = "Time to Tier"
    _auto = False
    _order = "program_id, sequence, id"
    _rec_name = "grade_id"
    _depends = {
        "partner.tier.change": [
            "company_id",
            "date_from",
            "date_to",
            "days_to_reach",
            "direction",
            "grade_id",
            "membership_id",
            "program_id",
        ],
        "res.partner.grade": ["sequence"],
    }

    grade_id = fields.Many2one("res.partner.grade", "Tier", readonly=True)
    program_id = fields.Many2one("partner.program", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    sequence = fields.Integer(readonly=True)
    partners = fields.Integer("Partners Ever", readonly=True)
    present = fields.Integer("On It Today", readonly=True)
    rises = fields.Integer(readonly=True)
    falls = fields.Integer(readonly=True)
    median_days_to_reach = fields.Float("Median Days to Reach", readonly=True)
    slow_days_to_reach = fields.Float(
        "90 % Reach It Within (days)", readonly=True, aggregator="max"
    )
    median_days_on = fields.Float("Median Days on It", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT change.grade_id AS id,
                   change.grade_id,
                   change.program_id,
                   change.company_id,
                   MIN(grade.sequence) AS sequence,
                   COUNT(DISTINCT change.membership_id) AS partners,
                   COUNT(*) FILTER (WHERE change.date_to IS NULL) AS present,
                   COUNT(*) FILTER (WHERE change.direction = 'up') AS rises,
                   COUNT(*) FILTER (WHERE change.direction = 'down') AS falls,
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY change.days_to_reach)
                       FILTER (WHERE change.direction = 'up') AS median_days_to_reach,
                   percentile_cont(0.9) WITHIN GROUP (ORDER BY change.days_to_reach)
                       FILTER (WHERE change.direction = 'up') AS slow_days_to_reach,
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY
                       COALESCE(change.date_to, CURRENT_DATE) - change.date_from + 1)
                       AS median_days_on
              FROM partner_tier_change change
              JOIN res_partner_grade grade ON grade.id = change.grade_id
          GROUP BY change.grade_id, change.program_id, change.company_id
            """
        )
