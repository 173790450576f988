from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools import documents


class PartnerAgreement(models.Model):
    """The terms a partner has signed, or is to sign. A signature never changes."""

    _name = "partner.agreement"
    _description = "Agreement"
    _inherit = [
        "channel.state.mixin",
        "agreement.guard.mixin",
        "agreement.validity.mixin",
        "agreement.flow.mixin",
        "agreement.job.mixin",
        "channel.job.mixin",
        "channel.internal.thread.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date_from desc, id desc"
    _rec_names_search = ["partner_id", "template_id"]
    _state_fields = (
        "state",
        "date_sent",
        "signed_digest",
        "recorded_by_id",
        "date_replaced",
        "replaced_by_id",
        "date_ended",
        "date_reminded",
        "date_last",
        "date_reminder",
        "partner_id",
        "company_id",
    )

    membership_id = fields.Many2one(
        "partner.membership",
        "Partner",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    partner_id = fields.Many2one(
        related="membership_id.partner_id",
        string="Partner Company",
        store=True,
        index=True,
    )
    program_id = fields.Many2one(related="membership_id.program_id")
    company_id = fields.Many2one(
        related="membership_id.company_id", store=True, index=True
    )
    template_id = fields.Many2one(
        "partner.agreement.template",
        "Agreement",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('program_id', '=', program_id), ('current_version_id', '!=', False)]",
        tracking=True,
    )
    version_id = fields.Many2one(
        "partner.agreement.version",
        compute="_compute_version_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('template_id', '=', template_id), ('state', '=', 'published')]",
        tracking=True,
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("sent", "Sent"),
            ("signed", "Signed"),
            ("expired", "Expired"),
            ("superseded", "Superseded"),
            ("terminated", "Terminated"),
        ],
        "Status",
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    date_from = fields.Date(
        "Valid From", copy=False, help="Empty: from the day it is signed."
    )
    date_to = fields.Date(
        "Agreed Until",
        copy=False,
        help="Last day, as agreed. Empty: as the version says, from the day it is "
        "signed.",
    )
    date_last = fields.Date(
        "Valid Until",
        compute="_compute_date_last",
        store=True,
        index="btree_not_null",
        help="Last day it counts: as agreed, or earlier when a newer version or "
        "another agreement takes its place. Empty: without end.",
    )
    date_reminder = fields.Date(
        "Renew From",
        compute="_compute_date_reminder",
        store=True,
        index="btree_not_null",
    )
    signatory_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        domain="[('id', 'child_of', partner_id)]",
        copy=False,
        ondelete="restrict",
        help="Who signs for the partner; the agreement is sent to their e-mail.",
    )
    signed_name = fields.Char(
        "Signed By", copy=False, help="The name as it stands under the signature."
    )
    date_signed = fields.Date("Signed On", copy=False)
    signed_document = fields.Binary(
        attachment=True, copy=False, help="The signed paper: PDF, PNG or JPEG."
    )
    signed_filename = fields.Char(copy=False)
    termination_reason = fields.Text("Reason of Termination", copy=False)
    note = fields.Text("Internal Note")

    _one_in_force = models.Constraint(
        """EXCLUDE USING gist (
            membership_id WITH =,
            template_id WITH =,
            daterange(
                date_from,
                GREATEST(date_from, COALESCE(date_last, 'infinity'::date)),
                '[]'
            ) WITH &&
        ) WHERE (state = 'signed')""",
        "The partner has signed this agreement for these days already: load the page "
        "again.",
    )
    _signed_complete = models.Constraint(
        "CHECK (state IN ('draft', 'sent') OR (date_from IS NOT NULL"
        " AND date_signed IS NOT NULL AND signed_name IS NOT NULL))",
        "A signed agreement needs a name, the day it was signed and its first day.",
    )
    _period_ordered = models.Constraint(
        "CHECK (date_to IS NULL OR date_from IS NULL OR date_from <= date_to)",
        "An agreement cannot end before it begins.",
    )

    # === COMPUTE === #

    @api.depends("template_id.name", "partner_id.name")
    def _compute_display_name(self):
        for agreement in self:
            names = (agreement.template_id.name, agreement.partner_id.name)
            agreement.display_name = " – ".join(name or "" for name in names)

    @api.depends("template_id")
    def _compute_version_id(self):
        for agreement in self:
            if agreement.version_id.template_id != agreement.template_id:
                agreement.version_id = agreement.template_id.current_version_id

    @api.depends("date_to", "version_id.date_last", "date_replaced", "date_ended")
    def _compute_date_last(self):
        for agreement in self:
            days = (
                agreement.date_to,
                agreement.version_id.date_last,
                agreement.date_replaced,
                agreement.date_ended,
            )
            agreement.date_last = min((day for day in days if day), default=False)

    @api.depends("date_last", "template_id.reminder_days")
    def _compute_date_reminder(self):
        for agreement in self:
            days = agreement.template_id.reminder_days
            agreement.date_reminder = (
                days and agreement.date_last and agreement.date_last - timedelta(days)
            )

    # === CONSTRAINTS === #

    @api.constrains("membership_id", "template_id", "version_id")
    def _check_parties(self):
        for agreement in self:
            if agreement.template_id.program_id != agreement.membership_id.program_id:
                raise ValidationError(
                    self.env._(
                        "“%(agreement)s”: the agreement belongs to another program "
                        "than the partner's membership. Choose one of the program "
                        "“%(program)s”.",
                        agreement=agreement.display_name,
                        program=agreement.membership_id.program_id.name,
                    )
                )
            version = agreement.version_id
            if (
                version.template_id != agreement.template_id
                or version.state != "published"
            ):
                raise ValidationError(
                    self.env._(
                        "“%(agreement)s”: choose a published version of "
                        "“%(template)s”.",
                        agreement=agreement.display_name,
                        template=agreement.template_id.name,
                    )
                )

    @api.constrains("signatory_id", "membership_id")
    def _check_signatory(self):
        for agreement in self.filtered("signatory_id"):
            company = agreement.signatory_id.commercial_partner_id
            if company != agreement.partner_id:
                raise ValidationError(
                    self.env._(
                        "“%(agreement)s”: %(person)s does not work for the partner. "
                        "Choose one of its people.",
                        agreement=agreement.display_name,
                        person=agreement.signatory_id.name,
                    )
                )

    @api.constrains("signed_document")
    def _check_signed_document(self):
        for agreement in self.with_context(bin_size=False).filtered("signed_document"):
            content = documents.read_binary(agreement.signed_document)
            if documents.find_paper_problem(content):
                raise ValidationError(
                    self.env._(
                        "“%(agreement)s”: the signed document must be a PDF, PNG or "
                        "JPEG file of at most %(size)d MB.",
                        agreement=agreement.display_name,
                        size=documents.MAX_SIZE // 1024 // 1024,
                    )
                )

    @api.model
    def _prepare_for(self, pairs):
        """Draft agreements for partners who have not signed the current version.

        Run twice, it drafts nothing.

        :param pairs: list of ``(membership, template)``
        :return: the drafts made
        """
        known = self.sudo().search(  # sudo: whoever has drafted it, once is enough
            [
                ("membership_id", "in", [member.id for member, _template in pairs]),
                ("template_id", "in", [template.id for _member, template in pairs]),
                ("state", "in", ("draft", "sent", "signed")),
            ]
        )
        taken = {
            (agreement.membership_id.id, agreement.version_id.id)
            for agreement in known
            if not (agreement.state == "signed" and agreement._is_running_out())
        }
        return self.create(
            [
                {"membership_id": member.id, "template_id": template.id}
                for member, template in pairs
                if (version := template.current_version_id)
                and (member.id, version.id) not in taken
            ]
        )
