from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.deal.deal_registration_mixin import REASONS


class CrmLeadRegistrationDecide(models.TransientModel):
    """Approve, return or reject registrations, each on its own."""

    _name = "crm.lead.registration.decide"
    _description = "Decide Registrations"

    lead_ids = fields.Many2many(
        "crm.lead",
        string="Registrations",
        required=True,
        default=lambda self: self._default_lead_ids(),
    )
    decision = fields.Selection(
        [
            ("approve", "Approve"),
            ("return", "Return to the partner"),
            ("reject", "Reject"),
        ],
        required=True,
        default="return",
    )
    reason = fields.Selection(REASONS)
    remark = fields.Text(help="The partner reads this.")
    field_ids = fields.One2many(
        "crm.lead.registration.decide.field",
        "wizard_id",
        "Fields to Correct",
        help="Only these are open for the partner; none: all of the form.",
    )
    evidence_ids = fields.Many2many(
        "partner.registration.evidence",
        string="Checks Not Met",
        compute="_compute_evidence_ids",
    )
    is_unchecked = fields.Boolean(
        compute="_compute_evidence_ids",
        help="Some checks are made only when the decision is taken.",
    )
    outcome = fields.Text("Not Done", readonly=True)

    @api.model
    def _default_lead_ids(self):
        if self.env.context.get("active_model") != "crm.lead":
            return self.env["crm.lead"]
        return self.env["crm.lead"].browse(self.env.context.get("active_ids", []))

    @api.depends("lead_ids")
    def _compute_evidence_ids(self):
        for wizard in self:
            found = wizard.lead_ids.evidence_ids
            wizard.evidence_ids = found.filtered("is_failing")
            wizard.is_unchecked = any(
                lead.registration_state == "submitted" and not lead.date_evaluated
                for lead in wizard.lead_ids
            )

    def action_apply(self):
        """Carry out the decision on each registration.

        One that cannot be decided does not stop the others.

        :return: closes the window, or opens it again with what was not done
        :raise UserError: what is wrong, when there is one registration only
        """
        self.ensure_one()
        if len(self.lead_ids) == 1:
            self._decide(self.lead_ids)
            return {"type": "ir.actions.act_window_close"}
        failed = [text for text in map(self._try_to_decide, self.lead_ids) if text]
        if not failed:
            return {"type": "ir.actions.act_window_close"}
        self.outcome = "\n".join(failed)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Not All Were Decided"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _try_to_decide(self, lead):
        """Decide one of several; return why it could not be, or nothing."""
        try:
            with self.env.cr.savepoint():
                self._decide(lead)
        except UserError as error:
            return f"{lead.sudo().display_name}: {error}"
        return ""

    def _decide(self, lead):
        if self.decision == "approve":
            lead.action_registration_approve()
            return
        lead._check_may_decide()
        # sudo: who may decide was checked; an approver need not own the partner
        lead = lead.sudo()
        if self.decision == "reject":
            lead._reject_registration(self.reason, self.remark)
        elif lead._return_registration(self.remark):
            lead._set_corrections({f.field_id.id: f.remark for f in self.field_ids})
