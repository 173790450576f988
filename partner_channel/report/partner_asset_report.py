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
            "country_id",
            "grade_id",
            "partner_id",
            "program_id",
            "state",
        ],
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
            WITH %(limits)s, %(standing)s
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
         LEFT JOIN (%(audience)s) sized ON sized.scope = limits.scope
         LEFT JOIN (%(seen)s) seen ON seen.asset_id = limits.id
            """,
            limits=self._get_limits(),
            standing=self._get_standing(),
            audience=self._get_audience(),
            used=self._get_used(),
            seen=self._get_seen(),
        )

    def _get_limits(self):
        """Return assets with whom they are for; those for the same share a scope."""
        limits = [
            ("program", "programs"),
            ("grade", "grades"),
            ("country", "countries"),
            ("segment", "segments"),
        ]
        return SQL(
            """
            limited AS NOT MATERIALIZED (
                SELECT asset.id, asset.type_id, asset.user_id, asset.company_id,
                       asset.lang_id, asset.kind, asset.state, asset.date_published,
                       %s
                  FROM partner_asset asset
                  %s),
            limits AS NOT MATERIALIZED (
                SELECT limited.*,
                       DENSE_RANK() OVER (ORDER BY company_id, programs, grades,
                                                   countries, segments) AS scope
                  FROM limited)
            """,
            SQL(", ").join(
                SQL("COALESCE(%(n)s.ids, '{}') AS %(n)s", n=SQL.identifier(many))
                for _one, many in limits
            ),
            SQL(" ").join(
                SQL(
                    """
                    LEFT JOIN (SELECT asset_id, ARRAY_AGG(%(id)s ORDER BY %(id)s) AS ids
                                 FROM %(table)s GROUP BY asset_id) %(many)s
                           ON %(many)s.asset_id = asset.id
                    """,
                    id=SQL.identifier(f"{one}_id"),
                    table=SQL.identifier(f"partner_asset_{one}_rel"),
                    many=SQL.identifier(many),
                )
                for one, many in limits
            ),
        )

    def _get_standing(self):
        """Return the active memberships with all that assets are limited by."""
        return SQL(
            """
            standing AS NOT MATERIALIZED (
                SELECT membership.partner_id, membership.company_id,
                       membership.program_id, membership.grade_id,
                       membership.country_id, member.segments
                  FROM partner_membership membership
             LEFT JOIN (SELECT membership_id, ARRAY_AGG(segment_id) AS segments
                          FROM %s pair GROUP BY membership_id) member
                    ON member.membership_id = membership.id
                 WHERE membership.state = 'active')
            """,
            self.env["partner.asset"]._get_segment_members(),
        )

    def _get_match(self):
        """Return the condition under which assets like ``target`` are for ``standing``.

        All limits have to hold for one and the same membership.
        """
        return SQL(
            """
            (target.company_id = standing.company_id
             AND (target.programs = '{}'
                  OR standing.program_id = ANY(target.programs))
             AND (target.grades = '{}' OR standing.grade_id = ANY(target.grades))
             AND (target.countries = '{}'
                  OR standing.country_id = ANY(target.countries))
             AND (target.segments = '{}' OR standing.segments && target.segments))
            """
        )

    def _get_audience(self):
        """Return how many active partners each scope has, once each."""
        return SQL(
            """
            SELECT target.scope, COUNT(DISTINCT standing.partner_id) AS partners
              FROM (SELECT DISTINCT ON (scope) scope, company_id, programs, grades,
                           countries, segments
                      FROM limits) target
              JOIN standing ON %s
          GROUP BY target.scope
            """,
            self._get_match(),
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
        """Return how many of its audience used each asset.

        Asked of those who used it, by their own memberships. The match stands in a
        filter rather than in the join: PostgreSQL takes it to hold almost never, and
        would begin by comparing all assets with all memberships.
        """
        return SQL(
            """
            SELECT shown.asset_id,
                   COUNT(DISTINCT shown.partner_id) FILTER (WHERE %s) AS partners
              FROM (SELECT DISTINCT asset_id, partner_id FROM partner_asset_use
                     WHERE partner_id IS NOT NULL) shown
              JOIN limits target ON target.id = shown.asset_id
              JOIN standing ON standing.partner_id = shown.partner_id
          GROUP BY shown.asset_id
            """,
            self._get_match(),
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
