from odoo import fields, models
from odoo.tools import SQL


class PartnerMembershipReport(models.Model):
    """Partners of the network: where they stand and how fast they started.

    One row a membership. Activation and churn are 0 or 100, so that their average
    over a group is the rate of it in percent: activated is who has won a deal, lost
    is whose membership has ended.
    """

    _name = "partner.membership.report"
    _description = "Partner Analysis"
    _auto = False
    _order = "date_start desc, id desc"
    _rec_name = "membership_id"
    _depends = {
        "partner.membership": [
            "company_id",
            "country_id",
            "date_end",
            "date_start",
            "grade_id",
            "manager_id",
            "partner_id",
            "program_id",
            "sponsor_id",
            "stage_id",
            "state",
            "team_id",
        ],
        "crm.lead": [
            "date_closed",
            "date_submitted",
            "membership_id",
            "registration_state",
        ],
    }

    membership_id = fields.Many2one("partner.membership", readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    program_id = fields.Many2one("partner.program", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    grade_id = fields.Many2one("res.partner.grade", "Tier", readonly=True)
    stage_id = fields.Many2one("partner.membership.stage", readonly=True)
    sponsor_id = fields.Many2one("partner.membership", readonly=True)
    manager_id = fields.Many2one("res.users", "Channel Manager", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)
    state = fields.Selection(
        [
            ("draft", "New"),
            ("active", "Active"),
            ("suspended", "Suspended"),
            ("terminated", "Terminated"),
        ],
        readonly=True,
    )
    date_start = fields.Date("Partner Since", readonly=True)
    date_end = fields.Date("Left On", readonly=True)
    registrations = fields.Integer(readonly=True)
    won = fields.Integer("Won Deals", readonly=True)
    days_to_register = fields.Integer(
        "Days to First Registration", readonly=True, aggregator="avg"
    )
    days_to_win = fields.Integer("Days to First Deal", readonly=True, aggregator="avg")
    activation_rate = fields.Float("Activated (%)", readonly=True, aggregator="avg")
    churn_rate = fields.Float("Left (%)", readonly=True, aggregator="avg")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT membership.id,
                   membership.id AS membership_id,
                   membership.partner_id,
                   membership.program_id,
                   membership.company_id,
                   membership.grade_id,
                   membership.stage_id,
                   membership.sponsor_id,
                   membership.manager_id,
                   membership.team_id,
                   membership.country_id,
                   membership.state,
                   membership.date_start,
                   membership.date_end,
                   COALESCE(deals.registrations, 0) AS registrations,
                   COALESCE(deals.won, 0) AS won,
                   deals.first_registered::date - membership.date_start
                       AS days_to_register,
                   deals.first_won::date - membership.date_start AS days_to_win,
                   CASE WHEN deals.won > 0 THEN 100.0 ELSE 0.0 END AS activation_rate,
                   CASE WHEN membership.state = 'terminated' THEN 100.0 ELSE 0.0 END
                       AS churn_rate
              FROM partner_membership membership
         LEFT JOIN (SELECT lead.membership_id,
                           COUNT(*) AS registrations,
                           COUNT(*) FILTER (WHERE lead.registration_state = 'won')
                               AS won,
                           MIN(lead.date_submitted) AS first_registered,
                           MIN(lead.date_closed)
                               FILTER (WHERE lead.registration_state = 'won')
                               AS first_won
                      FROM crm_lead lead
                     WHERE lead.date_submitted IS NOT NULL
                       AND lead.membership_id IS NOT NULL
                  GROUP BY lead.membership_id) deals
                ON deals.membership_id = membership.id
            """
        )
