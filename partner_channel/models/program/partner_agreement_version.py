from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date, html2plaintext

from ...tools import documents

_STATES = {"published": {"draft"}}
#: what stands once a version is published
_TERMS = (
    "template_id",
    "text",
    "document",
    "document_name",
    "validity",
    "validity_months",
    "date_until",
)


class PartnerAgreementVersion(models.Model):
    """The terms of an agreement; a published version never changes."""

    _name = "partner.agreement.version"
    _description = "Version of an Agreement"
    _inherit = ["channel.state.mixin"]
    _order = "template_id, number desc, id desc"
    _state_fields = (
        "state",
        "number",
        "date_published",
        "date_last",
        "digest",
        "company_id",
    )

    template_id = fields.Many2one(
        "partner.agreement.template",
        "Agreement",
        required=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="template_id.company_id", store=True, index=True
    )
    number = fields.Integer(
        "Version", readonly=True, copy=False, help="Given when it is published."
    )
    state = fields.Selection(
        [("draft", "Draft"), ("published", "Published")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    date_published = fields.Date("Published On", readonly=True, copy=False)
    text = fields.Html("Terms")
    document = fields.Binary(attachment=True, help="The terms as a PDF file.")
    document_name = fields.Char()
    changes = fields.Text(
        "What Changed", copy=False, help="Compared with the version before."
    )
    validity = fields.Selection(
        [
            ("endless", "Without end"),
            ("months", "For some months"),
            ("date", "Until a day"),
        ],
        "Valid",
        required=True,
        default="months",
    )
    validity_months = fields.Integer("Months", default=12)
    date_until = fields.Date("Last Day", help="Last day signed agreements are valid.")
    date_resign = fields.Date(
        "Earlier Versions Valid Until",
        copy=False,
        help="Last day on which signatures under earlier versions count; by then "
        "partners sign this one. Empty: they stay valid to their own end.",
    )
    date_last = fields.Date(
        "Valid Until",
        readonly=True,
        copy=False,
        help="Last day on which signatures under this version count, as later versions "
        "ask for.",
    )
    digest = fields.Char(
        "SHA-256", readonly=True, copy=False, help="Of the text and the document."
    )

    _number_uniq = models.UniqueIndex(
        "(template_id, number) WHERE state = 'published'",
        "Somebody has published a version at the same time: load the page again.",
    )
    _validity_complete = models.Constraint(
        "CHECK ((validity <> 'months' OR validity_months > 0)"
        " AND (validity <> 'date' OR date_until IS NOT NULL))",
        "Say for how many months the agreement is valid, or until which day.",
    )

    @api.depends("template_id.name", "number")
    def _compute_display_name(self):
        for version in self:
            name = version.template_id.name or ""
            version.display_name = (
                self.env._("%(name)s, version %(number)d", name=name, number=number)
                if (number := version.number)
                else self.env._("%(name)s, draft", name=name)
            )

    @api.constrains("document")
    def _check_document(self):
        for version in self.with_context(bin_size=False).filtered("document"):
            content = documents.read_binary(version.document)
            if documents.find_paper_problem(content, (documents.PDF,)):
                raise ValidationError(
                    self.env._(
                        "“%(version)s”: the document must be a PDF file of at most "
                        "%(size)d MB.",
                        version=version.display_name,
                        size=documents.MAX_SIZE // 1024 // 1024,
                    )
                )

    # === CRUD === #

    def write(self, vals):
        published = self.filtered(lambda version: version.state == "published")
        names = [name for name in _TERMS if name in vals]
        if published and names and not self._is_state_move():
            raise UserError(
                self.env._(
                    "“%(version)s” is published and may have been signed: %(fields)s "
                    "cannot be changed. Make a new version.",
                    version=published[0].display_name,
                    fields=", ".join(
                        self._fields[name]._description_string(self.env)
                        for name in names
                    ),
                )
            )
        result = super().write(vals)
        if "date_resign" in vals:
            published._check_resign()
            published.template_id.version_ids._sync_last_days()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        for version in self.filtered(lambda version: version.state == "published"):
            raise UserError(
                self.env._(
                    "“%(version)s” is published and cannot be deleted; archive its "
                    "template.",
                    version=version.display_name,
                )
            )

    def _copy_for(self, template):
        """Return a draft of the next version, empty terms when there was none."""
        if self:
            return self.copy({"changes": False})
        return self.create({"template_id": template.id})

    # === PUBLISHING === #

    def action_publish(self):
        """Let partners sign these terms from now on; they stand."""
        self.check_access("write")
        for version in self.filtered(lambda version: version.state == "draft"):
            version._publish()

    def _publish(self):
        self.ensure_one()
        version = self.with_context(bin_size=False)
        text = html2plaintext(version.text or "").strip()
        if not (text or version.document):
            raise UserError(
                self.env._(
                    "“%(version)s” has no terms: write them, or attach the document.",
                    version=self.display_name,
                )
            )
        self._move_to(
            "state",
            "published",
            _STATES,
            number=max(self.template_id.version_ids.mapped("number")) + 1,
            date_published=self.template_id.program_id._get_today(),
            digest=self._compute_terms_digest(),
        )
        self._check_resign()
        self.template_id.version_ids._sync_last_days()

    def _compute_terms_digest(self):
        """Return the SHA-256 of the terms as they stand: text and document."""
        self.ensure_one()
        version = self.with_context(bin_size=False)
        content = documents.read_binary(version.document)
        return documents.digest(str(version.text or ""), content)

    def _check_resign(self):
        """Refuse a last day of earlier versions that is over."""
        for version in self.filtered("date_resign"):
            if version.date_resign < version.template_id.program_id._get_today():
                raise UserError(
                    self.env._(
                        "“%(version)s”: the last day of earlier versions, %(day)s, is "
                        "over. Leave partners time to sign, or leave it empty.",
                        version=version.display_name,
                        day=format_date(self.env, version.date_resign),
                    )
                )

    def _sync_last_days(self):
        """Let each version end on the first of the days later versions ask for."""
        changed = self.browse()
        for versions in self.grouped("template_id").values():
            last = False
            published = versions.filtered(lambda v: v.state == "published")
            for version in published.sorted("number", reverse=True):
                if version.date_last != last:
                    version._set_protected({"date_last": last})
                    changed |= version
                days = (last, version.date_resign)
                last = min((day for day in days if day), default=False)
        # sudo: agreements of all channel managers end with their version
        agreements = self.env["partner.agreement"].sudo()
        agreements._remind_again(changed)

    def _get_last_day(self, start):
        """Return the last day of an agreement under this version.

        :param date start: its first day
        :return: ``date``, ``False`` for no end
        """
        self.ensure_one()
        if self.validity == "months":
            months = relativedelta(months=self.validity_months)
            return start + months - relativedelta(days=1)
        return self.validity == "date" and self.date_until
