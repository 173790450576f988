from odoo import api, models
from odoo.fields import Domain


class CertificationPortalMixin(models.AbstractModel):
    """What people of a partner see of certificates."""

    _name = "certification.portal.mixin"
    _description = "Certification: Portal Page"

    @api.model
    def _get_portal_domain(self):
        """Return the domain of the certificates on the current user's page.

        The record rule says the same; this keeps the page to the user's own
        company when an internal user opens it.
        """
        person = self.env.user.partner_id
        return Domain("partner_id", "=", person.id) | Domain(
            "commercial_partner_id", "in", person._get_certification_companies().ids
        )

    @api.model
    def _is_portal_visible(self):
        """Return whether the page is there for the user.

        It is for people of a partner and, once they have left, for those who
        hold a certificate.
        """
        return bool(
            self.env["res.partner"]._get_portal_memberships()
            or self.search_count(self._get_portal_domain(), limit=1)
        )

    @api.model
    def _prepare_portal_values(self, records):
        """Return what the page shows besides the list itself.

        :param records: the certificates on the page
        :return: dict with ``offers``, ``uses``, ``courses``, ``sees_team``,
            ``rights`` and those of the proofs
        """
        kinds = records.type_id
        return {
            "offers": self.env["partner.certification.type"]._get_portal_offers(),
            "uses": kinds._get_portal_uses(),
            "courses": {kind.id: kind._get_course_url() for kind in kinds},
            "sees_team": bool(self.env.user.partner_id._get_certification_companies()),
            "rights": self._get_portal_rights(),
            **self.env["partner.exam.proof"]._prepare_portal_proofs(),
        }

    @api.model
    def _get_portal_rights(self):
        """Return for which deals the current user's company lacks certified people.

        :return: list of texts, one for each membership
        """
        # in sudo: counts of the own company's people, of programs it is a member of
        memberships = self.env["res.partner"]._get_portal_memberships()
        return list(memberships._explain_rights().values())
