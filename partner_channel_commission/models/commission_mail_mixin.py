import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

_logger = logging.getLogger(__name__)

# a PDF takes a second or two: more than these are made by the job
_AT_ONCE = 10
_BATCH_SIZE = 20


class CommissionMailMixin(models.AbstractModel):
    """Tells a partner that a statement is ready, with the statement as PDF."""

    _name = "commission.mail.mixin"
    _description = "E-Mail of a Commission Statement"

    is_mail_due = fields.Boolean(
        "E-Mail Still to Send",
        readonly=True,
        copy=False,
        help="Many statements were sent at once: a job writes the e-mails.",
    )

    def _announce(self):
        """Write to the partners, now or by the job when these are many."""
        if len(self) <= _AT_ONCE:
            self._write_to_partners()
            return
        self._set_protected({"is_mail_due": True})
        # sudo: whoever sends statements need not see the jobs
        self.env.ref(
            "partner_channel_commission.ir_cron_mail_statements"
        ).sudo()._trigger()

    def _write_to_partners(self):
        """Write that the statements are ready, to those who see money."""
        recipients = self._get_money_contacts()
        for statement in self:
            theirs = statement._in_language_of_partner()
            # sudo: who answers for the partner, whether a person or the job sends
            manager = statement.sudo().membership_id.manager_id.partner_id
            statement.message_post(
                body=theirs.env._(
                    "Statement %(name)s over %(total)s is ready, see the PDF. Please "
                    "check and accept it.",
                    name=statement.name,
                    total=theirs.currency_id.format(statement.amount_total),
                ),
                partner_ids=recipients.get(statement.partner_id.id, []),
                attachments=statement._get_mail_attachments(),
                author_id=manager.filtered("email").id or None,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )

    def _get_mail_attachments(self):
        """Return the PDF as ``[(name, bytes)]``; nothing where none can be made.

        A statement is sent all the same: the partner reads it in the portal.
        """
        self.ensure_one()
        # while modules are installed nobody serves the report's style
        if not self.env.registry.ready:
            return []
        try:
            content, kind = self._render_pdf()
        except UserError as error:
            _logger.info("No PDF of statement %s: %s", self.name, error)
            self._message_log(
                body=self.env._("The e-mail went without PDF: %(error)s", error=error)
            )
            return []
        # in tests a report is HTML, unless they ask for a real one
        return [(f"{self._get_file_name()}.{kind}", content)] if kind == "pdf" else []

    @api.model
    def _cron_mail_statements(self):
        """Write the e-mails of statements that were sent many at once."""
        self._run_batches(
            Domain("is_mail_due", "=", True),
            _BATCH_SIZE,
            lambda statements: statements._write_due_mails(),
        )

    def _write_due_mails(self):
        """Write to the partners, unless they have accepted meanwhile."""
        self._set_protected({"is_mail_due": False})
        self.filtered(lambda each: each.state == "sent")._write_to_partners()
