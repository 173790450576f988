from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import mute_logger

from ..tools import sums

_BATCH = 2_000
#: what the sums are worked out from
_FACTS = (
    "partner_id",
    "issued_company_partner_id",
    "type_id",
    "date_issued",
    "date_expiry",
    "revoked",
    "sum_key",
)


class CertificationSumMixin(models.AbstractModel):
    """Certificates held by whoever holds all the components of a type.

    A sum is a fact as any other certificate: it is dated, keeps the certificates it is
    made of, and never changes. A renewed component makes another one. One whose
    component was revoked is revoked with it. What the type is the sum of later does not
    change the past.
    """

    _name = "certification.sum.mixin"
    _description = "Certification: Sum of Others"

    part_ids = fields.Many2many(
        "partner.certification",
        "partner_certification_part",
        "sum_id",
        "part_id",
        "Made Up Of",
        readonly=True,
    )
    sum_key = fields.Char(readonly=True, copy=False, groups="base.group_user")
    sum_due = fields.Boolean(
        "Sums to Be Looked At",
        default=True,
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="The nightly job has not looked yet what it makes together with others.",
    )

    _sum_uniq = models.Constraint(
        "UNIQUE (sum_key)", "These certificates already make this one."
    )
    _sum_due_idx = models.Index("(type_id) WHERE sum_due")

    @api.model_create_multi
    def create(self, vals_list):
        certificates = super().create(vals_list)
        certificates._follow_with_sums()
        return certificates

    def write(self, vals):
        result = super().write(vals)
        if "revoked" in vals:
            self._follow_with_sums()
        return result

    def _follow_with_sums(self):
        """Bring the sums up to date that these certificates are part of."""
        # sudo: sums follow from certificates, whoever earned or revoked them
        components = self.sudo().filtered("type_id.sum_ids")
        components._sync_sums(components.partner_id)

    @api.model
    def _sync_sums(self, people):
        """Revoke sums that lost a component, issue those that are due.

        It works out everything from what people hold, so it may run any number of times
        and in any order. Sums of sums follow by themselves.

        :param people: ``res.partner``
        :return: the certificates issued now
        """
        # sudo: nobody may write certificates
        kinds = self.env["partner.certification.type"].sudo()
        kinds = kinds.search([("component_ids", "!=", False)]) if people else kinds
        if not kinds:
            return self.browse()
        issuer = self._get_issuer()
        certificates = issuer.search_fetch(
            [
                ("partner_id", "in", people.ids),
                ("type_id", "in", (kinds | kinds.component_ids).ids),
            ],
            _FACTS,
            order="id",
        )
        certificates._revoke_broken_sums()
        by_person = certificates.grouped("partner_id")
        issued = issuer._create_sums(
            [
                vals
                for person, held in by_person.items()
                for kind in kinds
                for vals in held._prepare_sums(person, kind)
            ]
        )
        return self.browse(issued.ids)

    def _create_sums(self, vals_list):
        """Issue sums; those another transaction has issued meanwhile are there.

        Else who hands in two exams at once would be refused one of them.

        :param list vals_list: see :meth:`_prepare_sums`
        :return: the certificates issued now
        """
        if not vals_list:
            return self.browse()
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                return self.create(vals_list)
        except UniqueViolation:
            if len(vals_list) == 1:
                return self.browse()
        return self.browse().union(*(self._create_sums([one]) for one in vals_list))

    def _revoke_broken_sums(self):
        """Revoke sums one of whose components was revoked.

        Unlike one a trainer revoked, such a sum can be earned again.
        """
        broken = self.filtered(
            lambda record: (
                record.sum_key
                and not record.revoked
                and any(record.part_ids.mapped("revoked"))
            )
        )
        if not broken:
            return
        # first: revoking looks at sums of sums
        broken.write({"sum_key": False})
        # the key is free before another one takes it
        broken.flush_recordset(["sum_key"])
        broken._revoke(self.env._("A certificate it is made up of was revoked."))

    def _prepare_sums(self, person, kind):
        """Return the values of the certificates of a sum that are not there yet.

        :param person: ``res.partner``, all of whose certificates these are
        :param kind: ``partner.certification.type`` with components
        """
        known = {
            (record.date_issued, record.date_expiry or None)
            for record in self
            if record.sum_key and record.type_id == kind
        }
        components = kind.component_ids.ids
        held = [
            sums.Held(
                record.type_id.id,
                record.date_issued,
                record.date_expiry or None,
                record.id,
            )
            for record in self
            if not record.revoked and record.type_id.id in components
        ]
        return [
            {
                "partner_id": person.id,
                "issued_company_partner_id": (
                    self._get_issued_company(parts) or person.commercial_partner_id
                ).id,
                "type_id": kind.id,
                "part_ids": [fields.Command.set(parts)],
                "sum_key": f"{kind.id}/{person.id}/{first}/{last}",
                "date_issued": first,
                "date_expiry": last,
            }
            for first, last, parts in sums.work_out(components, held)
            if (first, last) not in known
        ]

    def _get_issued_company(self, part_ids):
        """Return for whom the person worked when the last component was earned.

        :param list part_ids: ids of the certificates a sum is made of
        :return: ``res.partner``; empty where that is not known
        """
        parts = self.browse(part_ids).sorted("date_issued")
        return parts[-1:].issued_company_partner_id

    # === AT NIGHT === #

    @api.model
    def _run_sums(self):
        """Look at night at what the day may have missed, in restartable batches.

        Two components earned in the same moment do not see each other, and who held all
        of them before there was the sum has earned nothing since.
        """
        kinds = self.env["partner.certification.type"].search(
            [("sum_ids", "!=", False)]
        )
        self._run_batches(
            Domain("sum_due", "=", True) & Domain("type_id", "in", kinds.ids),
            _BATCH,
            lambda batch: batch._look_at_sums(),
        )

    def _look_at_sums(self):
        """Sync the sums of these certificates' people, and note that it is done."""
        self._sync_sums(self.partner_id)
        self._get_issuer().write({"sum_due": False})
