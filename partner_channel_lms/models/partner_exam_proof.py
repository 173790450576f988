from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from odoo.addons.partner_channel.tools import documents

STATES = [
    ("draft", "Draft"),
    ("submitted", "To Verify"),
    ("verified", "Verified"),
    ("refused", "Refused"),
    ("withdrawn", "Withdrawn"),
]
TRANSITIONS = {
    "submitted": {"draft"},
    "verified": {"submitted"},
    "refused": {"submitted"},
    "withdrawn": {"draft", "submitted"},
}
#: what a trainer judges; it stays as it was handed in
_FACTS = {"partner_id", "type_id", "exam_date", "reference", "document"}
_TODO = "mail.mail_activity_data_todo"


class PartnerExamProof(models.Model):
    """The proof of an exam somebody passed elsewhere, for a trainer to verify.

    Partners have no access to it; ``exam.proof.portal.mixin`` is their one way in.
    """

    _name = "partner.exam.proof"
    _description = "Proof of an Exam Elsewhere"
    _inherit = [
        "channel.state.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "exam.proof.portal.mixin",
    ]
    _order = "id desc"
    _state_fields = ("state", "decided_by_id", "date_decided", "refuse_reason")

    partner_id = fields.Many2one(
        "res.partner", "Person", required=True, index=True, ondelete="restrict"
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id",
        string="Partner",
        store=True,
        index=True,
    )
    type_id = fields.Many2one(
        "partner.certification.type",
        "Certification",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('accepts_proof', '=', True)]",
    )
    exam_date = fields.Date("Day of the Exam", required=True)
    reference = fields.Char(
        "Number", help="Number of the certificate, or where it can be looked up."
    )
    document = fields.Binary("Proof", attachment=True, required=True)
    document_name = fields.Char()
    state = fields.Selection(
        STATES, required=True, default="draft", readonly=True, copy=False, index=True
    )
    decided_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="restrict"
    )
    date_decided = fields.Datetime("Decided On", readonly=True, copy=False)
    refuse_reason = fields.Text("Reason", readonly=True, copy=False)
    certification_ids = fields.One2many(
        "partner.certification", "proof_id", "Certificate"
    )

    _exam_uniq = models.UniqueIndex(
        "(partner_id, type_id, exam_date) WHERE state NOT IN ('refused', 'withdrawn')",
        "The proof of this exam has been handed in already: same person, certification "
        "and day.",
    )

    @api.depends("partner_id.name", "type_id.name")
    def _compute_display_name(self):
        for proof in self:
            proof.display_name = f"{proof.type_id.name} - {proof.partner_id.name}"

    # === CHECKS === #

    @api.constrains("exam_date")
    def _check_exam_date(self):
        for proof in self:
            if proof.exam_date > fields.Date.context_today(proof):
                raise ValidationError(
                    self.env._(
                        "Day of the exam: %(day)s is still to come.",
                        day=format_date(self.env, proof.exam_date),
                    )
                )

    @api.constrains("type_id")
    def _check_type(self):
        for kind in self.type_id:
            if not (kind.accepts_proof and kind.active):
                raise ValidationError(
                    self.env._(
                        "“%(certification)s” is not earned by an exam elsewhere: "
                        "choose another certification.",
                        certification=kind.name,
                    )
                )

    @api.constrains("document")
    def _check_document(self):
        for proof in self.with_context(bin_size=False):
            content = documents.read_binary(proof.document)
            if documents.find_paper_problem(content):
                raise ValidationError(
                    self.env._(
                        "Proof: only a PDF, PNG or JPEG file of at most %(size)s MB.",
                        size=documents.MAX_SIZE // 1024 // 1024,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        # the file stays as it was handed in; Odoo makes large pictures smaller
        own = self.with_context(image_no_postprocess=True)
        return super(PartnerExamProof, own).create(vals_list).with_env(self.env)

    def write(self, vals):
        if _FACTS & vals.keys() and any(proof.state != "draft" for proof in self):
            raise UserError(
                self.env._(
                    "What was handed in is not changed any more. If it is wrong, "
                    "refuse it and say why: the person can hand it in again."
                )
            )
        own = self.with_context(image_no_postprocess=True)
        return super(PartnerExamProof, own).write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        if any(proof.state != "draft" for proof in self):
            raise UserError(
                self.env._("A proof that was handed in is kept: withdraw it instead.")
            )

    # === MOVES === #

    def action_submit(self):
        """Hand proofs in; a trainer is asked to verify them."""
        self.check_access("write")
        submitted = self._move_to("state", "submitted", TRANSITIONS)
        submitted._ask_verifiers()

    def action_verify(self):
        """Accept proofs and issue their certificates."""
        self._check_may_decide()
        verified = self._move_to("state", "verified", TRANSITIONS, **self._sign())
        self.env["partner.certification"]._issue_from_proofs(verified)
        verified._close()
        for proof in verified:
            proof._tell_person()

    def action_refuse(self):
        """Open the wizard that asks why the proofs are refused."""
        self._check_may_decide()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refuse"),
            "res_model": "partner.exam.proof.refuse",
            "view_mode": "form",
            "target": "new",
            "context": {"default_proof_ids": self.ids},
        }

    def _refuse(self, reason):
        """Refuse proofs and tell the people why.

        :param str reason: plain text the person will read
        """
        self._check_may_decide()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why: the person has to know what to do."))
        refused = self._move_to(
            "state", "refused", TRANSITIONS, refuse_reason=reason, **self._sign()
        )
        refused._close()
        for proof in refused:
            proof._tell_person()

    def action_withdraw(self):
        """Take proofs back that nobody has decided on."""
        self.check_access("write")
        self._move_to("state", "withdrawn", TRANSITIONS)._close()

    def _sign(self):
        return {
            "decided_by_id": self.env.uid,
            "date_decided": fields.Datetime.now(),
        }

    def _check_may_decide(self):
        """Refuse decisions by anybody but trainers, and about oneself."""
        self.env["partner.certification.type"]._check_trainer()
        self.check_access("write")
        if self.env.user.partner_id & self.partner_id:
            raise UserError(
                self.env._(
                    "Nobody verifies an exam of their own: leave it to another trainer."
                )
            )

    # === WHO HEARS OF IT === #

    def _ask_verifiers(self):
        """Put proofs on the desks of the trainers."""
        # sudo: whoever hands a proof in need not know who the trainers are
        for proof in self.sudo():
            user = proof._get_verifier()
            if user:
                proof.activity_schedule(
                    _TODO, user_id=user.id, summary=self.env._("Verify the exam")
                )

    def _get_verifier(self):
        """Return the trainer to ask, never the person themself; in sudo."""
        self.ensure_one()
        trainers = self.env.ref("partner_channel_lms.group_channel_trainer")
        users = self.type_id.verifier_id | trainers.all_user_ids.sorted("id")
        return users.filtered(
            lambda user: (
                user.active and not user.share and user.partner_id != self.partner_id
            )
        )[:1]

    def _close(self):
        # sudo: the activity may be another trainer's
        self.sudo().activity_unlink([_TODO])

    def _tell_person(self):
        """Write to the person what became of the proof, in their language."""
        self.ensure_one()
        # sudo: e-mails are the system's to send
        own = self.sudo().with_context(lang=self.partner_id.lang or self.env.lang)
        body = Markup("<p>%s</p>") % own._get_notice()
        if own.state == "refused":
            body += Markup("<p>%s</p>") % own.refuse_reason
        own.message_notify(
            subject=own.type_id.name,
            body=body,
            partner_ids=own.partner_id.ids,
            author_id=self.env.user.partner_id.id,
        )

    def _get_notice(self):
        values = {
            "certification": self.type_id.name,
            "day": format_date(self.env, self.exam_date),
        }
        if self.state == "verified":
            return self.env._(
                "Your exam of %(day)s was verified: you hold the certificate "
                "“%(certification)s”.",
                **values,
            )
        return self.env._(
            "The proof of your exam of %(day)s for “%(certification)s” was not "
            "accepted. You can hand in another one on the page of your certificates.",
            **values,
        )
