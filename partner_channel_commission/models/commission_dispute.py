from odoo import api, fields, models
from odoo.exceptions import UserError

from .commission_dispute_flow_mixin import UNSETTLED


class PartnerCommissionDispute(models.Model):
    """A partner's objection to one line of a statement.

    The statement stays as it was sent. What comes of a dispute is an answer, a
    refusal, or an adjustment: an entry of its own in the next statement. Until it is
    settled, what the line would pay is left out of the bill.
    """

    _name = "partner.commission.dispute"
    _description = "Commission Dispute"
    _inherit = [
        "commission.dispute.flow.mixin",
        "commission.dispute.bill.mixin",
        "channel.job.mixin",
        "channel.state.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date_opened desc, id desc"
    _state_fields = (
        "state",
        "statement_id",
        "entry_id",
        "membership_id",
        "partner_id",
        "company_id",
        "currency_id",
        "amount",
        "comment",
        "answer",
        "opened_by_id",
        "date_opened",
        "date_deadline",
        "date_escalated",
        "settled_by_id",
        "date_settled",
        "is_held",
        "bill_id",
    )

    statement_id = fields.Many2one(
        "partner.commission.statement",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    entry_id = fields.Many2one(
        "partner.commission.entry",
        "Disputed Line",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    membership_id = fields.Many2one(
        "partner.membership",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        "res.partner", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    manager_id = fields.Many2one(related="membership_id.manager_id")
    currency_id = fields.Many2one(
        "res.currency", required=True, readonly=True, ondelete="restrict"
    )
    amount = fields.Monetary(readonly=True, help="As stated.")
    comment = fields.Text(
        "Partner's Comment", required=True, readonly=True, tracking=True
    )
    answer = fields.Text(readonly=True, tracking=True, help="The partner reads it.")
    answer_draft = fields.Text(
        "Your Answer", help="The partner reads it once you have decided."
    )
    correction = fields.Monetary(
        help="What is to be added to the line, or taken from it when below zero."
    )
    state = fields.Selection(
        [
            ("open", "Open"),
            ("answered", "Answered"),
            ("adjusted", "Adjusted"),
            ("refused", "Refused"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        default="open",
        copy=False,
        index=True,
        tracking=True,
    )
    opened_by_id = fields.Many2one("res.users", readonly=True)
    date_opened = fields.Date("Opened On", required=True, readonly=True)
    date_deadline = fields.Date(
        "Answer Due",
        readonly=True,
        help="Until then the vendor answers, or the partner objects.",
    )
    date_escalated = fields.Date(
        readonly=True, help="When the team's leader was told that it is overdue."
    )
    settled_by_id = fields.Many2one("res.users", readonly=True)
    date_settled = fields.Date(readonly=True)
    is_overdue = fields.Boolean(compute="_compute_is_overdue")
    adjustment_ids = fields.One2many(
        "partner.commission.adjustment", "dispute_id", "Adjustments", readonly=True
    )
    has_pending_adjustment = fields.Boolean(compute="_compute_has_pending_adjustment")
    is_held = fields.Boolean(
        "Left Out of the Bill",
        readonly=True,
        help="The line was in dispute when the statement was billed; it is paid by a "
        "bill of its own.",
    )
    bill_id = fields.Many2one(
        "account.move",
        "Bill of the Line",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    _entry_uniq = models.UniqueIndex(
        "(entry_id) WHERE state <> 'withdrawn'",
        "This line is in dispute already, or has been decided on.",
    )
    _bill_held = models.Constraint(
        "CHECK (bill_id IS NULL OR is_held)",
        "A line that was billed with its statement has no other bill.",
    )

    @api.depends("entry_id.label", "partner_id.name")
    def _compute_display_name(self):
        for dispute in self:
            # sudo: the line in dispute names it, for whoever may see the dispute
            line = dispute.sudo().entry_id
            name = line.move_id.name or line.label or ""
            dispute.display_name = f"{dispute.partner_id.name or ''}: {name}"

    def _compute_is_overdue(self):
        for dispute in self:
            dispute.is_overdue = bool(
                dispute.state in UNSETTLED
                and dispute.date_deadline
                and dispute.date_deadline < dispute.company_id._get_channel_today()
            )

    @api.depends("adjustment_ids.state")
    def _compute_has_pending_adjustment(self):
        for dispute in self:
            states = dispute.adjustment_ids.mapped("state")
            dispute.has_pending_adjustment = "requested" in states

    def write(self, vals):
        if {"answer_draft", "correction"} & vals.keys():
            done = self.filtered(lambda each: each.state not in UNSETTLED)[:1]
            if done:
                raise UserError(
                    self.env._(
                        "“%(dispute)s” is settled and stays as it is.",
                        dispute=done.display_name,
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Disputes are kept; settle them instead."))
