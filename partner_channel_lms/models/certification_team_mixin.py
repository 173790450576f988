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
        uses = self._get_portal_uses()
        return [
            {
                "type": kind,
                "holders": holders.get(kind.id, 0),
                "gives": uses.get(kind.id, []),
            }
            for kind in self
        ]
