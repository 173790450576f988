from odoo import fields, models
from odoo.tools import SQL


class PartnerRegistrationSpeedReport(models.Model):
    """How long the vendor takes to decide, by program, in the last 12 months.

    Medians say more here than averages, which one forgotten registration moves.
    """

    _name = "partner.registration.speed.report"
    _description = "Time to Decide"
    _auto = False
    _order = "program_id, id"
    _rec_name = "program_id"
    _depends = {
        "crm.lead": [
            "date_decision",
            "date_decision_due",
            "date_submitted",
            "membership_id",
        ],
        "partner.membership": ["company_id", "program_id"],
    }

    program_id = fields.Many2one("partner.program", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    decided = fields.Integer("Decisions", readonly=True)
    in_time_rate = fields.Float("In Time (%)", readonly=True, aggregator="avg")
    median_hours = fields.Float(readonly=True, aggregator="avg")
    slow_hours = fields.Float(
        "90 % Within (hours)", readonly=True, aggregator="max", help="90th percentile."
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT membership.program_id AS id,
                   membership.program_id,
                   membership.company_id,
                   COUNT(*) AS decided,
                   AVG(CASE WHEN lead.date_decision <= lead.date_decision_due
                            THEN 100.0 ELSE 0.0 END) AS in_time_rate,
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY hours.taken)
                       AS median_hours,
                   percentile_cont(0.9) WITHIN GROUP (ORDER BY hours.taken)
                       AS slow_hours
              FROM crm_lead lead
              JOIN partner_membership membership ON membership.id = lead.membership_id
     CROSS JOIN LATERAL (
                    SELECT EXTRACT(EPOCH FROM lead.date_decision - lead.date_submitted)
                           / 3600 AS taken) hours
             WHERE lead.date_decision
                   >= (now() AT TIME ZONE 'UTC') - interval '12 months'
               AND lead.date_submitted IS NOT NULL
          GROUP BY membership.program_id, membership.company_id
            """
        )
