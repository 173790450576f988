from odoo import fields, models

STEP_MOVES = {
    "asked": {"waiting"},
    "approved": {"asked"},
    "stopped": {"waiting", "asked"},
}
OPEN = ("waiting", "asked")


class PartnerApprovalStep(models.Model):
    """One approval of a registration; several come in turn."""

    _name = "partner.approval.step"
    _description = "Approval Step"
    _inherit = ["channel.state.mixin"]
    _order = "lead_id, sequence, id"
    _rec_name = "approver_id"
    _state_fields = (
        "lead_id",
        "sequence",
        "rule_id",
        "approver_id",
        "acting_id",
        "state",
        "decided_by_id",
        "date_decided",
    )

    lead_id = fields.Many2one(
        "crm.lead", "Registration", required=True, index=True, ondelete="cascade"
    )
    membership_id = fields.Many2one(
        related="lead_id.membership_id", store=True, index=True
    )
    company_id = fields.Many2one(related="lead_id.company_id", store=True)
    sequence = fields.Integer(required=True)
    rule_id = fields.Many2one("partner.approval.rule", ondelete="set null")
    approver_id = fields.Many2one("res.users", required=True, ondelete="restrict")
    acting_id = fields.Many2one(
        "res.users",
        "Asked",
        index="btree_not_null",
        ondelete="restrict",
        help="Who was asked: the approver, the substitute or the head of the program.",
    )
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("asked", "To Decide"),
            ("approved", "Approved"),
            ("stopped", "Not Needed"),
        ],
        required=True,
        default="waiting",
    )
    decided_by_id = fields.Many2one("res.users", "Approved By", ondelete="restrict")
    date_decided = fields.Datetime("Approved On")

    # two people at once, whatever code runs: one step is asked for at a time
    _asked_uniq = models.UniqueIndex(
        "(lead_id) WHERE state = 'asked'",
        "A registration is approved one step after the other.",
    )

    def _ask(self):
        """Turn to who has to decide these steps now."""
        Absence = self.env["partner.approval.absence"]
        for step in self:
            program = step.lead_id.program_id
            acting = Absence._get_stand_in(
                step.approver_id, program._get_today(), program.head_id
            )
            step._move_to("state", "asked", STEP_MOVES, acting_id=acting.id)
