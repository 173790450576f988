from odoo import api, fields, models
from odoo.exceptions import UserError


class PartnerApplicationDecide(models.TransientModel):
    """Accept or decline an application, or ask the applicant something."""

    _name = "partner.application.decide"
    _description = "Decide an Application"

    application_id = fields.Many2one(
        "partner.application", required=True, ondelete="cascade"
    )
    decision = fields.Selection(
        [("accept", "Accept"), ("question", "Ask"), ("decline", "Decline")],
        required=True,
    )
    candidate_ids = fields.Many2many(related="application_id.candidate_ids")
    company_choice = fields.Selection(
        [("new", "Create a new contact"), ("known", "It is a company we know")],
        "Company",
        compute="_compute_company",
        store=True,
        readonly=False,
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Known Company",
        domain="[('is_company', '=', True), ('parent_id', '=', False)]",
        compute="_compute_company",
        store=True,
        readonly=False,
    )
    reason_id = fields.Many2one("partner.application.reason")
    note = fields.Text(help="The applicant reads this.")

    @api.depends("application_id")
    def _compute_company(self):
        for wizard in self:
            application = wizard.application_id
            known = application.partner_id or application.candidate_ids
            wizard.company_choice = "known" if known else "new"
            # of several only a person can tell which it is
            wizard.partner_id = known if len(known) == 1 else False

    def action_apply(self):
        """Do what was decided."""
        self.ensure_one()
        application = self.application_id
        if self.decision == "question":
            application._ask_applicant(self.note)
        elif self.decision == "decline":
            if not self.reason_id:
                raise UserError(
                    self.env._("Choose why: the applicant reads the reason's text.")
                )
            application._decline(self.reason_id, self.note)
        else:
            application._accept(self._get_company())
        return {"type": "ir.actions.act_window_close"}

    def _get_company(self):
        """Return the company chosen, none for a new one."""
        if self.company_choice == "new":
            return self.env["res.partner"]
        if not self.partner_id:
            raise UserError(self.env._("Choose the company the applicant belongs to."))
        return self.partner_id
