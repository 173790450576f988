from odoo import api, fields, models, tools
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.kept import KEPT


class AssetAccessMixin(models.AbstractModel):
    """Whom an asset is for: programs, tiers, countries and segments of partners.

    All of them have to hold for one and the same membership, and it has to be active.
    What a limit is made of cannot be deleted, nor forgotten when it is archived.
    """

    _name = "asset.access.mixin"
    _description = "Partners Sales Material Is For"

    program_ids = fields.Many2many(
        "partner.program",
        "partner_asset_program_rel",
        "asset_id",
        "program_id",
        "Programs",
        check_company=True,
        help="Partners of which programs find it. Empty: of all.",
        **KEPT,
    )
    grade_ids = fields.Many2many(
        "res.partner.grade",
        "partner_asset_grade_rel",
        "asset_id",
        "grade_id",
        "Tiers",
        domain="[('program_id', '!=', False)]",
        help="Partners on which tiers find it. Empty: on all.",
        **KEPT,
    )
    country_ids = fields.Many2many(
        "res.country",
        "partner_asset_country_rel",
        "asset_id",
        "country_id",
        "Countries",
        help="Partners of which countries find it. Empty: of all.",
        **KEPT,
    )
    segment_ids = fields.Many2many(
        "partner.segment",
        "partner_asset_segment_rel",
        "asset_id",
        "segment_id",
        "Segments",
        check_company=True,
        help="Partners of which segments find it. Empty: all.",
        **KEPT,
    )

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("segment_ids") for vals in vals_list):
            self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        if "segment_ids" in vals:
            self.env.registry.clear_cache()
        return super().write(vals)

    @api.model
    def _get_access_domain(self, memberships):
        """Return the domain of what people of these memberships may see today.

        :param memberships: ``partner.membership`` in sudo, of one partner; those that
            are not active open nothing
        :return: ``Domain`` on assets, to be searched in sudo
        """
        active = memberships.filtered(lambda member: member.state == "active")
        if not active:
            return Domain.FALSE
        return Domain("state", "=", "published") & Domain.OR(
            self._get_membership_domain(member) for member in active
        )

    @api.model
    def _get_membership_domain(self, membership):
        """Return the domain of what one active membership opens.

        :param membership: ``partner.membership`` in sudo
        """
        company = membership.company_id
        today = company._get_channel_today()
        domain = Domain("company_id", "=", company.id)
        domain &= Domain("date_until", "=", False) | Domain("date_until", ">=", today)
        for name, ids in (
            ("program_ids", membership.program_id.ids),
            ("grade_ids", membership.grade_id.ids),
            ("country_ids", membership.country_id.ids),
        ):
            domain &= Domain(name, "=", False) | Domain(name, "in", ids)
        return domain & self._get_segment_domain(membership)

    # === SEGMENTS === #

    @api.model
    @tools.ormcache()
    def _get_segment_ids(self):
        """Return the ids of segments that limit an asset; asked for on many pages."""
        # sudo: whoever's page comes first, the answer is the same for all
        assets = self.env["partner.asset"].sudo()
        found = assets._read_group([("segment_ids", "!=", False)], ["segment_ids"])
        return tuple(segment.id for (segment,) in found if segment)

    @api.model
    def _get_segment_members(self):
        """Return SQL of (segment_id, membership_id) for segments that limit an asset.

        In sudo: whom the vendor shows an asset does not depend on who looks.
        """
        segments = self.env["partner.segment"].sudo().with_context(active_test=False)
        found = segments.search_fetch(
            [("id", "in", self._get_segment_ids())], ["domain", "company_id"]
        )
        return found._get_members_query()

    @api.model
    def _get_segment_domain(self, membership):
        """Return the domain of what no segment limits, or one the membership is in.

        Which segments a membership is in is part of the search: no query of its own.
        """
        free = Domain("segment_ids", "=", False)
        if not self._get_segment_ids():
            return free
        field, members = self._fields["segment_ids"], self._get_segment_members()
        return free | Domain.custom(
            to_sql=lambda _model, alias, _query: SQL(
                """EXISTS (SELECT 1 FROM partner_asset_segment_rel rel
                             JOIN %s member ON member.segment_id = rel.segment_id
                            WHERE rel.asset_id = %s AND member.membership_id = %s)""",
                members,
                SQL.identifier(alias, "id"),
                membership.id,
                to_flush=field,
            )
        )
