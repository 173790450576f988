from odoo import api, models
from odoo.exceptions import UserError


class CrmLead(models.Model):
    """Glue: a lead that may be a partner's registration."""

    _name = "crm.lead"
    # the mixins stand before the model they extend: their methods call super()
    # into Odoo's own, which do not call further
    _inherit = [
        "deal.portal.guard.mixin",
        "deal.decision.mixin",
        "deal.registration.mixin",
        "channel.state.mixin",
        "crm.lead",
    ]
    _state_fields = (
        "registration_state",
        "membership_id",
        "date_submitted",
        "date_decision_due",
        "date_decision",
        "date_protection_end",
        "registration_reason",
        "registration_remark",
    )

    def _handle_won_lost(self, old_status_by_lead, new_status_by_lead):
        result = super()._handle_won_lost(old_status_by_lead, new_status_by_lead)
        registered = self.filtered("registration_state")
        for target in ("won", "lost"):
            key = f"is_{target}"
            reached = registered.filtered(
                lambda lead, key=key: (
                    new_status_by_lead.get(lead.id, {}).get(key)
                    and not old_status_by_lead.get(lead.id, {}).get(key)
                )
            )
            left = registered.filtered(
                lambda lead, key=key: (
                    old_status_by_lead.get(lead.id, {}).get(key)
                    and not new_status_by_lead.get(lead.id, {}).get(key)
                )
            )
            reached._close_registrations(target)
            (left - reached)._reopen_registrations()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_registered(self):
        """A submitted registration is evidence, also for a merge."""
        for lead in self:
            if lead.registration_state not in (False, "draft"):
                raise UserError(
                    self.env._(
                        "“%(deal)s” is a registration and stays as proof: reject or "
                        "withdraw it, and archive the lead. To merge, keep this one as "
                        "the result.",
                        deal=lead.display_name,
                    )
                )
