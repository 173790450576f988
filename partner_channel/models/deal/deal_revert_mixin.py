from odoo import fields, models
from odoo.exceptions import UserError

#: A decision is taken back by a person with a reason, and only here: this is no move
#: that submitting again could make, so it stands apart from ``REGISTRATION_MOVES``.
REVERT_MOVES = {"submitted": {"approved", "rejected", "expired", "withdrawn"}}


class DealRevertMixin(models.AbstractModel):
    """Takes a wrong decision back: the registration is decided again."""

    _name = "deal.revert.mixin"
    _description = "Reverted Decisions"

    def _revert_decision(self, reason):
        """Put registrations back to where they are decided.

        When they were submitted stays as it is: who asked first keeps the place.

        :param str reason: why the decision was wrong; goes to the log
        :raise UserError: no reason, a draft, or the vendor has invoiced the deal
        """
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the decision is taken back."))
        for lead in self:
            if lead.registration_state == "submitted":
                continue
            lead._check_may_revert()
            lead._ask_again("reverted", reason.strip())
            lead._notify_registrant(
                lambda deal: deal.env._(
                    "The decision was taken back; we look at the deal again."
                )
            )

    def _check_may_revert(self):
        self.ensure_one()
        if not self.date_submitted:
            raise UserError(
                self.env._(
                    "“%(deal)s” was never submitted: no decision to take back.",
                    deal=self.display_name,
                )
            )
        if self._has_posted_invoice():
            raise UserError(
                self.env._(
                    "“%(deal)s” is invoiced: the decision stands.",
                    deal=self.display_name,
                )
            )
        if self.date_attribution_frozen:
            raise UserError(
                self.env._(
                    "“%(deal)s” was won: the decision stands.", deal=self.display_name
                )
            )

    def _ask_again(self, event, note=None):
        """Move an ended registration to where it is decided, and log it.

        :param str event: what the log calls it
        """
        self.ensure_one()
        self.membership_id._check_may_register()
        was_approved = self.registration_state == "approved"
        self._move_to(
            "registration_state",
            "submitted",
            REVERT_MOVES,
            **self._prepare_deadlines(fields.Datetime.now()),
            date_decision=False,
            date_protection_end=False,
            registration_reason=False,
            registration_remark=False,
            runner_up_lead_id=False,
            reminder_level=0,
            date_update_due=False,
            date_update_overdue=False,
        )
        # sudo: claims, roles and requests are nobody's to write
        lead = self.sudo()
        lead._write_claims()
        if was_approved:
            lead._undo_approval()
        self.env["partner.registration.log"]._append(self, event, note=note)
        self._open_approval_steps()
        self._schedule_decision()

    def _undo_approval(self):
        """Take back what the approval brought with it."""
        self.ensure_one()
        self.extension_ids._cancel()
        self.deal_role_ids.filtered(
            lambda role: role.membership_id == self.membership_id
        ).unlink()
        if not self.order_ids:
            self.type = "lead"
