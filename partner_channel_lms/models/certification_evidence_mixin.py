from odoo import api, fields, models

from ..tools import validity
from ..tools.xapi_evidence import get_proof_days
from .learning_process_mixin import EVIDENCE


class CertificationEvidenceMixin(models.AbstractModel):
    """Certificates earned in learning systems outside Odoo.

    One for each person, course, certification and day (UTC) of proof: the same fact
    told twice, under new ids as replays do, is one certificate.
    """

    _name = "certification.evidence.mixin"
    _description = "Certification: Proof From Outside"

    lms_course_id = fields.Many2one(
        "lms.course",
        "Learning System's Course",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
    )
    evidence_date = fields.Date(
        "Day of Proof",
        readonly=True,
        groups="base.group_user",
        help="In UTC; empty once the learning system has taken it back.",
    )
    evidence_key = fields.Char(readonly=True, copy=False, groups="base.group_user")

    _evidence_uniq = models.Constraint(
        "UNIQUE (evidence_key)", "This proof already earned a certificate."
    )

    @api.model
    def _issue_from_statements(self, pairs):
        """Issue what people proved outside, and take back what was voided.

        Everything known about a person and a course is read again, so it may run any
        number of times and in any order. A revoked certificate is not issued again.

        :param set pairs: ``(person id, lms.course id)``
        :return: the certificates issued now
        """
        if not pairs:
            return self.browse()
        evidence, moments = self._get_evidence(pairs)
        held = self._get_held(pairs)
        # one prefetch for all: what follows asks the database no more
        courses = self.env["lms.course"].browse({course for _person, course in pairs})
        # sudo: contacts of any partner; whoever runs it
        people_sudo = (
            self.env["res.partner"].sudo().browse({person for person, _ in pairs})
        )
        by_id = {record.id: record for record in people_sudo}
        course_by_id = {record.id: record for record in courses}
        vals_list = []
        for pair in sorted(pairs):
            course = course_by_id[pair[1]]
            facts = evidence.get(pair, [])
            days = get_proof_days(facts, course.move_on) if course.type_id else {}
            vals_list += [
                self._prepare_outside(
                    by_id[pair[0]], course, day, moments[pair, day], score
                )
                for day, score in sorted(days.items())
                if (*pair, course.type_id.id, day) not in held
            ]
        self._get_lost(pairs, evidence, held)._withdraw()
        # sudo: nobody may write certificates; the evidence was judged on arrival
        return self.browse(self._get_issuer().create(vals_list).ids)

    @api.model
    def _get_lost(self, pairs, evidence, held):
        """Return the certificates nothing proves any more."""
        proved = {
            (*pair, day) for pair, facts in evidence.items() for _, day, _ in facts
        }
        lost = [
            record.id
            for (person, course, _kind, day), record in held.items()
            if (person, course) in pairs and (person, course, day) not in proved
        ]
        return self._get_issuer().browse(lost)

    @api.model
    def _get_evidence(self, pairs):
        """Return all there is about people and courses, told once for each day.

        :return: ``{pair: [(kind, day, best score)]}`` and
            ``{(pair, day): first moment}``
        """
        # sudo: of every partner, whoever runs it. A day of proof is one of UTC.
        statements_sudo = self.env["lms.statement"].sudo().with_context(tz="UTC")
        groups = statements_sudo._read_group(
            [
                ("partner_id", "in", list({person for person, _course in pairs})),
                ("course_id", "in", list({course for _person, course in pairs})),
                ("state", "in", ("matched", "ignored")),
                ("kind", "in", EVIDENCE),
            ],
            ["partner_id", "course_id", "kind", "timestamp:day"],
            ["timestamp:min", "score:max"],
        )
        evidence, moments = {}, {}
        for person, course, kind, start, first, score in groups:
            pair, day = (person.id, course.id), start.date()
            evidence.setdefault(pair, []).append((kind, day, score))
            moments[pair, day] = min(first, moments.get((pair, day), first))
        return evidence, moments

    @api.model
    def _get_held(self, pairs):
        """Return ``{(person id, course id, type id, day): certificate}``."""
        names = ("partner_id", "lms_course_id", "type_id", "evidence_date")
        certificates = self._get_issuer().search_fetch(
            [
                ("partner_id", "in", list({person for person, _course in pairs})),
                ("lms_course_id", "in", list({course for _person, course in pairs})),
                ("evidence_date", "!=", False),
            ],
            names,
        )
        return {
            (
                record.partner_id.id,
                record.lms_course_id.id,
                record.type_id.id,
                record.evidence_date,
            ): record
            for record in certificates
        }

    @api.model
    def _prepare_outside(self, person, course, day, moment, score):
        """Return the values of a certificate earned outside; facts are copied."""
        issued = self._get_local_day(moment, person.tz)
        kind = course.type_id
        return {
            "partner_id": person.id,
            "issued_company_partner_id": person.commercial_partner_id.id,
            "type_id": kind.id,
            "lms_course_id": course.id,
            "evidence_date": day,
            "evidence_key": f"{course.id}/{kind.id}/{person.id}/{day}",
            "score": score,
            "date_issued": issued,
            "date_expiry": validity.last_valid_day(issued, kind.validity_months),
        }

    def _withdraw(self):
        """Revoke certificates whose proof the learning system has taken back.

        Unlike one a trainer revoked, it can be earned again by the same day's proof.
        """
        if not self:
            return
        self.filtered(lambda record: not record.revoked)._revoke(
            self.env._("The learning system has taken back the proof.")
        )
        self.write({"evidence_date": False, "evidence_key": False})
