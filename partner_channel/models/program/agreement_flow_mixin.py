from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ...tools import documents

# what an agreement may become, and from where; old papers are recorded as signed
AGREEMENT_MOVES = {
    "draft": {"sent"},
    "sent": {"draft"},
    "signed": {"draft", "sent"},
    "expired": {"signed"},
    # at once when the partner has signed a later one already
    "superseded": {"draft", "sent", "signed"},
    "terminated": {"signed"},
}
RENEW = "partner_channel.mail_activity_renew_agreement"


class AgreementFlowMixin(models.AbstractModel):
    """How an agreement is sent, signed, replaced and terminated."""

    _name = "agreement.flow.mixin"
    _description = "Life of an Agreement"

    date_sent = fields.Date("Sent On", readonly=True, copy=False)
    signed_digest = fields.Char(
        "SHA-256 of the Paper",
        readonly=True,
        copy=False,
        help="Of the signed document: shows that it is the one that was filed.",
    )
    recorded_by_id = fields.Many2one(
        "res.users",
        readonly=True,
        copy=False,
        help="Who filed the signature.",
    )
    date_ended = fields.Date("Ended On", readonly=True, copy=False)

    # === SENDING === #

    def action_send(self):
        """Send the terms to the signatories; without an e-mail they go by post.

        :return: client action that tells how many got no e-mail, ``None`` if all did
        """
        self.check_access("write")
        drafts = self.filtered(lambda a: a.state == "draft")
        for agreement in drafts:
            agreement._check_signable()
            today = agreement.program_id._get_today()
            agreement._move_to("state", "sent", AGREEMENT_MOVES, date_sent=today)
            if agreement.signatory_id.email:
                agreement._mail_terms()
        unreached = drafts.filtered(lambda a: not a.signatory_id.email)
        return unreached._tell_unreached() if unreached else None

    def _tell_unreached(self):
        """Return the client action that tells how many of these got no e-mail."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "message": self.env._(
                    "%(count)d have no signatory with an e-mail: give them the terms "
                    "yourself, or set them back to draft, name one and send again.",
                    count=len(self),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_draft(self):
        """Take back what was sent, to change its terms."""
        self.check_access("write")
        self._move_to("state", "draft", AGREEMENT_MOVES, date_sent=False)

    def _mail_terms(self):
        """Mail the terms to the signatory, in their language."""
        self.ensure_one()
        own = self.with_context(lang=self.signatory_id.lang, bin_size=False)
        version = own.version_id
        body = own._get_sending_text()
        attachments = []
        if version.document:
            content = documents.read_binary(version.document)
            name = documents.name_paper(version.document_name, content, "agreement")
            attachments.append((name, content))
        own.message_post(
            body=Markup("<p>%s</p>%s") % (body, Markup(version.text or "")),
            subject=version.display_name,
            partner_ids=own.signatory_id.ids,
            attachments=attachments,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )

    def _get_sending_text(self):
        """Return what the signatory is asked for, in the language of the context."""
        self.ensure_one()
        return self.env._(
            "Please sign the agreement “%(agreement)s” and send it back to us.",
            agreement=self.version_id.display_name,
        )

    def _check_signable(self):
        """Refuse terms that no longer count, and partners who have left.

        :raise UserError: naming the agreement, what is wrong and what to do
        """
        self.ensure_one()
        day = self.version_id.date_last
        if day and day < (self.date_from or self.program_id._get_today()):
            raise UserError(
                self.env._(
                    "“%(version)s” counts until %(day)s only: choose the current "
                    "version of the agreement.",
                    version=self.version_id.display_name,
                    day=format_date(self.env, day),
                )
            )
        if self.membership_id.state == "terminated":
            raise UserError(
                self.env._(
                    "“%(membership)s” has ended: nothing is signed for it any more.",
                    membership=self.membership_id.display_name,
                )
            )

    # === SIGNING === #

    def action_sign(self):
        """File the signed paper: name, day and document stand on the agreement."""
        self.check_access("write")
        for agreement in self.filtered(lambda a: a.state in ("draft", "sent")):
            if not (agreement.signed_name and agreement.signed_document):
                raise UserError(
                    self.env._(
                        "“%(agreement)s”: enter who signed it and attach the signed "
                        "document.",
                        agreement=agreement.display_name,
                    )
                )
            agreement._sign(agreement.signed_name, agreement.date_signed)

    def _sign(self, name, date=None):
        """Note that the partner has signed; the one way to a valid agreement.

        The caller has checked that the person may sign. Signed once, it is not signed
        again. The digest of the document that is attached, and the user who recorded
        the signature, are noted as well.

        :param str name: as it stands under the signature
        :param date date: day of the signature, default today
        :return: the agreement if it was signed now
        :raise UserError: naming the agreement, what is wrong and what to do
        """
        self.ensure_one()
        if self.state not in ("draft", "sent"):
            return self.browse()
        today = self.program_id._get_today()
        date = date or today
        if date > today:
            raise UserError(
                self.env._(
                    "“%(agreement)s”: the day of the signature, %(day)s, is in the "
                    "future.",
                    agreement=self.display_name,
                    day=format_date(self.env, date),
                )
            )
        start = self.date_from or date
        paper = self.with_context(bin_size=False).signed_document
        self._set_protected(
            {
                "signed_name": name,
                "date_signed": date,
                "date_from": start,
                "date_to": self.date_to or self.version_id._get_last_day(start),
                "recorded_by_id": self.env.uid,
                **self._prepare_paper(
                    documents.read_binary(paper), self.signed_filename
                ),
            }
        )
        self._check_signable()
        return self._move_to("state", self._share_days(), AGREEMENT_MOVES)

    @api.model
    def _prepare_paper(self, content, name):
        """Return what is noted of a signed document, nothing if there is none.

        :param bytes content: the document
        :param str name: what it is called, may be empty
        :return: its name and its digest, values by field
        """
        if not content:
            return {}
        return {
            "signed_filename": documents.name_paper(name, content, "agreement"),
            "signed_digest": documents.digest(content),
        }

    # === ENDING === #

    def action_terminate(self):
        """End signed agreements today, with the reason written on each."""
        self.check_access("write")
        if not self.env.user.has_group("partner_channel.group_channel_manager"):
            raise AccessError(self.env._("Only channel managers terminate agreements."))
        for agreement in self.filtered(lambda a: a.state != "terminated"):
            if not (agreement.termination_reason or "").strip():
                raise UserError(
                    self.env._(
                        "“%(agreement)s”: write the reason of termination first.",
                        agreement=agreement.display_name,
                    )
                )
            agreement._end("terminated", agreement.program_id._get_today())

    def _end(self, target, date_ended=False):
        """Move signed agreements to one of the ways to end.

        :param str target: ``expired``, ``superseded`` or ``terminated``
        :param date date_ended: day of the termination
        """
        self._move_to("state", target, AGREEMENT_MOVES, date_ended=date_ended)
        self.activity_unlink([RENEW])

    # === ACTIONS === #

    @api.model
    def _open(self, domain, **context):
        """Return the action that shows some agreements.

        :param list domain: which ones
        :param context: context of the action
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partner_channel.partner_agreement_action"
        )
        return {**action, "domain": domain, "context": context}
