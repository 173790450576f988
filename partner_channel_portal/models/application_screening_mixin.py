from odoo import api, fields, models
from odoo.fields import Domain

from .application_flow_mixin import TO_DECIDE

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
        Partner = self.env["res.partner"]
        readable = Partner.search([("id", "in", list(ids))])
        for application in self:
            known = Partner.browse(found.get(application.id, ()))
            application.candidate_ids = readable & known

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
        """Look at what waits for a decision, in restartable batches."""
        self._run_batches(
            [("state", "in", TO_DECIDE), ("date_screened", "=", False)],
            _BATCH,
            lambda batch: batch._screen(),
        )

    def _screen(self):
        """Take down whether a company may be known; decline what comes too early."""
        now = fields.Datetime.now()
        companies = self._find_customer_ids()
        similar = self._find_similar_applications()
        known = self.filtered(lambda a: companies[a.id] or similar[a.id])
        for group, is_known in ((known, True), (self - known, False)):
            group._set_protected({"date_screened": now, "has_duplicates": is_known})
        reason = self.env.ref(_EARLY, raise_if_not_found=False)
        if not reason:
            return
        early = self.filtered(lambda a: a._is_early(similar[a.id], reason))
        if early:
            early._decline(reason)

    def _is_early(self, others, automatic):
        """Return whether the application is declined as one that comes too early.

        What somebody has asked about or reviews is left to people; what was declined
        for coming too early makes nobody wait longer.

        :param others: applications of the same company
        :param automatic: reason of those the job declined
        """
        self.ensure_one()
        if self.state != "submitted" or self.question:
            return False
        declined = others.filtered(
            lambda other: (
                other.state == "declined"
                and other.program_id == self.program_id
                and other.reason_id != automatic
            )
        )
        moments = [d for d in declined.mapped("date_decision") if d]
        return bool(moments) and self.program_id._is_reapplied_early(
            max(moments), self.date_submitted
        )

    @api.model
    def _cron_clean_drafts(self):
        """Delete what was begun and never sent, in restartable batches."""
        self._run_batches(
            [
                ("state", "in", ("draft", "confirmed", "withdrawn")),
                ("date_submitted", "=", False),
                ("date_draft_end", "<", fields.Datetime.now()),
            ],
            _BATCH,
            lambda batch: batch.unlink(),
        )
