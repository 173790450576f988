from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# what a hold may become, and from where
_STATES = {"released": {"held"}, "ended": {"held"}}
REASONS = [
    ("suspended", "The partner is suspended"),
    ("overdue", "The partner's own invoices are overdue"),
]
_BATCH_SIZE = 100


class PartnerCommissionHold(models.Model):
    """Keeps what a partner earns on a document from becoming payable, for a reason.

    *How it works*: while a hold is there, ``_sync_commission`` appends nothing to the
    payable book of the document and partner, so what is held is what has been earned
    and is not payable yet. What has to be taken back is taken back all the same. A
    hold ends by itself when its reason does, or is released by a person who says
    why; the next sync then appends what is missing.
    """

    _name = "partner.commission.hold"
    _description = "Commission on Hold"
    _inherit = ["commission.day.mixin", "channel.state.mixin", "channel.job.mixin"]
    _order = "id desc"
    _rec_name = "move_id"
    _allow_sudo_commands = False
    _state_fields = (
        "state",
        "move_id",
        "company_id",
        "membership_id",
        "reason",
        "date_held",
        "date_checked",
        "date_released",
        "released_by_id",
    )

    move_id = fields.Many2one(
        "account.move", "Invoice", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="move_id.company_id", store=True, index=True)
    membership_id = fields.Many2one(
        "partner.membership",
        "Partner",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    reason = fields.Selection(REASONS, required=True, readonly=True)
    state = fields.Selection(
        [
            ("held", "On Hold"),
            ("released", "Released"),
            ("ended", "Reason Is Gone"),
        ],
        required=True,
        readonly=True,
        default="held",
    )
    date_held = fields.Date("Held Since", required=True, readonly=True)
    date_checked = fields.Date(readonly=True)
    date_released = fields.Date("Released On", readonly=True)
    released_by_id = fields.Many2one("res.users", readonly=True)
    release_note = fields.Char(
        "Why Released", help="The reason for paying in spite of it; kept for good."
    )

    _hold_uniq = models.UniqueIndex(
        "(move_id, membership_id, reason)",
        "This is on hold for the same reason already.",
    )
    _held_idx = models.Index("(date_checked, id) WHERE state = 'held'")

    # === ACTIONS === #

    def action_release(self):
        """Let the amounts become payable in spite of the reason.

        :raise UserError: it is not said why
        """
        self.check_access("write")
        for hold in self:
            if not (hold.release_note or "").strip():
                raise UserError(
                    self.env._(
                        "“%(document)s”: say under “Why Released” why it is paid in "
                        "spite of the hold.",
                        document=hold.move_id.display_name,
                    )
                )
        self._move_on_day(
            "released", _STATES, "date_released", released_by_id=self.env.user.id
        )
        # sudo: who may release need not see every invoice
        self.sudo().move_id._sync_commission()

    def write(self, vals):
        if "release_note" in vals and any(hold.state != "held" for hold in self):
            raise UserError(
                self.env._("What is released stays as it was written down.")
            )
        return super().write(vals)

    # === BUSINESS METHODS === #

    @api.model
    def _filter_free(self, wanted):
        """Return which amounts may become payable, and keep the holds up to date.

        :param dict wanted: ``{(move_id, membership_id): reasons the rules ask for}``
        :return: set of the keys nothing holds
        """
        members = self.env["partner.membership"].browse({key[1] for key in wanted})
        codes = set().union(*wanted.values())
        reasons = members._get_hold_reasons(codes)
        known = self._read_known(wanted)
        free, values = set(), []
        for key, asked in wanted.items():
            present = asked & reasons.get(key[1], set())
            held = {code for code in present if known.get((*key, code)) != "released"}
            if not held:
                free.add(key)
            values += [
                {"move_id": key[0], "membership_id": key[1], "reason": code}
                for code in held
                if (*key, code) not in known
            ]
        self._renew(known, wanted, reasons)
        moves = self.env["account.move"].browse({key[0] for key in wanted})
        days = {move.id: move.company_id._get_channel_today() for move in moves}
        self._with_state_move().create(
            [{**vals, "date_held": days[vals["move_id"]]} for vals in values]
        )
        return free

    def _renew(self, known, wanted, reasons):
        """End the holds whose reason is gone, and renew ended ones that are back."""
        ended, back = [], []
        for (move_id, member_id, code), state in known.items():
            asked = wanted.get((move_id, member_id), ())
            present = code in asked and code in reasons.get(member_id, ())
            if state == "held" and not present:
                ended.append((move_id, member_id, code))
            elif state == "ended" and present:
                back.append((move_id, member_id, code))
        for keys, state in ((ended, "ended"), (back, "held")):
            holds = self._find(keys)
            if holds:
                holds._set_protected({"state": state})

    @api.model
    def _find(self, keys):
        """Return the holds of keys (move, membership, reason)."""
        holds = self.search(
            [
                ("move_id", "in", [key[0] for key in keys]),
                ("membership_id", "in", [key[1] for key in keys]),
            ]
        )
        wanted = set(keys)
        return holds.filtered(
            lambda hold: (hold.move_id.id, hold.membership_id.id, hold.reason) in wanted
        )

    @api.model
    def _read_known(self, wanted):
        """Return ``{(move_id, membership_id, reason): state}`` of known holds."""
        holds = self.search_fetch(
            [
                ("move_id", "in", [key[0] for key in wanted]),
                ("membership_id", "in", [key[1] for key in wanted]),
            ],
            ["move_id", "membership_id", "reason", "state"],
        )
        return {
            (hold.move_id.id, hold.membership_id.id, hold.reason): hold.state
            for hold in holds
            if (hold.move_id.id, hold.membership_id.id) in wanted
        }

    @api.model
    def _cron_review_holds(self):
        """Look every night whether the reasons are still there."""

        def work(holds):
            for company, own in holds.grouped("company_id").items():
                own._set_protected({"date_checked": company._get_channel_today()})
            holds.move_id._sync_commission(skip_locked=True)

        past = self.env["partner.program"]._get_past_domain("date_checked")
        due = past | Domain("date_checked", "=", False)
        self._run_batches(Domain("state", "=", "held") & due, _BATCH_SIZE, work)
