import base64

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.partner_channel.tools import documents
from odoo.addons.partner_channel_portal.tools.form_values import (
    FieldProblem,
    clean_line,
    parse_day,
    parse_required,
    read_id,
)
from odoo.addons.partner_channel_portal.tools.upload import check_upload

#: proofs a person may hand in, per hour
PROOFS_PER_HOUR = 20
MAX_REFERENCE = 100
#: those shown on the page, the newest
_SHOWN = 20


class ExamProofPortalMixin(models.AbstractModel):
    """What people of a partner do with proofs of their own exams.

    They have no access to the model: each method takes the person from the login, and
    only then looks with ``sudo``.
    """

    _name = "exam.proof.portal.mixin"
    _description = "Proof of an Exam: Portal"

    @api.model
    def _may_portal_prove(self):
        """Return whether the current user may hand in proofs."""
        return bool(self.env["res.partner"]._get_portal_memberships(("active",)))

    @api.model
    def _get_portal_proof_types(self):
        """Return the certifications that are earned by an exam elsewhere."""
        return self.env["partner.certification.type"].search(
            [("accepts_proof", "=", True)]
        )

    @api.model
    def _get_portal_proof_domain(self):
        return Domain("partner_id", "=", self.env.user.partner_id.id)

    @api.model
    def _prepare_portal_proofs(self):
        """Return what the page of the certificates shows of proofs.

        :return: dict of ``proofs`` (sudo) and ``may_prove``
        """
        # sudo: the person's own
        proofs = self.sudo().search(
            self._get_portal_proof_domain() & Domain("state", "!=", "draft"),
            limit=_SHOWN,
        )
        return {
            "proofs": proofs,
            "may_prove": self._may_portal_prove()
            and bool(self._get_portal_proof_types()),
        }

    @api.model
    def _portal_submit_proof(self, values):
        """Hand a proof in for the current user: the one way in from the portal.

        :param dict values: ``type``, ``exam_date``, ``reference`` as typed, and
            ``files``, a list of ``Upload``
        :return: ``{field: message}`` of what is wrong; empty when it was handed in
        :raise AccessError: the user belongs to no active partner
        """
        if not self._may_portal_prove():
            raise AccessError(
                self.env._("Only people of an active partner hand in proofs.")
            )
        throttle = self.env["partner.portal.throttle"]
        if not throttle._count("exam_proof", PROOFS_PER_HOUR):
            return {"form": throttle._get_limit_message()}
        parsed, errors = self._parse_proof(values)
        if errors:
            return errors
        # sudo: partners have no access to proofs; only what was parsed is written
        proof = self.sudo().create(
            {"partner_id": self.env.user.partner_id.id, **parsed}
        )
        proof.action_submit()
        return {}

    @api.model
    def _portal_withdraw_proof(self, proof_id):
        """Take a proof of the current user back.

        :return: what is wrong, empty when it is withdrawn
        """
        # sudo: the person's own
        proof = self.sudo().search(
            self._get_portal_proof_domain() & Domain("id", "=", proof_id)
        )
        try:
            proof.action_withdraw()
        except UserError as error:
            return str(error)
        return "" if proof else self.env._("There is no such proof.")

    # === READING THE FORM === #

    @api.model
    def _parse_proof(self, values):
        """Return ``(values of the record, {field: message})`` of what was sent."""
        today = fields.Date.context_today(self)
        parsed, problems = parse_required(
            values,
            {
                "type": self._parse_proof_type,
                "exam_date": lambda text: self._parse_exam_date(text, today),
                "files": self._parse_proof_file,
            },
        )
        try:
            parsed["reference"] = clean_line(values.get("reference"), MAX_REFERENCE)
        except FieldProblem as problem:
            problems["reference"] = problem
        messages = self.env["crm.lead"]
        errors = {
            name: messages._get_portal_message(problem)
            for name, problem in problems.items()
            if problem.code not in self._get_proof_messages()
        }
        own = self._get_proof_messages()
        errors |= {
            name: own[problem.code]
            for name, problem in problems.items()
            if problem.code in own
        }
        if errors:
            return {}, errors
        name, content = parsed.pop("files")
        kind = parsed.pop("type")
        if self._is_handed_in(kind, parsed["exam_date"]):
            return {}, {"exam_date": own["proof_twice"]}
        parsed |= {
            "type_id": kind.id,
            "document": base64.b64encode(content),
            "document_name": name,
        }
        return parsed, {}

    @api.model
    def _parse_proof_type(self, text):
        number = read_id(text or "")
        kinds = self._get_portal_proof_types()
        return kinds.filtered(lambda kind: kind.id == number)

    @api.model
    def _parse_exam_date(self, text, today):
        try:
            day = parse_day(text or "", today)
        except FieldProblem as problem:
            # the same text is sent for days to come, which it speaks of
            is_old = problem.code == "date_far" and text.strip() < str(today)
            raise FieldProblem("proof_old") if is_old else problem from None
        if day and day > today:
            raise FieldProblem("proof_future")
        return day

    @api.model
    def _parse_proof_file(self, uploads):
        """Return ``(name, content)`` of the one file."""
        if not uploads:
            return None
        if len(uploads) > 1:
            raise FieldProblem("proof_one")
        [upload] = uploads
        check_upload(upload)
        if documents.find_paper_problem(upload.content):
            raise FieldProblem("proof_type")
        return documents.name_paper(upload.name, upload.content, "proof"), (
            upload.content
        )

    @api.model
    def _is_handed_in(self, kind, day):
        """Return whether there is a proof of the exam; the database has the last word.

        :param kind: ``partner.certification.type``
        :param date day: of the exam
        """
        # sudo: the person's own
        return bool(
            self.sudo().search_count(
                self._get_portal_proof_domain()
                & Domain("type_id", "=", kind.id)
                & Domain("exam_date", "=", day)
                & Domain("state", "not in", ("refused", "withdrawn")),
                limit=1,
            )
        )

    @api.model
    def _get_proof_messages(self):
        """Return the messages only this form has."""
        return {
            "proof_future": self.env._("This day is still to come."),
            "proof_old": self.env._("This exam was more than 10 years ago."),
            "proof_one": self.env._("One file only, please."),
            "proof_type": self.env._("Only a PDF, PNG or JPEG file can be a proof."),
            "proof_twice": self.env._(
                "You have handed in the proof of this exam already."
            ),
        }
