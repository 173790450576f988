from odoo import api, fields, models
from odoo.tools import SQL

from ..models.partner_program_eligibility import MISSING

#: ids of the rows are made of a membership's and a requirement's or a demand's: these
#: have so many bits, with the one that tells them apart; 53 bits in all are exact
_BITS = 22


class PartnerCertificationCoverage(models.Model):
    """Certified people beside those asked for: a row for each thing asked of a partner.

    Asked by the partner's tier, by the next one that has requirements, and by what the
    program wants of those who register deals. Where people have to be in the country of
    the deal, the weakest of the countries named counts; without any, the partner's own.
    """

    _name = "partner.certification.coverage"
    _description = "Certified People Needed"
    _inherit = ["training.day.mixin"]
    _auto = False
    _order = "missing desc, partner_id, type_id, id"
    _rec_name = "type_id"
    _depends = {
        "partner.certification": [
            "commercial_partner_id",
            "date_expiry",
            "date_issued",
            "partner_id",
            "revoked",
            "type_id",
        ],
        "partner.certification.demand": [
            "country_ids",
            "family_id",
            "grade_ids",
            "is_local",
            "people",
            "program_id",
            "type_id",
        ],
        "partner.membership": [
            "company_id",
            "country_id",
            "grade_id",
            "manager_id",
            "partner_id",
            "program_id",
            "state",
        ],
        "partner.program.eligibility": ["code", "policy", "program_id"],
        "partner.tier.requirement": [
            "certification_type_id",
            "comparison",
            "grade_id",
            "metric",
            "minimum",
            "threshold",
        ],
        "res.partner": ["active", "country_id"],
        "res.partner.grade": ["active", "points_needed", "program_id", "sequence"],
    }

    membership_id = fields.Many2one("partner.membership", readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    program_id = fields.Many2one("partner.program", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    grade_id = fields.Many2one("res.partner.grade", "Tier", readonly=True)
    manager_id = fields.Many2one("res.users", "Channel Manager", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)
    type_id = fields.Many2one(
        "partner.certification.type", "Certification", readonly=True
    )
    source = fields.Selection(
        [
            ("tier", "Keep the tier"),
            ("deal", "Register deals"),
            ("next", "Reach the next tier"),
        ],
        "Asked to",
        readonly=True,
    )
    asked_grade_id = fields.Many2one("res.partner.grade", "Asking Tier", readonly=True)
    family_id = fields.Many2one("product.category", "Product Family", readonly=True)
    is_local = fields.Boolean("People of the Deal's Country", readonly=True)
    required = fields.Integer("People Needed", readonly=True)
    certified = fields.Integer("People Certified", readonly=True)
    missing = fields.Integer("People Missing", readonly=True)
    coverage = fields.Float(
        "Covered (%)",
        readonly=True,
        aggregator="avg",
        help="Certified of needed, at most 100; of a group the average.",
    )

    @property
    def _table_query(self):
        days = self._get_days_query()
        return SQL(
            """
            SELECT asked.*,
                   GREATEST(asked.required - asked.certified, 0) AS missing,
                   LEAST(100.0, 100.0 * asked.certified / asked.required) AS coverage
              FROM (%s UNION ALL %s) asked
            """,
            self._get_tier_query(days),
            self._get_deal_query(days),
        )

    def _get_tier_query(self, days):
        """Return the SQL of what tiers ask for.

        A tier that counts points takes fewer people too: only the minimum is needed.
        """
        return SQL(
            """
            SELECT (membership.id::bigint << %(bits)s) | (requirement.id::bigint << 1)
                       AS id,
                   %(columns)s,
                   requirement.certification_type_id AS type_id,
                   CASE WHEN requirement.grade_id = membership.grade_id THEN 'tier'
                        ELSE 'next' END AS source,
                   requirement.grade_id AS asked_grade_id,
                   NULL::int AS family_id,
                   FALSE AS is_local,
                   needed.people AS required,
                   held.people AS certified
              FROM partner_membership membership
              JOIN %(days)s days ON days.company_id = membership.company_id
         LEFT JOIN res_partner_grade grade ON grade.id = membership.grade_id
         LEFT JOIN LATERAL (%(upcoming)s) upcoming ON TRUE
              JOIN partner_tier_requirement requirement
                ON requirement.grade_id IN (membership.grade_id, upcoming.id)
               AND requirement.metric = 'certified_people'
               AND requirement.comparison = 'ge'
              JOIN res_partner_grade asking ON asking.id = requirement.grade_id
     CROSS JOIN LATERAL (
                   SELECT CEIL(CASE WHEN asking.points_needed > 0
                                    THEN requirement.minimum
                                    ELSE requirement.threshold END)::int AS people
                   ) needed
     CROSS JOIN LATERAL (%(held)s) held
             WHERE membership.state IN ('active', 'suspended')
               AND needed.people > 0
            """,
            bits=_BITS,
            columns=self._get_membership_columns(),
            days=days,
            upcoming=self._get_upcoming_query(),
            held=self._get_held_query(SQL("requirement.certification_type_id")),
        )

    def _get_upcoming_query(self):
        """Return the SQL of the next tier of a member that has requirements."""
        return SQL(
            """
                   SELECT above.id
                     FROM res_partner_grade above
                    WHERE above.program_id = membership.program_id
                      AND above.active
                      AND (grade.id IS NULL OR above.sequence < grade.sequence)
                      AND EXISTS (SELECT 1 FROM partner_tier_requirement asks
                                   WHERE asks.grade_id = above.id)
                 ORDER BY above.sequence DESC, above.id
                    LIMIT 1
            """
        )

    def _get_deal_query(self, days):
        """Return the SQL of what programs ask of those who register deals."""
        kind = SQL("demand.type_id")
        return SQL(
            """
            SELECT (membership.id::bigint << %(bits)s) | (demand.id::bigint << 1) | 1
                       AS id,
                   %(columns)s,
                   demand.type_id,
                   'deal' AS source,
                   NULL::int AS asked_grade_id,
                   demand.family_id,
                   COALESCE(demand.is_local, FALSE) AS is_local,
                   demand.people AS required,
                   CASE WHEN demand.is_local THEN local.people ELSE held.people END
                       AS certified
              FROM partner_membership membership
              JOIN %(days)s days ON days.company_id = membership.company_id
              JOIN partner_certification_demand demand
                ON demand.program_id = membership.program_id
         LEFT JOIN LATERAL (%(held)s) held ON demand.is_local IS NOT TRUE
         LEFT JOIN LATERAL (
                   SELECT COALESCE(MIN(there.people), 0) AS people
                     FROM (%(countries)s) countries
               CROSS JOIN LATERAL (%(local)s) there) local ON demand.is_local
             WHERE membership.state IN ('active', 'suspended')
               AND %(is_asked)s
               AND %(is_checked)s
            """,
            bits=_BITS,
            columns=self._get_membership_columns(),
            days=days,
            countries=self._get_countries_query(),
            is_asked=self._get_asked_condition(),
            is_checked=self._get_checked_condition(),
            held=self._get_held_query(kind),
            local=self._get_held_query(
                kind, SQL("person.country_id = countries.country_id")
            ),
        )

    @api.model
    def _get_checked_condition(self):
        """Return the SQL of ``partner.membership._get_checked_demands``."""
        return SQL(
            """EXISTS (SELECT 1 FROM partner_program_eligibility rule
                        WHERE rule.program_id = demand.program_id
                          AND rule.code = %s
                          AND rule.policy != 'off')""",
            MISSING,
        )

    def _get_countries_query(self):
        """Return the SQL of the countries a demand names, else the member's own."""
        return SQL(
            """
            SELECT place.res_country_id AS country_id
              FROM partner_certification_demand_res_country_rel place
             WHERE place.partner_certification_demand_id = demand.id
         UNION ALL
            SELECT membership.country_id
             WHERE NOT EXISTS (
                   SELECT 1
                     FROM partner_certification_demand_res_country_rel p
                    WHERE p.partner_certification_demand_id = demand.id)
            """
        )

    def _get_asked_condition(self):
        """Return the SQL of whether a demand is asked of a member on its tier."""
        return SQL(
            """
            (NOT EXISTS (
                 SELECT 1
                   FROM partner_certification_demand_res_partner_grade_rel tier
                  WHERE tier.partner_certification_demand_id = demand.id)
             OR EXISTS (
                 SELECT 1
                   FROM partner_certification_demand_res_partner_grade_rel tier
                  WHERE tier.partner_certification_demand_id = demand.id
                    AND tier.res_partner_grade_id = membership.grade_id))
            """
        )

    def _get_membership_columns(self):
        return SQL(
            """
            membership.id AS membership_id, membership.partner_id,
            membership.program_id, membership.company_id, membership.grade_id,
            membership.manager_id, membership.country_id
            """
        )

    def _get_held_query(self, kind, where=None):
        """Return the SQL that counts a member's people who hold a certification today.

        What holds is told by ``partner.certification._get_valid_domain``.

        :param SQL kind: the id of the certification
        :param SQL where: which people count; all without
        """
        return SQL(
            """
            SELECT COUNT(DISTINCT certificate.partner_id)::int AS people
              FROM partner_certification certificate
              JOIN res_partner person
                ON person.id = certificate.partner_id AND person.active
             WHERE certificate.type_id = %s
               AND certificate.commercial_partner_id = membership.partner_id
               AND certificate.revoked IS NOT TRUE
               AND certificate.date_issued <= days.day
               AND COALESCE(certificate.date_expiry, days.day) >= days.day
               AND %s
            """,
            kind,
            where or SQL("TRUE"),
        )
