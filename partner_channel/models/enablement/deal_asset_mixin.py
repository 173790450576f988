import itertools
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.asset_rank import WEIGHTS, score

#: who of the vendor sells
_SALES = "sales_team.group_sale_salesman"
#: facet of ``tools.asset_rank`` → field of the asset
FACETS = {
    "family": "family_ids",
    "stage": "stage_ids",
    "industry": "industry_ids",
    "language": "lang_id",
}
#: assets shown for a lead
SHOWN = 5


class AssetMatch(NamedTuple):
    """An asset that fits a lead, and by what; with what a page says of it.

    :param asset_id: id
    :param name: title, in the language of who asks
    :param kind: ``file``, ``link`` or ``page``
    :param type: name of its type
    :param facets: keys of ``tools.asset_rank.WEIGHTS``
    """

    asset_id: int
    name: str
    kind: str
    type: str
    facets: tuple

    @property
    def score(self):
        return score(self.facets)


class DealAssetMixin(models.AbstractModel):
    """The material that fits a lead, best first; see ``tools/asset_rank.py``."""

    _name = "deal.asset.mixin"
    _description = "Material for a Deal"

    asset_ids = fields.Many2many(
        "partner.asset",
        string="Material That Fits",
        compute="_compute_asset_ids",
        groups=_SALES,
        help="What fits product, stage, industry and language of the customer.",
    )

    @api.depends(
        "stage_id", "product_family_id", "lang_id", "partner_id", "customer_industry_id"
    )
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_asset_ids(self):
        # for the form, of one lead; each costs a query
        for lead in self:
            lead.asset_ids = lead._get_assets()

    def _get_assets(self, limit=SHOWN):
        """Return the few assets that fit the lead, best first.

        The record rules of who asks apply; drafts are left out.

        :param int limit: how many at most
        :return: ``partner.asset``
        """
        found = self._rank_assets(limit=limit)
        return self.env["partner.asset"].browse([match.asset_id for match in found])

    def _rank_assets(self, domain=Domain.TRUE, limit=SHOWN):
        """Return what fits the lead, best first, in one query.

        :param domain: ``Domain`` on assets: who asks may see these
        :param int limit: how many at most
        :return: list of :class:`AssetMatch`
        """
        self.ensure_one()
        facts = self._get_asset_facts()
        Asset = self.env["partner.asset"]
        query = Asset._search(self._get_asset_domain(facts) & domain)
        alias = query.table
        matched = self._get_match_conditions(facts, query)
        points = [
            SQL("CASE WHEN %s THEN %s ELSE 0 END", condition, WEIGHTS[facet])
            for facet, condition in matched.items()
        ]
        newest = SQL(
            "%s DESC NULLS LAST, %s DESC",
            Asset._field_to_sql(alias, "date_published", query),
            SQL.identifier(alias, "id"),
        )
        best = SQL("%s DESC, %s", SQL(" + ").join(points), newest)
        query.order = best if points else newest
        query.limit = limit
        # the type's name comes along: a page that lists them asks nothing more
        kinds = query.join(alias, "type_id", "partner_asset_type", "id", "type_id")
        rows = self.env.execute_query(
            query.select(
                SQL.identifier(alias, "id"),
                Asset._field_to_sql(alias, "name", query),
                Asset._field_to_sql(alias, "kind", query),
                Asset.type_id._field_to_sql(kinds, "name", query),
                *matched.values(),
            )
        )
        return [
            AssetMatch(*row[:4], tuple(itertools.compress(matched, row[4:])))
            for row in rows
        ]

    @api.model
    def _get_match_conditions(self, facts, query):
        """Return ``{facet: SQL}``: whether an asset names what the lead is about.

        :param dict facts: see :meth:`_get_asset_facts`
        :param query: ``Query`` on assets
        """
        Asset = self.env["partner.asset"]
        return {
            facet: SQL(
                "COALESCE(%s, FALSE)",
                Domain(FACETS[facet], "in", sorted(ids))
                .optimize_full(Asset)
                ._to_sql(Asset, query.table, query),
            )
            for facet, ids in facts.items()
            if ids
        }

    def _get_asset_domain(self, facts):
        """Return the domain of published assets that are not made for something else.

        :param dict facts: see :meth:`_get_asset_facts`
        """
        # the day of who asks: what is over is archived on the company's day, at night
        today = fields.Date.context_today(self)
        domain = Domain("state", "=", "published")
        domain &= Domain("date_until", "=", False) | Domain("date_until", ">=", today)
        if self.company_id:
            domain &= Domain("company_id", "=", self.company_id.id)
        for facet, ids in facts.items():
            if ids:
                name = FACETS[facet]
                domain &= Domain(name, "=", False) | Domain(name, "in", sorted(ids))
        return domain

    def _get_asset_facts(self):
        """Return what the lead is about: facet → set of ids, empty where unknown."""
        self.ensure_one()
        # sudo: facts of a lead who asks may read, of its customer and of languages
        lead = self.sudo()
        return {
            "family": set(lead.product_family_id.ids),
            "stage": set(lead.stage_id.ids),
            "industry": set(lead._get_asset_industry().ids),
            "language": lead._get_asset_languages(),
        }

    def _get_asset_industry(self):
        """Return the industry of the customer, or none."""
        return self.customer_industry_id or self.partner_id.industry_id

    def _get_asset_languages(self):
        """Return the ids of active languages like the customer's: any English for one.

        Without a query: Odoo keeps them in memory.
        """
        languages = self.env["res.lang"]
        code = languages._get_data(id=self.lang_id.id).code if self.lang_id else ""
        if not code:
            return set(self.lang_id.ids)
        kin = code.split("_")[0]
        return {
            languages._get_data(code=other).id
            for other, _name in languages.get_installed()
            if other.split("_")[0] == kin
        }

    def action_open_assets(self):
        """Show all material that fits the lead."""
        self.ensure_one()
        self.check_access("read")
        self.env["partner.asset"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partner_channel.partner_asset_action"
        )
        found = self._rank_assets(limit=200)
        return {
            **action,
            "domain": [("id", "in", [match.asset_id for match in found])],
            "context": {"asset_lead_id": self.id},
        }
