from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

EXTENSION_MOVES = {
    "granted": {"pending"},
    "refused": {"pending"},
    # the registration ended or was handed on before anybody decided
    "cancelled": {"pending"},
}


class PartnerRegistrationExtension(models.Model):
    """A partner's wish that the protection of a deal lasts longer."""

    _name = "partner.registration.extension"
    _description = "Extension of a Registration"
    _inherit = ["channel.state.mixin"]
    _order = "date_asked desc, id desc"
    _rec_name = "lead_id"
    _state_fields = (
        "state",
        "lead_id",
        "membership_id",
        "date_asked",
        "asked_by_id",
        "date_decided",
        "decided_by_id",
        "date_end_before",
        "date_end_after",
    )

    lead_id = fields.Many2one(
        "crm.lead", "Registration", required=True, index=True, ondelete="cascade"
    )
    membership_id = fields.Many2one(
        "partner.membership", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="membership_id.company_id", store=True, index=True
    )
    state = fields.Selection(
        [
            ("pending", "To Decide"),
            ("granted", "Granted"),
            ("refused", "Refused"),
            ("cancelled", "No Longer Needed"),
        ],
        "Status",
        required=True,
        default="pending",
    )
    proof = fields.Text(
        "Proof of Activity",
        required=True,
        readonly=True,
        help="What the partner has done on the deal.",
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Files", readonly=True)
    days = fields.Integer(required=True, help="Days added to the protection.")
    reason = fields.Text(
        "Reason of Refusal", help="The partner reads this when it is refused."
    )
    date_asked = fields.Datetime("Asked On", required=True, readonly=True)
    asked_by_id = fields.Many2one("res.partner", readonly=True)
    date_decided = fields.Datetime("Decided On", readonly=True)
    decided_by_id = fields.Many2one("res.users", readonly=True)
    date_end_before = fields.Date("Protected Until", readonly=True)
    date_end_after = fields.Date("Extended Until", readonly=True)

    _pending_uniq = models.UniqueIndex(
        "(lead_id) WHERE state = 'pending'",
        "An extension of this deal is asked for already; wait for the decision.",
    )
    _days_positive = models.Constraint(
        "CHECK (days > 0)", "An extension takes at least one day."
    )

    def write(self, vals):
        if {"days", "reason"} & vals.keys() and not self._is_state_move():
            decided = self.filtered(lambda extension: extension.state != "pending")
            if decided:
                raise UserError(
                    self.env._(
                        "The extension of “%(deal)s” is decided and stays as it is.",
                        deal=decided[0].display_name,
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Extensions stay as proof of what was decided."))

    def _check_may_decide(self):
        """Refuse decisions to anybody who does not decide the registration.

        :raise AccessError: see ``crm.lead._check_may_decide``
        """
        self.check_access("write")
        self.lead_id._check_may_decide()

    def action_grant(self):
        """Extend the protection by the days of the request."""
        self._check_may_decide()
        for extension in self:
            extension._grant()

    def action_refuse(self):
        """Refuse, with the reason written on the request."""
        self._check_may_decide()
        for extension in self:
            extension._refuse()

    def _grant(self):
        """Lengthen protection and claims; the database decides on overlaps.

        :raise UserError: another registration holds the customer after the old end
        """
        self.ensure_one()
        if not self._move_to(
            "state", "granted", EXTENSION_MOVES, **self._prepare_decision()
        ):
            return
        lead = self.lead_id
        before = lead.date_protection_end
        # a late decision takes no day away from the partner
        today = lead.program_id._get_today()
        after = max(before, today) + timedelta(days=self.days)
        self._set_protected({"date_end_before": before, "date_end_after": after})
        lead._extend_protection(after)
        lead._log_extension("extended", self)
        lead._notify_registrant(
            lambda deal: deal.env._(
                "Extended: the deal is protected until %(date)s.",
                date=format_date(deal.env, after),
            )
        )

    def _refuse(self):
        self.ensure_one()
        reason = (self.reason or "").strip()
        if not reason:
            raise UserError(
                self.env._(
                    "Write the reason of refusal for “%(deal)s”: the partner reads it.",
                    deal=self.display_name,
                )
            )
        if not self._move_to(
            "state", "refused", EXTENSION_MOVES, **self._prepare_decision()
        ):
            return
        self.lead_id._end_waiting()
        self.lead_id._log_extension("extension_refused", self, reason)
        self.lead_id._notify_registrant(
            lambda deal: deal.env._(
                "The extension was refused: %(reason)s", reason=reason
            )
        )

    def _prepare_decision(self):
        return {
            "date_decided": fields.Datetime.now(),
            "decided_by_id": self.env.uid,
        }

    def _cancel(self):
        """End requests nobody has to decide any more."""
        pending = self.filtered(lambda extension: extension.state == "pending")
        pending._move_to("state", "cancelled", EXTENSION_MOVES)
        pending.lead_id._end_waiting()
