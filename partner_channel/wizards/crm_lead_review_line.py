from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class CrmLeadReviewLine(models.TransientModel):
    """One record beside the registration, to be judged by a person."""

    _name = "crm.lead.review.line"
    _description = "Record Beside a Registration"
    _rec_name = "name"

    review_id = fields.Many2one(
        "crm.lead.review", required=True, readonly=True, ondelete="cascade"
    )
    lead_id = fields.Many2one(related="review_id.lead_id")
    registration_state = fields.Selection(related="lead_id.registration_state")
    kind = fields.Selection(
        [
            ("conflict", "Claimed by another partner"),
            ("customer", "Known to you"),
            ("similar", "Similar name"),
        ],
        required=True,
        readonly=True,
    )
    model = fields.Char(required=True, readonly=True)
    res_id = fields.Integer(required=True, readonly=True)
    name = fields.Char(required=True, readonly=True)
    score = fields.Integer(readonly=True, help="How alike, from 0 to 100.")
    reasons = fields.Char(readonly=True)
    # rendered by our own template, which escapes what people typed
    comparison = fields.Html(readonly=True, sanitize=False)
    reason = fields.Text(
        "Why are they different?", help="Kept with your name and the day."
    )

    def write(self, vals):
        # what the page compares is the code's, who judges writes why
        if not self.env.su and vals.keys() - {"reason"}:
            raise AccessError(self.env._("Only the reason can be written here."))
        return super().write(vals)

    def action_open(self):
        """Open the record, with the rights of whoever looks."""
        self.ensure_one()
        # sudo: only which page shows the record, which opens by the person's rights
        is_registration = (
            self.model == "crm.lead"
            and self.env["crm.lead"].browse(self.res_id).sudo().registration_state
        )
        view = is_registration and "partner_channel.crm_lead_registration_view_form"
        return {
            "type": "ir.actions.act_window",
            "res_model": self.model,
            "res_id": self.res_id,
            "views": [(self.env.ref(view).id if view else False, "form")],
            "target": "current",
        }

    def action_same(self):
        """Reject the registration: its customer is this one."""
        self.ensure_one()
        self.lead_id._check_may_decide()
        # sudo: a rival's deal need not be the person's to see
        is_rival = self.kind == "conflict" or (
            self.env["crm.lead"].browse(self.res_id).sudo().registration_state
            if self.model == "crm.lead"
            else False
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partner_channel.crm_lead_registration_reject_action"
        )
        return {
            **action,
            "context": {
                "default_decision": "reject",
                "default_reason": "conflict" if is_rival else "customer",
                "default_lead_ids": self.lead_id.ids,
            },
        }

    def action_different(self):
        """Ask why the record is another company."""
        self.ensure_one()
        self.lead_id._check_may_decide()
        view = self.env.ref("partner_channel.crm_lead_review_line_view_form")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Different Company"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(view.id, "form")],
            "target": "new",
        }

    def action_judge_different(self):
        """Remember that the record is another company, and hide it from now on."""
        self.ensure_one()
        self.lead_id._check_may_decide()
        reason = (self.reason or "").strip()
        if not reason:
            raise UserError(
                self.env._("Say why they are different: others rely on your word.")
            )
        self.env["partner.deal.verdict"]._judge_different(
            self.lead_id, self.model, self.res_id, self.name, reason
        )
        # sudo: the page is the code's, which takes away what was judged
        self.sudo().unlink()
        return {"type": "ir.actions.act_window_close"}
