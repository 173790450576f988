from odoo import api, models

from ..tools.learning import Proof


class CertificationLearningMixin(models.AbstractModel):
    """Certificates finish steps of learning paths as soon as they are issued."""

    _name = "certification.learning.mixin"
    _description = "Certification: Learning Paths"

    @api.model_create_multi
    def create(self, vals_list):
        certificates = super().create(vals_list)
        enrolments = self.env["learning.enrolment"].sudo()
        enrolments.search(
            [
                ("partner_id", "in", certificates.partner_id.ids),
                ("path_id.type_ids", "in", certificates.type_id.ids),
                ("state", "in", enrolments._get_open()),
            ]
        )._review()
        return certificates

    @api.model
    def _get_proofs(self, people, types):
        """Return what people hold: ``{(person id, type id): [Proof]}``, oldest first.

        :param people: contacts
        :param types: ``partner.certification.type``
        """
        if not people or not types:
            return {}
        # sudo: told as a state, to whoever sees the enrolment
        found = self.sudo().search_fetch(
            [
                ("partner_id", "in", people.ids),
                ("type_id", "in", types.ids),
                ("revoked", "=", False),
            ],
            ["partner_id", "type_id", "date_issued", "date_renewal", "date_expiry"],
            order="date_issued, id",
        )
        result = {}
        for record in found:
            proof = Proof(
                record.date_issued,
                record.date_renewal or None,
                record.date_expiry or None,
            )
            key = (record.partner_id.id, record.type_id.id)
            result.setdefault(key, []).append(proof)
        return result
