from odoo import fields, models
from odoo.exceptions import UserError

from .deal_registration_mixin import INTERNAL


class DealAutomaticMixin(models.AbstractModel):
    """Approves what a program lets through without people."""

    _name = "deal.automatic.mixin"
    _description = "Automatic Approval of a Registration"

    is_automatic = fields.Boolean(
        "Decided Automatically", readonly=True, copy=False, groups=INTERNAL
    )

    def _approve_automatically(self):
        """Approve what meets all of its program's limits; keep why.

        :return: the registrations approved
        """
        asking = self.filtered(lambda lead: lead.program_id.auto_approve)
        history = asking.membership_id._measure_registration_history()
        done = self.browse()
        for lead in asking:
            evidence = lead._get_automatic_evidence(history[lead.membership_id.id])
            if evidence:
                done |= lead._approve_alone(evidence)
        return done

    def _get_automatic_evidence(self, history):
        """Return why nobody need decide, empty when somebody has to.

        :param history: ``RegistrationHistory`` of the membership
        """
        self.ensure_one()
        program = self.program_id
        amount = self._get_program_amount()
        grades = program.auto_grade_ids
        grade = self.membership_id.grade_id
        passed = (
            0 < amount <= program.auto_amount_max,
            not grades or grade in grades,
            history.won >= program.auto_min_won,
            history.won_rate * 100 >= program.auto_min_won_rate,
            not self.has_conflict,
            not any(self.evidence_ids.mapped("is_failing")),
        )
        if not all(passed):
            return ""
        return self.env._(
            "Amount %(amount)s up to %(most)s; tier %(tier)s; %(won)d won of %(ended)d "
            "ended in 12 months; no conflict, all checks met.",
            amount=program.currency_id.format(amount),
            most=program.currency_id.format(program.auto_amount_max),
            tier=grade.name,
            won=history.won,
            ended=history.ended,
        )

    def _approve_alone(self, evidence):
        """Approve one registration without people."""
        try:
            with self.env.cr.savepoint():
                self._stop_approval_steps()
                self._set_protected({"is_automatic": True})
                self._approve_registration()
        except UserError:
            # held by somebody meanwhile: people decide
            return self.browse()
        # sudo: evidence is nobody's to write
        self.env["partner.registration.evidence"].sudo().create(
            {
                "lead_id": self.id,
                "code": "automatic",
                "facts": evidence,
                "date": fields.Datetime.now(),
            }
        )
        self._message_log(
            body=self.env._("Approved automatically: %(facts)s", facts=evidence)
        )
        return self
