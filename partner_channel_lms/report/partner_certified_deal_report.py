from odoo import fields, models
from odoo.tools import SQL

#: for whom people worked when they earned it
_OF_PARTNER = SQL(
    "(certificate.issued_company_partner_id = membership.partner_id"
    " OR certificate.issued_company_partner_id IS NULL"
    " AND certificate.commercial_partner_id = membership.partner_id)"
)
_HELD = [("held", "Certified"), ("none", "Not certified")]


class PartnerCertifiedDealReport(models.Model):
    """Registered deals that have ended, beside each certification: one row for both.

    Certified is who held it on the day the deal was registered: somebody of the
    partner, and the person who registered it. People count for whom they worked for
    when they earned it: the past does not change when they change company. Rates are 0
    or 100, so that their average over a group is the rate of it in percent.

    A deal is there once for each certification: compare within one of them.
    """

    _name = "partner.certified.deal.report"
    _description = "Certified and Not: Deals"
    _inherit = ["training.day.mixin"]
    _auto = False
    _order = "date_submitted desc, id desc"
    _rec_name = "lead_id"
    _depends = {
        "crm.lead": [
            "company_id",
            "date_closed",
            "date_submitted",
            "expected_revenue",
            "membership_id",
            "product_family_id",
            "registrant_id",
            "registration_state",
            "won_status",
        ],
        "partner.certification": [
            "commercial_partner_id",
            "date_expiry",
            "date_issued",
            "issued_company_partner_id",
            "partner_id",
            "revoked",
            "type_id",
        ],
        "partner.certification.type": ["active"],
        "partner.membership": [
            "company_id",
            "grade_id",
            "manager_id",
            "partner_id",
            "program_id",
        ],
        "res.company": ["currency_id"],
    }

    lead_id = fields.Many2one("crm.lead", "Deal", readonly=True)
    type_id = fields.Many2one(
        "partner.certification.type", "Certification", readonly=True
    )
    membership_id = fields.Many2one("partner.membership", readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    program_id = fields.Many2one("partner.program", readonly=True)
    grade_id = fields.Many2one("res.partner.grade", "Tier", readonly=True)
    manager_id = fields.Many2one("res.users", "Channel Manager", readonly=True)
    registrant_id = fields.Many2one("res.partner", "Registered By", readonly=True)
    product_family_id = fields.Many2one("product.category", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    date_submitted = fields.Datetime("Registered On", readonly=True)
    partner_held = fields.Selection(
        _HELD,
        "Partner Was",
        readonly=True,
        help="Whether somebody of the partner held it when the deal was registered.",
    )
    seller_held = fields.Selection(
        _HELD,
        "Seller Was",
        readonly=True,
        help="Whether who registered the deal held it on that day.",
    )
    win_rate = fields.Float("Won (%)", readonly=True, aggregator="avg")
    days_to_win = fields.Float(
        "Days to Win",
        readonly=True,
        aggregator="avg",
        help="From registration to the end, of the deals won.",
    )
    won_revenue = fields.Monetary(
        readonly=True, help="Expected revenue of the deals won."
    )

    @property
    def _table_query(self):
        # what was held is looked up once for a deal, not once for each certification;
        # the ids of certification and deal make one that is exact in 53 bits
        return SQL(
            """
            SELECT kind.id::bigint << 32 | lead.id::bigint AS id,
                   lead.id AS lead_id, kind.id AS type_id,
                   membership.id AS membership_id, membership.partner_id,
                   membership.program_id, membership.grade_id, membership.manager_id,
                   lead.registrant_id, lead.product_family_id,
                   membership.company_id, company.currency_id, lead.date_submitted,
                   CASE WHEN kind.id = ANY(partner.kinds) THEN 'held' ELSE 'none' END
                       AS partner_held,
                   CASE WHEN kind.id = ANY(seller.kinds) THEN 'held' ELSE 'none' END
                       AS seller_held,
                   %(rates)s
              FROM crm_lead lead
              JOIN partner_membership membership ON membership.id = lead.membership_id
              JOIN res_company company ON company.id = membership.company_id
              JOIN %(days)s days ON days.company_id = membership.company_id
     CROSS JOIN LATERAL (
                   SELECT (lead.date_submitted AT TIME ZONE 'UTC'
                           AT TIME ZONE days.zone)::date AS day) registered
     CROSS JOIN LATERAL (%(partner)s) partner
     CROSS JOIN LATERAL (%(seller)s) seller
     CROSS JOIN partner_certification_type kind
             WHERE lead.date_submitted IS NOT NULL
               AND lead.won_status IN ('won', 'lost')
               AND lead.registration_state <> 'rejected'
               AND kind.active
            """,
            rates=self._get_rates(),
            days=self._get_days_query(),
            partner=self._get_kinds_query(_OF_PARTNER),
            seller=self._get_kinds_query(
                SQL("certificate.partner_id = lead.registrant_id")
            ),
        )

    def _get_rates(self):
        return SQL(
            """
                   CASE WHEN lead.won_status = 'won' THEN 100.0 ELSE 0.0 END
                       AS win_rate,
                   CASE WHEN lead.won_status = 'won' THEN
                        EXTRACT(EPOCH FROM lead.date_closed - lead.date_submitted)
                        / 86400 END AS days_to_win,
                   CASE WHEN lead.won_status = 'won' THEN lead.expected_revenue
                        ELSE 0 END AS won_revenue
            """
        )

    def _get_kinds_query(self, whose):
        """Return the SQL of the certifications that held on the deal's first day.

        :param SQL whose: which certificates
        """
        return SQL(
            """
            SELECT array_agg(DISTINCT certificate.type_id) AS kinds
              FROM partner_certification certificate
             WHERE %s
               AND certificate.revoked IS NOT TRUE
               AND certificate.date_issued <= registered.day
               AND COALESCE(certificate.date_expiry, registered.day) >= registered.day
            """,
            whose,
        )
