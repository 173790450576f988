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
        """Return what people hold and what was taken back, in one query.

        :param people: contacts
        :param types: ``partner.certification.type``
        :return: ``{(person id, type id): [Proof]}``, oldest first, and
            ``{(person id, type id): Revoked}``, the newest
        """
        proofs, revoked = {}, {}
        if not people or not types:
            return proofs, revoked
        # sudo: told as a state, and who is enrolled follows from it, whoever asks
        found = self.sudo().search_fetch(
            [("partner_id", "in", people.ids), ("type_id", "in", types.ids)],
            [
                *("partner_id", "type_id", "revoked", "date_revoked"),
                *("date_issued", "date_renewal", "date_expiry"),
            ],
            order="date_issued, id",
        )
        for record in found:
            key = (record.partner_id.id, record.type_id.id)
            if record.revoked:
                revoked[key] = Revoked(record.date_issued, record.date_revoked)
            else:
                proofs.setdefault(key, []).append(
                    Proof(
                        record.date_issued,
                        record.date_renewal or None,
                        record.date_expiry or None,
                    )
                )
        return proofs, revoked

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
