from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# what an adjustment may become, and from where
_STATES = {
    "requested": {"draft"},
    "approved": {"requested"},
    "refused": {"requested"},
}
KINDS = [
    ("correction", "Correction"),
    ("goodwill", "Goodwill"),
    ("order_cancelled", "Order cancelled"),
    ("tracking", "Wrong attribution"),
    ("terms", "Terms violated"),
    ("fraud", "Fraud"),
    ("payment_failed", "Payment failed"),
    ("ineligible", "Partner not eligible"),
    ("write_off", "Balance written off"),
]
#: what was asked for: fixed once it was asked
CONTENT = {
    "membership_id",
    "currency_id",
    "amount",
    "kind",
    "reason",
    "entry_id",
    "dispute_id",
}


class PartnerCommissionAdjustment(models.Model):
    """An amount somebody asks to book by hand, and somebody else approves.

    The only way into the ledger without a document. Approved, it is an entry of its
    own in both books, with reason and approver; it is never edited after.
    """

    _name = "partner.commission.adjustment"
    _description = "Commission Adjustment"
    _inherit = [
        "commission.adjustment.booking.mixin",
        "commission.day.mixin",
        "channel.state.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _state_fields = (
        "partner_id",
        "company_id",
        "state",
        "requested_by_id",
        "date_requested",
        "decided_by_id",
        "date_decided",
    )

    membership_id = fields.Many2one(
        "partner.membership", required=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        related="membership_id.partner_id", store=True, index=True
    )
    company_id = fields.Many2one(
        related="membership_id.company_id", store=True, index=True
    )
    manager_id = fields.Many2one(related="membership_id.manager_id")
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    amount = fields.Monetary(
        required=True,
        tracking=True,
        help="Above zero: the partner gets it. Below: it is taken back.",
    )
    kind = fields.Selection(KINDS, required=True, default="correction", tracking=True)
    reason = fields.Text(
        required=True, help="The partner reads it with the entry. Say what and why."
    )
    entry_id = fields.Many2one(
        "partner.commission.entry",
        "Corrected Entry",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('membership_id', '=', membership_id)]",
    )
    dispute_id = fields.Many2one(
        "partner.commission.dispute",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="What the partner objected to.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("requested", "To Approve"),
            ("approved", "Approved"),
            ("refused", "Refused"),
        ],
        required=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    requested_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    date_requested = fields.Date(readonly=True, copy=False)
    decided_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    date_decided = fields.Date(readonly=True, copy=False)
    booked_entry_ids = fields.One2many(
        "partner.commission.entry", "adjustment_id", "Entries", readonly=True
    )

    _amount_given = models.Constraint(
        "CHECK (amount <> 0)", "An adjustment of nothing changes nothing."
    )
    _two_persons = models.Constraint(
        "CHECK (state <> 'approved' OR (decided_by_id IS NOT NULL "
        "AND requested_by_id IS NOT NULL AND decided_by_id <> requested_by_id))",
        "An adjustment is approved by another person than the one who asked.",
    )

    @api.depends("membership_id")
    def _compute_currency_id(self):
        for adjustment in self:
            adjustment.currency_id = (
                adjustment.entry_id.currency_id
                or adjustment.company_id.currency_id
                or self.env.company.currency_id
            )

    @api.depends("partner_id.name", "amount")
    def _compute_display_name(self):
        for adjustment in self:
            amount = adjustment.currency_id.format(adjustment.amount)
            adjustment.display_name = f"{adjustment.partner_id.name or ''} {amount}"

    @api.constrains("entry_id", "dispute_id", "membership_id", "currency_id")
    def _check_entry(self):
        for adjustment in self.filtered(lambda a: a.entry_id or a.dispute_id):
            # sudo: an entry counts whoever may see it
            entry = adjustment.sudo().entry_id
            disputed = adjustment.sudo().dispute_id.entry_id or entry
            if entry != disputed or (entry.membership_id, entry.currency_id) != (
                adjustment.membership_id,
                adjustment.currency_id,
            ):
                raise UserError(
                    self.env._(
                        "Corrected Entry: choose an entry of the same partner and "
                        "currency."
                    )
                )

    # === CRUD === #

    def write(self, vals):
        if CONTENT & vals.keys():
            fixed = self.filtered(lambda each: each.state != "draft")[:1]
            if fixed:
                raise UserError(
                    self.env._(
                        "“%(adjustment)s” has been asked for and stays as it is. "
                        "Have it refused and ask anew.",
                        adjustment=fixed.display_name,
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_requested(self):
        if any(adjustment.state != "draft" for adjustment in self):
            raise UserError(
                self.env._("Only drafts can be deleted; what was asked for stays.")
            )

    # === ACTIONS === #

    def action_request(self):
        """Ask somebody else to approve."""
        self.check_access("write")
        self._move_on_day(
            "requested", _STATES, "date_requested", requested_by_id=self.env.uid
        )

    def action_approve(self):
        """Approve what somebody else asked for, and book it.

        :raise AccessError: not a head of channel, or the one who asked
        """
        self._check_approver()
        self._check_other_person()
        moved = self._decide("approved")
        moved._book()
        moved._tell_dispute()

    def action_refuse(self):
        """Refuse; nothing is booked, a dispute behind it stays open."""
        self._check_approver()
        self._decide("refused")

    def _decide(self, target):
        """Move to a decision of the current user; return those that moved."""
        return self._move_on_day(
            target, _STATES, "date_decided", decided_by_id=self.env.uid
        )

    def _check_approver(self):
        """Refuse people who do not decide about money."""
        self.check_access("write")
        if not self.env.user.has_group("partner_channel.group_channel_head"):
            raise AccessError(
                self.env._("Adjustments are decided on by the head of channel.")
            )

    def _check_other_person(self):
        """Refuse that one person asks and approves.

        :raise AccessError: naming the first adjustment of one's own
        """
        own = self.filtered(
            lambda each: (
                self.env.user in (each.requested_by_id | each.create_uid)
                and each.state == "requested"
            )
        )[:1]
        if own:
            raise AccessError(
                self.env._(
                    "You asked for “%(adjustment)s” yourself: another person has to "
                    "approve it.",
                    adjustment=own.display_name,
                )
            )
