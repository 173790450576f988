from odoo import api, fields, models
from odoo.fields import Domain

_BATCH = 100
_EARLY = "partner_channel_portal.application_reason_early"
_INTERNAL = (
    "partner_channel.group_channel_manager,partner_channel.group_channel_analyst"
)


class ApplicationScreeningMixin(models.AbstractModel):
    """What the vendor knows of an applicant.

    Looked up when the vendor looks and by a job, never while the applicant waits: how
    long it takes says whether a company is known.
    """

    _name = "application.screening.mixin"
    _inherit = ["deal.customer.mixin"]
    _description = "Screening of Applications"

    date_screened = fields.Datetime(readonly=True, copy=False)
    has_duplicates = fields.Boolean(
        "Possibly Known",
        readonly=True,
        copy=False,
        groups=_INTERNAL,
        help="A contact with the tax ID, the domain or the e-mail, or another "
        "application.",
    )
    candidate_ids = fields.Many2many(
        "res.partner",
        string="Possibly the Same Company",
        compute="_compute_candidate_ids",
        groups=_INTERNAL,
    )
    similar_ids = fields.Many2many(
        "partner.application",
        string="Other Applications",
        compute="_compute_similar_ids",
        groups=_INTERNAL,
    )

    # === WHO IT MAY BE === #

    @property
    def partner_assigned_id(self):
        """No partner stands behind an applicant, as one does behind a registration."""
        return self.env["res.partner"]

    def _get_claim_values(self):
        """Return what the keys of the company are made of."""
        self.ensure_one()
        return {
            "customer_vat": self.vat,
            "email_from": self.email,
            "website": self.website,
            "partner_name": self.name,
            "country": self.country_id.code,
            "commercial_partner_id": False,
        }

    @property
    def email_from(self):
        """The address, by the name it has on leads."""
        return self.email

    def _compute_candidate_ids(self):
        stored = self.filtered("id")
        found = stored._find_customer_ids() if stored else {}
        ids = set().union(*found.values())
        # the reader's rules apply
        readable = self.env["res.partner"].search([("id", "in", list(ids))])
        for application in self:
            known = found.get(application.id, ())
            application.candidate_ids = readable.filtered(
                lambda partner, known=known: partner.id in known
            )

    def _compute_similar_ids(self):
        found = self._find_similar_applications()
        for application in self:
            application.similar_ids = found[application.id]

    def _find_similar_applications(self):
        """Return ``{id: other applications}`` with the same tax id or e-mail.

        Those that were sent, in the programs of the same company; one query.
        """
        keys = Domain("vat_key", "in", self.filtered("vat_key").mapped("vat_key"))
        keys |= Domain(
            "email_key", "in", self.filtered("email_key").mapped("email_key")
        )
        others = self.search(
            keys
            & Domain("date_submitted", "!=", False)
            & Domain("company_id", "in", self.company_id.ids)
        )
        return {
            application.id: others.filtered(
                lambda other, own=application: (
                    other != own
                    and other.company_id == own.company_id
                    and (
                        (own.vat_key and other.vat_key == own.vat_key)
                        or other.email_key == own.email_key
                    )
                )
            )
            for application in self
        }

    # === THE JOB === #

    @api.model
    def _cron_screen_applications(self):
        """Look at what was submitted since, in restartable batches."""
        self._run_batches(
            [("state", "=", "submitted"), ("date_screened", "=", False)],
            _BATCH,
            lambda batch: batch._screen(),
        )

    def _screen(self):
        """Take down whether a company may be known; decline what comes too early."""
        now = fields.Datetime.now()
        companies = self._find_customer_ids()
        similar = self._find_similar_applications()
        early = self.browse()
        for application in self:
            others = similar[application.id]
            application._set_protected(
                {
                    "date_screened": now,
                    "has_duplicates": bool(companies[application.id] or others),
                }
            )
            declined = others.filtered(
                lambda other, own=application: (
                    other.state == "declined" and other.program_id == own.program_id
                )
            )
            moments = [d for d in declined.mapped("date_decision") if d]
            if moments and application.program_id._is_reapplied_early(
                max(moments), application.date_submitted
            ):
                early |= application
        reason = self.env.ref(_EARLY, raise_if_not_found=False)
        if early and reason:
            early._decline(reason)

    @api.model
    def _cron_clean_drafts(self):
        """Delete what was begun and never sent, in restartable batches."""
        self._run_batches(
            [
                ("state", "in", ("draft", "confirmed")),
                ("date_draft_end", "<", fields.Datetime.now()),
            ],
            _BATCH,
            lambda batch: batch.unlink(),
        )
