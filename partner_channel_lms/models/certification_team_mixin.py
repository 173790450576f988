from odoo import api, models
from odoo.fields import Domain

from .partner_metric_mixin import METRIC


class CertificationTeamMixin(models.AbstractModel):
    """Which certifications matter to a partner's team, and what for."""

    _name = "certification.team.mixin"
    _description = "Certification: the Team's Matrix"

    @api.model
    def _get_team_kinds(self):
        """Return what the current user's programs ask for or the team holds or learns.

        :return: ``partner.certification.type``
        """
        companies = self.env.user.partner_id._get_certification_companies()
        programs = self.env["res.partner"]._get_portal_memberships().program_id
        certification = self.env["partner.certification"]
        held = certification._read_group(
            certification._get_portal_domain() & Domain("revoked", "=", False),
            ["type_id"],
        )
        # sudo: what programs the user's company is in ask for, and what it learns
        return (
            self.sudo()
            .search(
                Domain("id", "in", [kind.id for (kind,) in held])
                | Domain("demand_ids.program_id", "in", programs.ids)
                | (
                    Domain("requirement_ids.program_id", "in", programs.ids)
                    & Domain("requirement_ids.metric", "=", METRIC)
                )
                | Domain(
                    "channel_id.channel_partner_ids.partner_id.commercial_partner_id",
                    "in",
                    companies.ids,
                )
            )
            .sudo(False)
        )

    def _count_team_holders(self):
        """Return ``{type_id: people of the team who hold it today}``."""
        companies = self.env.user.partner_id._get_certification_companies()
        # sudo: only counts, of the companies whose training the user sees
        certification = self.env["partner.certification"].sudo()
        groups = certification._read_group(
            certification._get_valid_domain()
            & Domain("commercial_partner_id", "in", companies.ids)
            & Domain("type_id", "in", self.ids)
            & Domain("partner_id.active", "=", True),
            ["type_id"],
            ["partner_id:count_distinct"],
        )
        return {kind.id: people for kind, people in groups}

    def _prepare_team_columns(self):
        """Return what the page tells of each certification.

        :return: list of dicts ``type``, ``holders`` and ``gives`` (sentences: the tiers
            it counts for, the deals it allows)
        """
        holders = self._count_team_holders()
        uses, rights = self._get_portal_uses(), self._get_portal_rights()
        return [
            {
                "type": kind,
                "holders": holders.get(kind.id, 0),
                "gives": uses.get(kind.id, []) + rights.get(kind.id, []),
            }
            for kind in self
        ]

    def _get_portal_rights(self):
        """Return what deals each type lets the user's company register.

        :return: ``{type_id: [sentence, …]}``, types without a right left out
        """
        memberships = self.env["res.partner"]._get_portal_memberships()
        # sudo: the demands of programs the user's company is a member of
        demands = (
            self.env["partner.certification.demand"]
            .sudo()
            .search(
                [
                    ("program_id", "in", memberships.program_id.ids),
                    ("type_id", "in", self.ids),
                ]
            )
        )
        rights = {}
        for demand in demands:
            members = memberships.filtered(
                lambda member, program=demand.program_id: member.program_id == program
            )
            if not demand.grade_ids or demand.grade_ids & members.grade_id:
                rights.setdefault(demand.type_id.id, []).append(
                    self._format_right(demand)
                )
        return rights

    @api.model
    def _format_right(self, demand):
        """Return in words what a demand lets a partner do.

        :param demand: ``partner.certification.demand`` in sudo
        """
        values = {
            "deals": demand.family_id.name or self.env._("all products"),
            "program": demand.program_id.name,
            "people": demand.people,
        }
        countries = ", ".join(demand.country_ids.mapped("name"))
        if countries:
            return self.env._(
                "Registering deals of %(deals)s in %(countries)s (%(program)s) takes "
                "%(people)d certified",
                countries=countries,
                **values,
            )
        return self.env._(
            "Registering deals of %(deals)s (%(program)s) takes %(people)d certified",
            **values,
        )
