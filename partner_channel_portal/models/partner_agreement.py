from odoo import api, fields, models

_VENDOR = "base.group_user"
#: what a signature or a refusal in the portal leaves behind; set by nobody by hand
_FACTS = (
    "portal_signed_on",
    "signed_function",
    "signed_login",
    "signed_ip",
    "signed_agent",
    "signed_terms_digest",
    "signed_terms_file_digest",
    "signature",
    "date_declined",
    "declined_by_id",
    "decline_reason",
)


class PartnerAgreement(models.Model):
    """Opens agreements to the people of the partner who may sign.

    They read who signed what and until when it counts; what the vendor keeps to itself
    has ``groups``.
    """

    _name = "partner.agreement"
    _inherit = [
        "agreement.portal.mixin",
        "agreement.sign.mixin",
        "agreement.paper.mixin",
        "agreement.notice.mixin",
        "portal.mail.mixin",
        "partner.agreement",
    ]

    note = fields.Text(groups=_VENDOR)
    termination_reason = fields.Text(groups=_VENDOR)
    recorded_by_id = fields.Many2one(groups=_VENDOR)
    date_reminded = fields.Date(groups=_VENDOR)
    date_reminder = fields.Date(groups=_VENDOR)
    signed_login = fields.Char(groups=_VENDOR)
    signed_ip = fields.Char(groups=_VENDOR)
    signed_agent = fields.Char(groups=_VENDOR)
    date_declined = fields.Datetime(groups=_VENDOR)
    declined_by_id = fields.Many2one(groups=_VENDOR)
    decline_reason = fields.Text(groups=_VENDOR)

    @property
    def _state_fields(self):
        return (*super()._state_fields, *_FACTS)

    @api.depends("template_id.name", "partner_id.name")
    def _compute_display_name(self):
        # sudo: partners read the names of the agreements, no templates
        return super(PartnerAgreement, self.sudo())._compute_display_name()

    def action_send(self):
        """Send the terms; what was declined before is asked for anew."""
        declined = self.filtered(
            lambda agreement: agreement.state == "draft" and agreement.date_declined
        )
        result = super().action_send()
        declined._set_protected(
            {"date_declined": False, "declined_by_id": False, "decline_reason": False}
        )
        return result

    # === E-MAILS === #

    def _get_sending_text(self):
        self.ensure_one()
        person = self.signatory_id
        # sudo: whether the person has a login; channel managers read no users' rights
        if person.sudo().user_ids and person._has_channel_capability(
            "can_sign", self.sudo().membership_id
        ):
            return self.env._(
                "Please read and sign the agreement “%(agreement)s” in the partner "
                "portal.",
                agreement=self.version_id.display_name,
            )
        return super()._get_sending_text()
