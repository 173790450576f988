from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext


class DealSubmissionMixin(models.AbstractModel):
    """What a registration must have to be submitted, by its program's rules."""

    _name = "deal.submission.mixin"
    _description = "Submission of a Registration"

    is_public_tender = fields.Boolean(
        "Public Tender", copy=False, help="The customer buys by public tender."
    )
    correction_ids = fields.One2many(
        "partner.registration.correction",
        "lead_id",
        "To Correct",
        readonly=True,
        copy=False,
        groups="sales_team.group_sale_salesman",
    )

    def _check_submission(self):
        """Refuse registrations their program does not take.

        :raise UserError: naming the deal, what is wrong, and what to do
        """
        for lead in self:
            lead._check_required_fields()
        self._check_resubmissions()
        self._check_rejections()
        self._check_eligibility_on_submission()

    # === REQUIRED FIELDS === #

    def _get_missing_fields(self):
        """Return the fields the program asks for and the registration lacks.

        :return: ``partner.registration.field`` in sudo
        """
        self.ensure_one()
        # sudo: rules of the program hold for whoever submits
        required = self.sudo().program_id.required_field_ids
        return required.filtered(lambda f: not self._has_content(f.technical_name))

    def _has_content(self, name):
        """Return whether a field says something."""
        value = self[name]
        if self._fields[name].type == "html":
            return bool(html2plaintext(value or "").strip())
        return bool(value.strip() if isinstance(value, str) else value)

    def _check_required_fields(self):
        missing = self._get_missing_fields()
        if missing:
            raise UserError(
                self.env._(
                    "“%(deal)s” cannot be submitted yet, please fill in: %(fields)s.",
                    deal=self.display_name,
                    fields=", ".join(missing.mapped("name")),
                )
            )

    # === HOW OFTEN === #

    def _check_resubmissions(self):
        """Refuse what was returned more often than the program allows."""
        # sudo: rules of the program hold for whoever submits
        limited = self.sudo().filtered(
            lambda lead: (
                lead.registration_state == "returned"
                and lead.program_id.limit_after_return
            )
        )
        if not limited:
            return
        # sudo: the log is the vendor's, only the number counts
        returns = dict(
            self.env["partner.registration.log"]
            .sudo()
            ._read_group(
                [("lead_id", "in", limited.ids), ("event", "=", "returned")],
                ["lead_id"],
                ["__count"],
            )
        )
        for lead in limited:
            most = lead.program_id.max_after_return
            if returns.get(lead, 0) > most:
                raise UserError(
                    self.env._(
                        "“%(deal)s” was returned and may be submitted again %(most)d "
                        "times at most. Ask your channel manager.",
                        deal=lead.display_name,
                        most=most,
                    )
                )

    def _check_rejections(self):
        """Refuse to ask once more for a customer the partner was refused."""
        # sudo: rules of the program hold for whoever submits
        limited = self.sudo().filtered("program_id.limit_after_rejection")
        rejected = limited._count_rejected_before()
        for lead in limited:
            most = lead.program_id.max_after_rejection
            if rejected[lead.id] > most:
                raise UserError(
                    self.env._(
                        "“%(deal)s”: a registration of this customer was rejected, and "
                        "it may be registered again %(most)d times at most. Ask your "
                        "channel manager.",
                        deal=lead.display_name,
                        most=most,
                    )
                )

    def _count_rejected_before(self):
        """Return how many registrations of each customer the partner was refused.

        :return: ``{lead_id: number}``
        """
        # sudo: claims are the vendor's, only the number of one's own counts
        Claim = self.env["partner.deal.claim"].sudo()
        keys = {
            lead.id: set(Claim._get_claim_keys(lead._get_claim_values()))
            for lead in self
        }
        values = {value for found in keys.values() for _kind, value in found}
        claims = Claim.search(
            [
                ("lead_id.membership_id", "in", self.membership_id.ids),
                ("lead_id.registration_state", "=", "rejected"),
                ("value", "in", list(values)),
            ]
        )
        return {
            lead.id: len(
                claims.filtered(
                    lambda claim, lead=lead: (
                        (claim.kind, claim.value) in keys[lead.id]
                        and claim.lead_id.membership_id == lead.membership_id
                    )
                ).lead_id
                - lead
            )
            for lead in self
        }

    # === CORRECTIONS === #

    def _set_corrections(self, corrections):
        """Name the fields the partner is to correct; those of before are gone.

        :param dict corrections: id of ``partner.registration.field`` → remark
        """
        # sudo: nobody writes corrections by hand; who decides was checked
        Correction = self.env["partner.registration.correction"].sudo()
        Correction.search([("lead_id", "in", self.ids)]).unlink()
        Correction.create(
            [
                {"lead_id": lead.id, "field_id": field_id, "remark": remark}
                for lead in self
                for field_id, remark in corrections.items()
            ]
        )

    def _get_open_fields(self):
        """Return the names of the fields the partner may change now.

        :return: set of names; ``None`` when all of the form are open
        """
        self.ensure_one()
        if self.registration_state != "returned":
            return None
        # sudo: the partner reads what it is to correct
        named = self.sudo().correction_ids.field_id
        if not named:
            return None
        # what the program asks for since would keep the partner from submitting
        return set((named | self._get_missing_fields()).mapped("technical_name"))
