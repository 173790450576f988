from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .deal_registration_mixin import INTERNAL


class DealOutcomeMixin(models.AbstractModel):
    """What holds at the end of a deal: a reason when lost, the attribution when won."""

    _name = "deal.outcome.mixin"
    _description = "Outcome of a Registered Deal"

    date_attribution_frozen = fields.Datetime(
        "Attribution Frozen On",
        readonly=True,
        copy=False,
        groups=INTERNAL,
        help="Set when the deal is won; it stays when the deal is opened again.",
    )

    def action_set_lost(self, **additional_values):
        """Write the reason first: a registered deal is not lost without one."""
        reason = additional_values.get("lost_reason_id")
        if reason:
            self.write({"lost_reason_id": reason})
        return super().action_set_lost(**additional_values)

    def _approve_registration(self, date=None):
        """Take over how an opportunity ended before its registration was decided.

        :raise UserError: the opportunity is lost
        """
        lost = self.filtered(lambda lead: lead.won_status == "lost")[:1]
        if lost and lost.registration_state == "submitted":
            raise UserError(
                self.env._(
                    "“%(deal)s” is lost in the pipeline: restore it there before you "
                    "approve it, or reject it.",
                    deal=lost.display_name,
                )
            )
        moved = super()._approve_registration(date)
        moved.filtered(lambda lead: lead.won_status == "won")._close_registrations(
            "won", date
        )
        return moved

    def _close_registrations(self, target, date=None):
        if target == "lost":
            self._check_lost_reason()
        moved = super()._close_registrations(target, date)
        if target == "won":
            moved._set_protected(
                {"date_attribution_frozen": date or fields.Datetime.now()}
            )
            moved._record_customers()
        return moved

    def _check_lost_reason(self):
        """Refuse to lose a protected deal without saying why.

        :raise UserError: naming the deal
        """
        for lead in self.filtered(lambda x: x.registration_state == "approved"):
            if not lead.lost_reason_id:
                raise UserError(
                    self.env._(
                        "“%(deal)s” is registered by a partner: choose the lost reason "
                        "to close it as lost.",
                        deal=lead.display_name,
                    )
                )

    # === ATTRIBUTION === #

    def _is_attribution_frozen(self):
        """Return whether who has which part in the deal is settled."""
        self.ensure_one()
        # sudo: a rule of the deal, whoever asks
        lead = self.sudo()
        return bool(lead.registration_state == "won" or lead.date_attribution_frozen)

    def _correct_attribution(self, commands, reason):
        """Change the attribution of a won deal, by the head of channel.

        :param list commands: of ``deal_role_ids``
        :param str reason: why; goes to the log
        :raise AccessError: for anybody below the head of channel
        :raise UserError: no reason
        """
        self.ensure_one()
        is_head = self.env.user.has_group("partner_channel.group_channel_head")
        if not is_head:
            raise AccessError(
                self.env._("Only the head of channel corrects a won deal.")
            )
        self.check_access("write")
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the attribution is corrected."))
        before = self._get_attribution_text()
        self._with_attribution_open().write({"deal_role_ids": commands})
        self.env["partner.registration.log"]._append(
            self,
            "attributed",
            note=self.env._(
                "%(before)s → %(after)s: %(reason)s",
                before=before,
                after=self._get_attribution_text(),
                reason=reason.strip(),
            ),
        )

    def _get_attribution_text(self):
        """Return who has which part in the deal, in words."""
        self.ensure_one()
        labels = dict(
            self.deal_role_ids._fields["role"]._description_selection(self.env)
        )
        parts = (
            f"{role.membership_id.display_name}, {labels[role.role]} {role.share:g} %"
            for role in self.deal_role_ids
        )
        return "; ".join(parts) or self.env._("nobody")
