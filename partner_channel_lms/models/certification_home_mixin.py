from odoo import api, models
from odoo.fields import Domain


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
