from odoo import api, fields, models

from ..tools import validity


class CertificationExamMixin(models.AbstractModel):
    """Certificates earned by an exam elsewhere, whose proof a trainer verified."""

    _name = "certification.exam.mixin"
    _description = "Certification: Exam Elsewhere"

    proof_id = fields.Many2one(
        "partner.exam.proof",
        "Proof of an Exam",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
    )

    _proof_uniq = models.Constraint(
        "UNIQUE (proof_id)", "This proof already earned a certificate."
    )

    @api.model
    def _issue_from_proofs(self, proofs):
        """Issue the certificates of verified proofs; may run any number of times.

        :param proofs: ``partner.exam.proof`` records; others than verified ones are
            passed over
        :return: the certificates issued now
        """
        # sudo: nobody may write certificates; a trainer has judged the proof
        verified = proofs.sudo().filtered(lambda proof: proof.state == "verified")
        issuer = self._get_issuer()
        known = issuer.search([("proof_id", "in", verified.ids)]).proof_id
        issued = issuer.create(
            [self._prepare_from_proof(proof) for proof in verified - known]
        )
        return self.browse(issued.ids)

    @api.model
    def _prepare_from_proof(self, proof):
        """Return the values of a certificate; facts are copied.

        :param proof: verified ``partner.exam.proof`` (sudo)
        """
        kind, issued = proof.type_id, proof.exam_date
        return {
            "partner_id": proof.partner_id.id,
            "issued_company_partner_id": proof.partner_id.commercial_partner_id.id,
            "type_id": kind.id,
            "proof_id": proof.id,
            "date_issued": issued,
            "date_expiry": validity.last_valid_day(issued, kind.validity_months),
        }
