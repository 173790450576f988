from werkzeug.exceptions import NotFound

from odoo.fields import Domain
from odoo.http import Controller, request, route

from odoo.addons.partner_channel_portal.controllers.portal_list import ListSpec


class CertificationPortal(Controller):
    """The page of a person's certificates, and of the team's with the role."""

    @route(
        ["/my/certifications", "/my/certifications/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_certifications(self, page=1, **query):
        certification = request.env["partner.certification"]
        if not certification._is_portal_visible():
            raise NotFound()
        domain = certification._get_portal_domain()
        values = self._get_list_spec().prepare(request.env, domain, page, **query)
        values.update(certification._prepare_portal_values(values["records"]))
        values["proof_done"] = query.get("proof")
        return request.render("partner_channel_lms.certification_list", values)

    def _get_list_spec(self):
        """Return the list of certificates, in the reader's language."""
        person = request.env.user.partner_id
        filters = self._get_list_filters()
        inputs = {
            "type": {
                "label": self.env._("Search in certification"),
                "fields": ["type_id.name"],
            }
        }
        if person._get_certification_companies():
            filters["mine"] = {
                "label": self.env._("Mine"),
                "domain": Domain("partner_id", "=", person.id),
            }
            inputs["person"] = {
                "label": self.env._("Search in person"),
                "fields": ["partner_id.name"],
            }
        return ListSpec(
            model="partner.certification",
            url="/my/certifications",
            page_name="certifications",
            sortings=self._get_list_sortings(),
            filters=filters,
            inputs=inputs,
        )

    def _get_list_filters(self):
        """Return the filters by state; see :class:`ListSpec`."""
        return {
            "all": {"label": self.env._("All"), "domain": Domain.TRUE},
            "holds": {
                "label": self.env._("Holding today"),
                "domain": Domain("state", "in", ["valid", "expiring"]),
            },
            "expiring": {
                "label": self.env._("Expiring"),
                "domain": Domain("state", "=", "expiring"),
            },
            "ended": {
                "label": self.env._("Ended"),
                "domain": Domain("state", "in", ["expired", "revoked"]),
            },
        }

    def _get_list_sortings(self):
        """Return the orders to choose from; see :class:`ListSpec`."""
        return {
            "date": {
                "label": self.env._("Newest"),
                "order": "date_issued desc, id desc",
            },
            "expiry": {
                "label": self.env._("Valid until"),
                "order": "date_expiry, id desc",
            },
            "type": {
                "label": self.env._("Certification"),
                "order": "type_id, id desc",
            },
        }
