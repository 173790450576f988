from odoo import fields, models
from odoo.tools import SQL


class PartnerAssetReport(models.Model):
    """What is used of the sales material, and what is not. One row an asset.

    Partners with access are those with an active membership the asset is for today, by
    company, program, tier, country and segment; which of their people a portal role
    lets in does not count. Seen means opened or downloaded by somebody of the partner.
    """

    _name = "partner.asset.report"
    _description = "Sales Material Analysis"
    _auto = False
    _order = "id"
    _rec_name = "asset_id"
    _depends = {
        "partner.asset": [
            "company_id",
            "country_ids",
            "date_published",
            "grade_ids",
            "kind",
            "lang_id",
            "program_ids",
            "segment_ids",
            "state",
            "type_id",
            "user_id",
        ],
        "partner.asset.use": ["asset_id", "kind", "lead_id", "partner_id", "person_id"],
        "partner.membership": [
            "company_id",
            "grade_id",
            "partner_id",
            "program_id",
            "state",
        ],
        "res.partner": ["country_id"],
        "crm.lead": ["won_status"],
    }

    asset_id = fields.Many2one("partner.asset", "Material", readonly=True)
    type_id = fields.Many2one("partner.asset.type", readonly=True)
    user_id = fields.Many2one("res.users", "Owner", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    lang_id = fields.Many2one("res.lang", "Language", readonly=True)
    kind = fields.Selection(
        lambda self: self.env["partner.asset"]._fields["kind"].selection, readonly=True
    )
    state = fields.Selection(
        lambda self: self.env["partner.asset"]._fields["state"].selection,
        readonly=True,
    )
    date_published = fields.Datetime("Published On", readonly=True)
    uses = fields.Integer(readonly=True)
    downloads = fields.Integer(readonly=True)
    people = fields.Integer(readonly=True, help="Different people who used it.")
    deals = fields.Integer(readonly=True, help="Deals on which it was used.")
    won_deals = fields.Integer(
        readonly=True, help="Of the deals on which it was used, those that were won."
    )
    audience = fields.Integer("Partners With Access", readonly=True)
    seen = fields.Integer(
        "Partners Who Saw It", readonly=True, help="Of those who have access."
    )
    unseen_rate = fields.Float(
        "Never Seen By (%)",
        readonly=True,
        aggregator="avg",
        help="Of the active partners with access. Empty when nobody has.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            WITH %(limits)s, %(audience)s
            SELECT limits.id,
                   limits.id AS asset_id,
                   limits.type_id,
                   limits.user_id,
                   limits.company_id,
                   limits.lang_id,
                   limits.kind,
                   limits.state,
                   limits.date_published,
                   COALESCE(used.uses, 0) AS uses,
                   COALESCE(used.downloads, 0) AS downloads,
                   COALESCE(used.people, 0) AS people,
                   COALESCE(used.deals, 0) AS deals,
                   COALESCE(used.won_deals, 0) AS won_deals,
                   COALESCE(sized.partners, 0) AS audience,
                   COALESCE(seen.partners, 0) AS seen,
                   100.0 * (sized.partners - COALESCE(seen.partners, 0))
                       / sized.partners AS unseen_rate
              FROM limits
         LEFT JOIN (%(used)s) used ON used.asset_id = limits.id
         LEFT JOIN (SELECT scope, COUNT(*) AS partners
                      FROM audience GROUP BY scope) sized
                ON sized.scope = limits.scope
         LEFT JOIN (%(seen)s) seen ON seen.asset_id = limits.id
            """,
            limits=self._get_limits(),
            audience=self._get_audience(),
            used=self._get_used(),
            seen=self._get_seen(),
        )

    def _get_limits(self):
        """Return assets with whom they are for; those for the same share a scope."""
        return SQL(
            """
            limited AS (
                SELECT asset.id, asset.type_id, asset.user_id, asset.company_id,
                       asset.lang_id, asset.kind, asset.state, asset.date_published,
                       ARRAY(SELECT program_id FROM partner_asset_program_rel rel
                              WHERE rel.asset_id = asset.id ORDER BY 1) AS programs,
                       ARRAY(SELECT grade_id FROM partner_asset_grade_rel rel
                              WHERE rel.asset_id = asset.id ORDER BY 1) AS grades,
                       ARRAY(SELECT country_id FROM partner_asset_country_rel rel
                              WHERE rel.asset_id = asset.id ORDER BY 1) AS countries,
                       ARRAY(SELECT segment_id FROM partner_asset_segment_rel rel
                              WHERE rel.asset_id = asset.id ORDER BY 1) AS segments
                  FROM partner_asset asset),
            limits AS MATERIALIZED (
                SELECT limited.*,
                       DENSE_RANK() OVER (ORDER BY company_id, programs, grades,
                                                   countries, segments) AS scope
                  FROM limited)
            """
        )

    def _get_audience(self):
        """Return the active partners of each scope, once each."""
        return SQL(
            """
            member AS MATERIALIZED (SELECT * FROM %s pair),
            scoped AS (
                SELECT DISTINCT ON (scope) scope, company_id, programs, grades,
                       countries, segments
                  FROM limits),
            audience AS MATERIALIZED (
                SELECT DISTINCT scoped.scope, membership.partner_id
                  FROM scoped
                  JOIN partner_membership membership
                    ON membership.company_id = scoped.company_id
                   AND membership.state = 'active'
                  JOIN res_partner partner ON partner.id = membership.partner_id
                 WHERE (scoped.programs = '{}'
                        OR membership.program_id = ANY(scoped.programs))
                   AND (scoped.grades = '{}'
                        OR membership.grade_id = ANY(scoped.grades))
                   AND (scoped.countries = '{}'
                        OR partner.country_id = ANY(scoped.countries))
                   AND (scoped.segments = '{}'
                        OR EXISTS (SELECT 1 FROM member
                                    WHERE member.membership_id = membership.id
                                      AND member.segment_id = ANY(scoped.segments))))
            """,
            self.env["partner.asset"]._get_segment_members(),
        )

    def _get_used(self):
        return SQL(
            """
            SELECT use.asset_id,
                   COUNT(*) AS uses,
                   COUNT(*) FILTER (WHERE use.kind = 'download') AS downloads,
                   COUNT(DISTINCT use.person_id) AS people,
                   COUNT(DISTINCT use.lead_id) AS deals,
                   COUNT(DISTINCT use.lead_id) FILTER (WHERE lead.won_status = 'won')
                       AS won_deals
              FROM partner_asset_use use
         LEFT JOIN crm_lead lead ON lead.id = use.lead_id
          GROUP BY use.asset_id
            """
        )

    def _get_seen(self):
        return SQL(
            """
            SELECT limits.id AS asset_id, COUNT(DISTINCT use.partner_id) AS partners
              FROM limits
              JOIN partner_asset_use use ON use.asset_id = limits.id
              JOIN audience ON audience.scope = limits.scope
                           AND audience.partner_id = use.partner_id
          GROUP BY limits.id
            """
        )

    def action_open_asset(self):
        """Open the asset of the row."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "partner.asset",
            "res_id": self.asset_id.id,
            "views": [(False, "form")],
        }
