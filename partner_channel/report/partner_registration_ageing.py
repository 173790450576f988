from odoo import fields, models
from odoo.tools import SQL


class PartnerRegistrationAgeing(models.Model):
    """What lies undecided: with whom, and for how long.

    One row a submitted registration. Who holds it is who is asked to approve, else
    the channel manager of the deal; days are full days of 24 hours since submission.
    """

    _name = "partner.registration.ageing"
    _description = "Undecided Registrations"
    _auto = False
    _order = "date_submitted, id"
    _rec_name = "lead_id"
    _depends = {
        "crm.lead": [
            "company_id",
            "date_decision_due",
            "date_submitted",
            "escalation_level",
            "expected_revenue",
            "membership_id",
            "registration_state",
            "team_id",
            "user_id",
        ],
        "partner.approval.step": ["acting_id", "lead_id", "state"],
        "partner.membership": ["grade_id", "manager_id", "partner_id", "program_id"],
    }

    lead_id = fields.Many2one("crm.lead", "Registration", readonly=True)
    owner_id = fields.Many2one("res.users", "Lies With", readonly=True)
    membership_id = fields.Many2one("partner.membership", readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    program_id = fields.Many2one("partner.program", readonly=True)
    grade_id = fields.Many2one("res.partner.grade", "Tier", readonly=True)
    manager_id = fields.Many2one("res.users", "Channel Manager", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_submitted = fields.Datetime("Submitted On", readonly=True)
    date_decision_due = fields.Datetime("Decide By", readonly=True)
    escalation_level = fields.Integer(readonly=True, aggregator="max")
    expected_revenue = fields.Monetary("Amount", readonly=True)
    days = fields.Integer("Days Undecided", readonly=True, aggregator="max")
    bucket = fields.Selection(
        [
            ("1", "Less than 1 day"),
            ("2", "1 to 2 days"),
            ("3", "3 to 6 days"),
            ("4", "7 to 13 days"),
            ("5", "14 days and more"),
        ],
        "Age",
        readonly=True,
    )
    late = fields.Integer(readonly=True, help="1 when the deadline has passed.")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT aged.*,
                   CASE WHEN aged.days < 1 THEN '1'
                        WHEN aged.days < 3 THEN '2'
                        WHEN aged.days < 7 THEN '3'
                        WHEN aged.days < 14 THEN '4'
                        ELSE '5' END AS bucket
              FROM (SELECT lead.id,
                           lead.id AS lead_id,
                           COALESCE(step.acting_id, lead.user_id) AS owner_id,
                           lead.membership_id,
                           membership.partner_id,
                           membership.program_id,
                           membership.grade_id,
                           membership.manager_id,
                           lead.team_id,
                           lead.company_id,
                           lead.date_submitted,
                           lead.date_decision_due,
                           lead.escalation_level,
                           lead.expected_revenue,
                           FLOOR(EXTRACT(EPOCH FROM %(now)s - lead.date_submitted)
                                 / 86400)::int AS days,
                           (lead.date_decision_due < %(now)s)::int AS late
                      FROM crm_lead lead
                      JOIN partner_membership membership
                        ON membership.id = lead.membership_id
                 LEFT JOIN partner_approval_step step
                        ON step.lead_id = lead.id AND step.state = 'asked'
                     WHERE lead.registration_state = 'submitted') aged
            """,
            now=fields.Datetime.now(),
        )

    def action_open_registration(self):
        """Open the registration of the row."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lead",
            "res_id": self.lead_id.id,
            "views": [
                (
                    self.env.ref("partner_channel.crm_lead_registration_view_form").id,
                    "form",
                )
            ],
        }
