from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .partner_health_explain_mixin import CHANNEL


class PartnerMembershipSegmentMixin(models.AbstractModel):
    """The segments a membership is in, and what they can ask for.

    Belonging to a segment is never stored: it follows from the segment's domain, as
    the current user may see the memberships.
    """

    _name = "partner.membership.segment.mixin"
    _description = "Segments of a Membership"

    fact_ids = fields.One2many(
        "partner.membership.fact", "membership_id", "Measured Values", groups=CHANNEL
    )
    segment_ids = fields.Many2many(
        "partner.segment",
        string="Segments",
        compute="_compute_segment_ids",
        search="_search_segment_ids",
        groups=CHANNEL,
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_segment_ids(self):
        segments = self.env["partner.segment"]
        found = {membership_id: [] for membership_id in self.ids}
        for segment_id, membership_id in self._read_segments(segments._search_all()):
            found[membership_id].append(segment_id)
        for membership in self:
            own = found.get(membership._origin.id, ())
            membership.segment_ids = segments.browse(own)

    def _read_segments(self, segments):
        """Return which of these memberships are in which segments, in one query.

        :param segments: ``partner.segment``
        :return: list of ``(segment_id, membership_id)``
        """
        own = Domain("id", "in", self.ids)
        parts = []
        for segment in segments if self.ids else ():
            query = self._search(segment._get_domain() & own)
            if not query.is_empty():
                row_id = SQL.identifier(query.table, "id")
                parts.append(SQL("(%s)", query.select(SQL("%s", segment.id), row_id)))
        if not parts:
            return []
        # Raw SQL: the union of searches the ORM has written, with the user's rules.
        return self.env.execute_query(SQL(" UNION ALL ").join(parts))

    @api.model
    def _search_segment_ids(self, operator, value):
        if operator not in ("in", "any"):
            return NotImplemented
        # the groups of a field that is not stored do not cover its search
        self._check_field_access(self._fields["segment_ids"], "read")
        segments = self.env["partner.segment"]
        if operator == "any":
            return segments.search(Domain(value))._get_any_domain()
        ids = [segment_id for segment_id in value if segment_id]
        chosen = segments.with_context(active_test=False).search([("id", "in", ids)])
        domain = chosen._get_any_domain()
        if len(ids) < len(value):
            domain |= ~segments._search_all()._get_any_domain()
        return domain

    def _read_group_groupby(self, alias, groupby_spec, query):
        if groupby_spec != "segment_ids":
            return super()._read_group_groupby(alias, groupby_spec, query)
        self._check_field_access(self._fields["segment_ids"], "read")
        members = query.make_alias(alias, "segment_ids")
        query.add_join(
            "LEFT JOIN",
            members,
            self.env["partner.segment"]._search_all()._get_members_query(),
            SQL(
                "%s = %s",
                SQL.identifier(alias, "id"),
                SQL.identifier(members, "membership_id"),
            ),
        )
        return SQL.identifier(members, "segment_id")

    @api.model
    def _mailing_get_default_domain(self, mailing):
        """Return who is mailed unless somebody says otherwise: partners that run."""
        return [("state", "in", ["active", "suspended"])]
