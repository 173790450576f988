from markupsafe import Markup

from odoo import SUPERUSER_ID, models
from odoo.tools import plaintext2html

from odoo.addons.partner_channel.tools import documents


class AgreementNoticeMixin(models.AbstractModel):
    """Who hears of what was signed or declined in the portal."""

    _name = "agreement.notice.mixin"
    _description = "Agreement: Notices of Signatures"

    def _tell_of_signature(self):
        """Write to the person who signed, and to the channel manager; in sudo.

        Each in their own language, with the signed paper where there is one.
        """
        self.ensure_one()
        # by the system: a partner's person adds no files to an agreement
        this = self.with_user(SUPERUSER_ID)
        person = this.signatory_id
        user = this.membership_id._get_responsible_user()
        author = user.partner_id or this.company_id.partner_id
        own = this.with_context(lang=person.lang)
        own._send_portal_notice(
            own.env._(
                "Thank you: you have signed “%(agreement)s”.",
                agreement=own.version_id.display_name,
            ),
            person,
            author,
        )
        theirs = this.with_context(lang=user.lang or self.env.lang)
        text = theirs._get_signature_text()
        theirs._message_log(body=text, author_id=person.id)
        if user.active:
            theirs._send_portal_notice(text, user.partner_id, person)

    def _get_signature_text(self):
        """Return who signed, for the vendor."""
        return self.env._(
            "%(person)s, %(function)s, signed “%(agreement)s” in the portal.",
            person=self.signed_name,
            function=self.signed_function,
            agreement=self.display_name,
        )

    def _send_portal_notice(self, text, recipient, author):
        """Send one e-mail about the agreement, in the language of the context.

        :param str text: what it says; the title as well
        :param recipient: ``res.partner``
        :param author: ``res.partner``, another one: nobody is told what they said
        """
        content = self.with_context(bin_size=False).signed_document
        attachments = [(self.signed_filename, documents.read_binary(content))]
        self.message_notify(
            subject=self.version_id.display_name,
            body=Markup("<p>%s</p>") % text,
            partner_ids=recipient.ids,
            author_id=author.id,
            attachments=attachments if content else None,
        )

    def _tell_of_refusal(self):
        """Put a declined agreement on the desk of the channel manager; in sudo."""
        self.ensure_one()
        user = self.membership_id._get_responsible_user()
        own = self.with_context(lang=user.lang or self.env.lang)
        text = own.env._(
            "%(person)s declined “%(agreement)s”:",
            person=self.declined_by_id.name,
            agreement=own.display_name,
        )
        body = Markup("<p>%s</p>%s") % (text, plaintext2html(self.decline_reason))
        own._message_log(body=body, author_id=self.declined_by_id.id)
        if user.active:
            own.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                summary=own.env._("The partner declined the agreement"),
                note=body,
            )
