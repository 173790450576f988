from odoo import api, models
from odoo.fields import Domain

#: most losses ahead the home page tells of, the nearest
_RISKS = 5


class CertificationHomeMixin(models.AbstractModel):
    """What the portal's home page says of certificates and courses."""

    _name = "certification.home.mixin"
    _description = "Training on the Portal's Home Page"

    @api.model
    def _get_portal_training_actions(self):
        """Return what the current user should renew or finish."""
        return self._get_portal_expiring_actions() + self._get_portal_course_actions()

    @api.model
    def _get_portal_expiring_actions(self):
        """Return the action to renew certificates, none when there are none."""
        certification = self.env["partner.certification"]
        expiring = Domain("state", "=", "expiring") & certification._get_portal_domain()
        [(count, first)] = certification._read_group(
            expiring, [], ["__count", "date_expiry:min"]
        )
        if not count:
            return []
        return [
            {
                "title": self.env._("Renew certificates (%(n)s)", n=count),
                "url": "/my/certifications?filterby=expiring",
                "level": "warning",
                "date": first,
            }
        ]

    @api.model
    def _get_portal_course_actions(self):
        """Return the action to finish courses a tier has given."""
        # sudo: who attends is eLearning's to know; limited to the person's own
        attendances = self.env["slide.channel.partner"].sudo()
        count = attendances.search_count(
            [
                ("partner_id", "=", self.env.user.partner_id.id),
                ("membership_id", "!=", False),
                ("member_status", "in", ["joined", "ongoing"]),
                *self._get_portal_course_domain(),
            ]
        )
        if not count:
            return []
        return [
            {
                "title": self.env._("Finish your courses (%(n)s)", n=count),
                "url": "/slides",
                "level": "info",
            }
        ]

    @api.model
    def _get_portal_risk_actions(self, memberships):
        """Return what expiring certificates will cost the partner, unless renewed.

        :param memberships: ``partner.membership`` in sudo, of the current user
        """
        # sudo: the forecast is the vendor's; of it only what the own company loses
        losses = (
            self.env["partner.certification.forecast"]
            .sudo()
            .search(
                [
                    ("membership_id", "in", memberships.ids),
                    ("kind", "in", ("tier", "right")),
                ],
                limit=_RISKS,
            )
        )
        return [
            {
                "title": loss._get_portal_title(),
                "url": "/my/certifications?filterby=expiring",
                "level": "warning",
                "date": loss.date_renew,
            }
            for loss in losses
        ]

    @api.model
    def _get_portal_course_domain(self):
        """Hook: narrow the courses to finish; others are spoken of elsewhere."""
        return []
