from odoo import api, fields, models


class PartnerMembershipHold(models.TransientModel):
    """Keep tiers as they are, or give one by hand, up to a day."""

    _name = "partner.membership.hold"
    _description = "Hold a Tier"

    membership_ids = fields.Many2many(
        "partner.membership",
        string="Partners",
        required=True,
        default=lambda self: self._default_membership_ids(),
    )
    program_id = fields.Many2one(
        "partner.program",
        compute="_compute_program_id",
        export_string_translation=False,
    )
    kind = fields.Selection(
        [("freeze", "Keep the present tier"), ("override", "Give another tier")],
        "What",
        required=True,
        default="freeze",
    )
    grade_id = fields.Many2one(
        "res.partner.grade", "Tier", domain="[('program_id', '=', program_id)]"
    )
    date_until = fields.Date("Until", required=True, help="Last day, inclusive.")
    reason = fields.Char(required=True)

    @api.model
    def _default_membership_ids(self):
        memberships = self.env["partner.membership"]
        if self.env.context.get("active_model") != memberships._name:
            return memberships
        return memberships.browse(self.env.context.get("active_ids", []))

    @api.depends("membership_ids")
    def _compute_program_id(self):
        for wizard in self:
            programs = wizard.membership_ids.program_id
            wizard.program_id = programs if len(programs) == 1 else False

    def action_apply(self):
        """Hold the tiers."""
        self.ensure_one()
        self.membership_ids._check_may_hold()
        grade = self.grade_id if self.kind == "override" else None
        self.membership_ids._hold_tier(self.date_until, self.reason, grade)
        return {"type": "ir.actions.act_window_close"}
