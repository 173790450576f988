from odoo import api, fields, models
from odoo.exceptions import UserError

from ..program.partner_program_eligibility import SECRET_CODES
from .deal_registration_mixin import INTERNAL

_BATCH = 200


class DealEligibilityMixin(models.AbstractModel):
    """Runs the checks of a program and keeps what they found."""

    _name = "deal.eligibility.mixin"
    _description = "Eligibility of a Registration"

    evidence_ids = fields.One2many(
        "partner.registration.evidence",
        "lead_id",
        "Eligibility",
        readonly=True,
        groups=INTERNAL,
    )
    date_evaluated = fields.Datetime(
        readonly=True, copy=False, groups=INTERNAL, help="When the checks were made."
    )

    _evaluation_idx = models.Index(
        "(id) WHERE registration_state = 'submitted' AND date_evaluated IS NULL"
    )

    def _run_checks(self, rules):
        """Make some checks of registrations of one program.

        :param rules: ``partner.program.eligibility``
        :return: list of ``(rule, {lead_id: facts})``, failing leads only
        """
        return [(r, getattr(self, f"_check_eligibility_{r.code}")(r)) for r in rules]

    def _check_eligibility_on_submission(self):
        """Refuse what the partner can know itself is not taken.

        What only the vendor knows is never looked at here: neither the answer nor
        its time may tell of it.

        :raise UserError: naming the deal and the reasons, nothing else
        """
        labels = dict(
            self._fields["registration_reason"]._description_selection(self.env)
        )
        # sudo: rules hold for whoever submits
        for program, leads in self.sudo().grouped("program_id").items():
            rules = program.eligibility_ids.filtered(
                lambda rule: rule.policy == "refuse" and rule.code not in SECRET_CODES
            )
            found = leads._run_checks(rules)
            for lead in leads:
                reasons = [labels[r.code] for r, failing in found if lead.id in failing]
                if reasons:
                    raise UserError(
                        self.env._(
                            "“%(deal)s” cannot be registered: %(reasons)s.",
                            deal=lead.display_name,
                            reasons=", ".join(reasons),
                        )
                    )

    def _evaluate_missing(self):
        """Make the checks now for what the job has not come to yet."""
        # sudo: evidence is nobody's to write
        self.sudo().filtered(
            lambda lead: (
                lead.registration_state == "submitted" and not lead.date_evaluated
            )
        )._write_evidence()

    def _write_evidence(self):
        """Make all checks and keep the findings, in place of earlier ones.

        :return: ``{lead: code}`` of those to be rejected
        """
        now, vals_list, refused = fields.Datetime.now(), [], {}
        # sudo: evidence is nobody's to write
        Evidence = self.env["partner.registration.evidence"].sudo()
        Evidence.search([("lead_id", "in", self.ids)]).unlink()
        for program, leads in self.grouped("program_id").items():
            rules = program.eligibility_ids.filtered(lambda r: r.policy != "off")
            for rule, failing in leads._run_checks(rules):
                for lead in leads:
                    is_failing = lead.id in failing
                    if is_failing and rule.policy == "refuse":
                        refused.setdefault(lead, rule.code)
                    vals_list.append(
                        {
                            "lead_id": lead.id,
                            "code": rule.code,
                            "policy": rule.policy,
                            "is_failing": is_failing,
                            "facts": failing.get(lead.id, ""),
                            "date": now,
                        }
                    )
        Evidence.create(vals_list)
        self._set_protected({"date_evaluated": now})
        return refused

    def _evaluate_registrations(self):
        """Check submitted registrations; reject or approve what needs nobody."""
        refused = self._write_evidence()
        for lead, code in refused.items():
            lead._reject_registration(code)
        (self - self.browse([lead.id for lead in refused]))._approve_automatically()

    @api.model
    def _cron_evaluate_registrations(self):
        """Evaluate what was submitted since, in restartable batches."""
        self._run_batches(
            [("registration_state", "=", "submitted"), ("date_evaluated", "=", False)],
            _BATCH,
            lambda leads: leads._evaluate_registrations(),
        )
