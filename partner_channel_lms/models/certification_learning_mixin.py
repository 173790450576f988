from odoo import api, fields, models

from ..tools.learning import Proof, Revoked


class CertificationLearningMixin(models.AbstractModel):
    """Certificates finish steps of learning paths as soon as they are issued."""

    _name = "certification.learning.mixin"
    _description = "Certification: Learning Paths"

    channel_manager_id = fields.Many2one(
        "res.users",
        compute="_compute_channel_manager_id",
        groups="base.group_user",
        help="Looks after the partner the person works for now.",
    )

    def _compute_channel_manager_id(self):
        """Take the manager of the partner's primary membership, else of any."""
        # sudo: trainers read no memberships, only whom to ask
        members = self.env["partner.membership"].sudo()
        found = members.search(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("state", "in", ("active", "suspended")),
                ("manager_id", "!=", False),
            ],
            order="is_primary DESC, id",
        )
        managers = {}
        for member in found:
            managers.setdefault(member.partner_id.id, member.manager_id)
        for record in self:
            record.channel_manager_id = managers.get(record.commercial_partner_id.id)

    @api.model_create_multi
    def create(self, vals_list):
        certificates = super().create(vals_list)
        # sudo: what a certificate finishes is finished, whoever it was issued by
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

    @api.model
    def _get_revoked(self, people, types):
        """Return what was taken back: ``{person id: {type id: Revoked}}``, the newest.

        :param people: contacts
        :param types: ``partner.certification.type``
        """
        if not people or not types:
            return {}
        # sudo: who is enrolled follows from it, whoever gave the occasion
        found = self.sudo().search_fetch(
            [
                ("partner_id", "in", people.ids),
                ("type_id", "in", types.ids),
                ("revoked", "=", True),
            ],
            ["partner_id", "type_id", "date_issued", "date_revoked"],
            order="date_issued, id",
        )
        result = {}
        for record in found:
            by_type = result.setdefault(record.partner_id.id, {})
            by_type[record.type_id.id] = Revoked(
                record.date_issued, record.date_revoked
            )
        return result

    def _learn_again(self):
        """Enrol the holders on the automatic paths that renew the certificates.

        For automation rules that do not wait for the renewal window; who is on a path
        is passed over.

        :return: the enrolments made now, in sudo
        """
        # sudo: the rule of the path decides, whoever gave the occasion
        own = self.sudo().filtered("date_expiry")
        members = self.env["partner.membership"].sudo()
        members = members.search(
            [
                ("partner_id", "in", own.commercial_partner_id.ids),
                ("state", "=", "active"),
            ]
        )
        enrolled = self.env["learning.enrolment"].sudo()
        for day, records in own.grouped("date_expiry").items():
            enrolled |= self.env["learning.path"]._enrol_by_rule(
                members, people=records.partner_id, beyond=day
            )
        return enrolled
