import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..tools import validity

# The only key to the proof fields. It travels in the context under this name and
# is compared by identity, which no RPC can carry.
WRITE_KEY = "partner_certification_write"
WRITE_SENTINEL = object()


class PartnerCertification(models.Model):
    """One person's dated proof of a competence.

    Written by :meth:`_issue_from_attempts`, :meth:`_issue_from_statements`,
    :meth:`_issue_from_proofs`, :meth:`_sync_sums` and :meth:`_revoke` only. It belongs
    to the person, so it counts for the partner company they work for now;
    ``issued_company_partner_id`` keeps for whom they worked when they earned it.
    """

    _name = "partner.certification"
    _description = "Partner Certification"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "certification.validity.mixin",
        "certification.portal.mixin",
        "certification.evidence.mixin",
        "certification.exam.mixin",
        "certification.sum.mixin",
        "certification.reminder.mixin",
        "certification.risk.mixin",
        "channel.job.mixin",
        "certification.learning.mixin",
        "certification.badge.mixin",
    ]
    _order = "date_issued desc, id desc"
    _mail_post_access = "read"

    partner_id = fields.Many2one(
        "res.partner",
        "Person",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id",
        string="Partner",
        store=True,
        index=True,
        help="The company the person works for now; the certificate counts for it.",
    )
    issued_company_partner_id = fields.Many2one(
        "res.partner",
        "Partner When Issued",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        # not for the company they work for now
        groups="base.group_user",
    )
    type_id = fields.Many2one(
        "partner.certification.type",
        "Certification",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    user_input_id = fields.Many2one(
        "survey.user_input",
        "Exam Attempt",
        readonly=True,
        ondelete="restrict",
        groups="base.group_user",
    )
    score = fields.Float("Score (%)", readonly=True, aggregator="avg")
    date_revoked = fields.Date("Revoked On", readonly=True)
    revoke_reason = fields.Text("Reason for Revoking", readonly=True)

    _user_input_uniq = models.Constraint(
        "UNIQUE (user_input_id)", "This exam attempt already earned a certificate."
    )
    _expiry_after_issue = models.Constraint(
        "CHECK (date_expiry IS NULL OR date_expiry >= date_issued)",
        "A certificate cannot end before it was issued.",
    )
    # what the tier metric asks
    _measure_idx = models.Index(
        "(type_id, commercial_partner_id) WHERE revoked IS NOT TRUE"
    )

    @api.depends("partner_id", "type_id")
    def _compute_display_name(self):
        for record in self:
            # the person's name is part of the certificate
            person = record.sudo().partner_id.name
            record.display_name = f"{record.type_id.name} - {person}"

    @api.model_create_multi
    def create(self, vals_list):
        self._check_write_key()
        return super().create(vals_list)

    def write(self, vals):
        if any(name in self._get_proof_fields() for name in vals):
            self._check_write_key()
        return super().write(vals)

    @api.model
    def _get_proof_fields(self):
        """Return the names of the fields nobody but our own methods may write."""
        return {
            name
            for name, field in self._fields.items()
            if field._module == "partner_channel_lms"
        }

    @api.model
    def _check_write_key(self):
        if self.env.context.get(WRITE_KEY) is not WRITE_SENTINEL:
            raise AccessError(
                self.env._(
                    "Certificates are issued by passing the exam and cannot be written "
                    "by hand. A trainer may revoke one, giving a reason."
                )
            )

    @api.model
    def _get_issuer(self):
        """Return the model able to write certificates, for our own methods only."""
        return self.sudo().with_context(
            **{WRITE_KEY: WRITE_SENTINEL},
            mail_create_nolog=True,
            mail_create_nosubscribe=True,
        )

    @api.model
    def _issue_from_attempts(self, user_inputs):
        """Issue the certificates that exam attempts earned; inside Odoo the only way.

        Attempts that prove nothing, of surveys tied to no type, or that already
        earned a certificate are passed over, so it may run any number of times.

        :param user_inputs: ``survey.user_input`` recordset
        :return: the certificates issued now
        """
        # sudo: the person who passes may neither read exams nor write certificates
        attempts = user_inputs.sudo().filtered_domain(user_inputs._get_proof_domain())
        types = attempts.env["partner.certification.type"].search(
            [("survey_id", "in", attempts.survey_id.ids)]
        )
        type_by_survey = {kind.survey_id: kind for kind in types}
        attempts = attempts.filtered(lambda a: a.survey_id in type_by_survey)
        if not attempts:
            return self.browse()
        issuer = self._get_issuer()
        known = issuer.search([("user_input_id", "in", attempts.ids)]).user_input_id
        issued = issuer.create(
            [
                self._prepare_certification(attempt, type_by_survey[attempt.survey_id])
                for attempt in attempts - known
            ]
        )
        return self.browse(issued.ids)

    @api.model
    def _prepare_certification(self, attempt, kind):
        """Return the values of the certificate an attempt earned.

        Facts are copied: what the type says later does not change the past.

        :param attempt: passed ``survey.user_input`` (sudo)
        :param kind: ``partner.certification.type``
        """
        issued = self._get_local_day(attempt.end_datetime, attempt.partner_id.tz)
        return {
            "partner_id": attempt.partner_id.id,
            "issued_company_partner_id": attempt.partner_id.commercial_partner_id.id,
            "type_id": kind.id,
            "user_input_id": attempt.id,
            "score": attempt.scoring_percentage,
            "date_issued": issued,
            "date_expiry": validity.last_valid_day(issued, kind.validity_months),
        }

    @api.model
    def _get_local_day(self, moment, zone):
        """Return the calendar day of a UTC moment where the person is.

        It must not depend on who runs the method: issuing later gives the same day.
        """
        zone = pytz.timezone(zone) if zone in pytz.all_timezones_set else pytz.utc
        return pytz.utc.localize(moment).astimezone(zone).date()

    def action_revoke(self):
        """Open the wizard that asks why the certificates are taken back."""
        self.env["partner.certification.type"]._check_trainer()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Revoke"),
            "res_model": "partner.certification.revoke",
            "view_mode": "form",
            "target": "new",
            "context": {"default_certification_ids": self.ids},
        }

    def _revoke(self, reason):
        """Take certificates back for good; those already revoked stay as they are.

        :param str reason: plain text the person will read
        :return: the certificates revoked now
        """
        self.env["partner.certification.type"]._check_trainer()
        self.check_access("read")
        revoking = self.filtered(lambda record: not record.revoked)
        # no group may write certificates; who may revoke was checked above
        revoking.sudo().with_context(**{WRITE_KEY: WRITE_SENTINEL}).write(
            {
                "revoked": True,
                "date_revoked": fields.Date.context_today(self),
                "revoke_reason": reason,
            }
        )
        for record in revoking.sudo():
            record._message_log(body=self.env._("Revoked: %(reason)s", reason=reason))
        return revoking
