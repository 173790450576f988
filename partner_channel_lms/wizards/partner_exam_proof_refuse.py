from odoo import fields, models


class PartnerExamProofRefuse(models.TransientModel):
    _name = "partner.exam.proof.refuse"
    _description = "Refuse Proofs of Exams"

    proof_ids = fields.Many2many("partner.exam.proof", string="Proofs", required=True)
    reason = fields.Text(required=True, help="The person gets it by e-mail.")

    def action_confirm(self):
        """Refuse the chosen proofs."""
        self.ensure_one()
        self.proof_ids._refuse(self.reason)
        return {"type": "ir.actions.act_window_close"}
