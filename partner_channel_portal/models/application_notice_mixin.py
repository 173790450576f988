import secrets
from datetime import timedelta

from odoo import fields, models
from odoo.tools import format_datetime

from .application_flow_mixin import CONFIRM_DAYS

#: e-mails to one address in an hour, whoever asks for them
MAILS_PER_HOUR = 3
_LAYOUT = "mail.mail_notification_light"


class ApplicationNoticeMixin(models.AbstractModel):
    """What applicants are told by e-mail, in their language."""

    _name = "application.notice.mixin"
    _description = "E-Mails to Applicants"

    def _send_confirmation(self):
        """Ask for the address to be confirmed, unless it was asked too often.

        The answer on the page is the same either way: nobody's mailbox is filled, and
        nobody learns what others asked.
        """
        if self._may_mail():
            self._send("confirm")

    def _may_mail(self):
        """Count an e-mail that somebody asks for; return whether it may be sent."""
        self.ensure_one()
        throttle = self.env["partner.portal.throttle"]
        key = self.email_key or ""
        return throttle._count("application_mail", MAILS_PER_HOUR, key)

    def _renew_confirmation(self):
        """Send a new link to confirm the address with; earlier ones stop working.

        Not when it was asked too often: a link that is not sent replaces none.
        """
        if not self._may_mail():
            return
        now = fields.Datetime.now()
        self._set_protected(
            {
                "confirm_token": secrets.token_urlsafe(32),
                "date_confirm_end": now + timedelta(days=CONFIRM_DAYS),
            }
        )
        self._send("confirm")

    def _send(self, name):
        """Queue an e-mail to the applicants.

        It goes out with the transaction, so that what was tried in vain tells nobody
        anything.

        :param str name: last part of the template's external id
        """
        if not self:
            return
        # sudo: texts and queue are nobody's who decides or applies
        template = self.env.ref(
            f"partner_channel_portal.mail_template_application_{name}",
            raise_if_not_found=False,
        )
        if template:
            template.sudo().send_mail_batch(self.ids, email_layout_xmlid=_LAYOUT)
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    def _get_link(self, page="application"):
        """Return the address of the applicant's page, in the applicant's language.

        :param str page: ``application`` or ``confirm``
        """
        self.ensure_one()
        # sudo: the link is written into the applicant's own e-mails
        own = self.sudo()
        path = own._get_path()
        if page == "confirm":
            path = f"/partner-application/confirm/{own.confirm_token}"
        lang = self.env["res.lang"]._get_data(code=self.lang)
        default = own.website_id.default_lang_id
        is_shown = lang and lang.id in own.website_id.language_ids.ids
        prefix = f"/{lang.url_code}" if is_shown and lang.id != default.id else ""
        return f"{self.get_base_url()}{prefix}{path}"

    def _get_path(self):
        """Return the path of the applicant's page; in sudo, as it is the key to it."""
        self.ensure_one()
        return f"/partner-application/{self.access_token}"

    def _format_time(self, moment):
        """Return a moment as people of the vendor's place and the language write it.

        :param datetime moment: UTC
        """
        self.ensure_one()
        if not moment:
            return ""
        tz = self.program_id._get_tz()
        shown = format_datetime(
            self.env, moment, tz=tz, dt_format="short", lang_code=self.env.lang
        )
        return f"{shown} ({tz})"
