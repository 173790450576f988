from odoo import fields, models
from odoo.tools import SQL


class PartnerRegistrationReport(models.Model):
    """Registrations, and the vendor's own opportunities to compare them with.

    One row a deal. Rates are 0, 100 or nothing, so that their average over a group is
    the rate of it in percent:

    * in time: of those decided, decided by when the decision was due;
    * approved, in conflict: of those decided, approved, or refused for a conflict;
    * expired: of the approved ones that have ended, those that ended by expiry;
    * won: of the deals won or lost, registered or not;
    * hoarded: of the protected ones, those on which for 30 days nothing was reported,
      no stage was moved and which have no quotation.
    """

    _name = "partner.registration.report"
    _description = "Registration Analysis"
    _auto = False
    _order = "date_submitted desc, id desc"
    _rec_name = "lead_id"
    _depends = {
        "crm.lead": [
            "company_id",
            "country_id",
            "create_date",
            "date_decision",
            "date_decision_due",
            "date_last_stage_update",
            "date_last_update",
            "date_protection_end",
            "date_submitted",
            "expected_revenue",
            "membership_id",
            "product_family_id",
            "registration_reason",
            "registration_state",
            "type",
            "won_status",
        ],
        "partner.membership": ["grade_id", "manager_id", "partner_id", "program_id"],
        "partner.deal.role": ["lead_id", "role", "share"],
        "sale.order": ["opportunity_id", "state"],
        "sale.order.line": ["order_id"],
        "account.move": ["state"],
        "account.move.line": ["balance", "display_type", "sale_line_ids"],
        "res.company": ["currency_id"],
    }

    lead_id = fields.Many2one("crm.lead", "Deal", readonly=True)
    is_registered = fields.Boolean("Registered by a Partner", readonly=True)
    membership_id = fields.Many2one("partner.membership", readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    program_id = fields.Many2one("partner.program", readonly=True)
    grade_id = fields.Many2one("res.partner.grade", "Tier", readonly=True)
    manager_id = fields.Many2one("res.users", "Channel Manager", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)
    product_family_id = fields.Many2one("product.category", readonly=True)
    state = fields.Selection(
        lambda self: self.env["crm.lead"]._fields["registration_state"].selection,
        readonly=True,
    )
    date_submitted = fields.Datetime("Submitted On", readonly=True)
    date_decision = fields.Datetime("Decided On", readonly=True)
    hours_to_decide = fields.Float(readonly=True, aggregator="avg")
    in_time_rate = fields.Float("Decided in Time (%)", readonly=True, aggregator="avg")
    approval_rate = fields.Float("Approved (%)", readonly=True, aggregator="avg")
    conflict_rate = fields.Float("In Conflict (%)", readonly=True, aggregator="avg")
    expiry_rate = fields.Float("Expired (%)", readonly=True, aggregator="avg")
    win_rate = fields.Float("Won (%)", readonly=True, aggregator="avg")
    hoarding_index = fields.Float(
        "Hoarded (%)",
        readonly=True,
        aggregator="avg",
        help="Of the protected deals: nothing reported and no stage moved for 30 days, "
        "and no quotation.",
    )
    expected_revenue = fields.Monetary(readonly=True)
    sourced_revenue = fields.Monetary(
        readonly=True, help="Posted invoices, without taxes, by the partners' shares."
    )
    influenced_revenue = fields.Monetary(
        readonly=True, help="Posted invoices, without taxes, by the partners' shares."
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT %(columns)s, %(rates)s,
                   COALESCE(revenue.sourced, 0) AS sourced_revenue,
                   COALESCE(revenue.influenced, 0) AS influenced_revenue
              FROM crm_lead lead
         LEFT JOIN partner_membership membership ON membership.id = lead.membership_id
         LEFT JOIN res_company company ON company.id = lead.company_id
         LEFT JOIN (%(revenue)s) revenue ON revenue.lead_id = lead.id
             WHERE lead.date_submitted IS NOT NULL
                OR (lead.registration_state IS NULL AND lead.type = 'opportunity')
            """,
            columns=self._get_columns(),
            rates=self._get_rates(),
            revenue=self._get_revenue(),
        )

    def _get_columns(self):
        return SQL(
            """
            lead.id,
            lead.id AS lead_id,
            lead.registration_state IS NOT NULL AS is_registered,
            lead.membership_id,
            membership.partner_id,
            membership.program_id,
            membership.grade_id,
            membership.manager_id,
            lead.company_id,
            company.currency_id,
            lead.country_id,
            lead.product_family_id,
            lead.registration_state AS state,
            lead.date_submitted,
            lead.date_decision,
            lead.expected_revenue,
            EXTRACT(EPOCH FROM lead.date_decision - lead.date_submitted) / 3600
                AS hours_to_decide
            """
        )

    def _get_rates(self):
        return SQL(
            """
            CASE WHEN lead.date_decision IS NULL THEN NULL
                 WHEN lead.date_decision <= lead.date_decision_due THEN 100.0
                 ELSE 0.0 END AS in_time_rate,
            CASE WHEN lead.date_protection_end IS NOT NULL THEN 100.0
                 WHEN lead.registration_state = 'rejected' THEN 0.0
                 END AS approval_rate,
            CASE WHEN lead.registration_state = 'rejected'
                      AND lead.registration_reason = 'conflict' THEN 100.0
                 WHEN lead.date_protection_end IS NOT NULL
                      OR lead.registration_state = 'rejected' THEN 0.0
                 END AS conflict_rate,
            CASE WHEN lead.registration_state = 'expired' THEN 100.0
                 WHEN lead.date_protection_end IS NOT NULL
                      AND lead.registration_state <> 'approved' THEN 0.0
                 END AS expiry_rate,
            CASE WHEN lead.won_status = 'won' THEN 100.0
                 WHEN lead.won_status = 'lost' THEN 0.0
                 END AS win_rate,
            CASE WHEN lead.registration_state <> 'approved'
                      OR lead.registration_state IS NULL THEN NULL
                 WHEN GREATEST(lead.date_decision, lead.date_last_update,
                               lead.date_last_stage_update)
                      >= (now() AT TIME ZONE 'UTC') - interval '30 days' THEN 0.0
                 WHEN EXISTS (SELECT 1 FROM sale_order so
                               WHERE so.opportunity_id = lead.id
                                 AND so.state <> 'cancel') THEN 0.0
                 ELSE 100.0 END AS hoarding_index
            """
        )

    def _get_revenue(self):
        return SQL(
            """
            SELECT part.lead_id,
                   SUM(part.amount) FILTER (WHERE part.role = 'sourced') AS sourced,
                   SUM(part.amount) FILTER (WHERE part.role = 'influenced')
                       AS influenced
              FROM (SELECT DISTINCT role.id AS role_id, line.id AS line_id,
                           role.lead_id, role.role,
                           -line.balance * role.share / 100 AS amount
                      FROM partner_deal_role role
                      JOIN sale_order so ON so.opportunity_id = role.lead_id
                      JOIN sale_order_line so_line ON so_line.order_id = so.id
                      JOIN sale_order_line_invoice_rel rel
                        ON rel.order_line_id = so_line.id
                      JOIN account_move_line line
                        ON line.id = rel.invoice_line_id
                       AND line.display_type = 'product'
                      JOIN account_move move
                        ON move.id = line.move_id AND move.state = 'posted') part
          GROUP BY part.lead_id
            """
        )
