from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

_BATCH_SIZE = 200


class CommissionAcceptanceMixin(models.AbstractModel):
    """Lets a statement count as accepted when the partner says nothing."""

    _name = "commission.acceptance.mixin"
    _description = "Silent Acceptance of a Statement"

    date_accept_due = fields.Date(
        "Accepted Silently After",
        readonly=True,
        copy=False,
        help="After this day, inclusive, the statement counts as accepted.",
    )

    def _set_accept_due(self):
        """Note until when the partner may object, as the program says."""
        for program, statements in self.grouped(
            lambda each: each.membership_id.program_id
        ).items():
            days = program.statement_accept_days
            if days:
                due = program._get_today() + timedelta(days=days)
                statements._set_protected({"date_accept_due": due})

    @api.model
    def _cron_accept_silently(self):
        """Accept what was sent long enough ago; lines in dispute stay open."""
        self._run_batches(
            Domain("state", "=", "sent")
            & self.env["partner.program"]._get_past_domain("date_accept_due"),
            _BATCH_SIZE,
            lambda statements: statements._accept_silently(),
        )

    def _accept_silently(self):
        """Accept sent statements for those who said nothing, and say so."""
        for statement in self._accept(silent=True):
            theirs = statement._in_language_of_partner()
            statement.message_post(
                body=theirs.env._(
                    "Accepted: nobody objected until %(date)s.",
                    date=format_date(theirs.env, statement.date_accept_due),
                ),
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
